"""Checks of a repository where a caller names it: the addresses of its host, and the credential it is read with."""

import structlog

from services.gateway.api.calls import Call
from services.gateway.course.commands import Inputs
from services.gateway.credentials.store import find_credential
from services.gateway.stages.addresses import check_address
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.refusals import Refused, invalid
from shared.sources.address import SourceAddress, check_addresses

log = structlog.get_logger(__name__)


async def check_source(call: Call, inputs: Inputs) -> SourceAddress | None:
    """The address of the repository that a stage is asked for with; None for a stage that takes no repository.

    Raises Refused for a name that points inward and for a credential of another host, and NotFound for a credential
    that is not there or somebody else's. The stage looks the name up again and pins the address: it may change.
    """
    if "repo_url" not in inputs:
        return None
    address = check_address(inputs["repo_url"], call.services.settings)
    if address.kind != "local" and address.authority not in call.services.settings.inward_repository_hosts:
        await _require_outside(call, address)
    if (credential_id := inputs.get("credential_id")) is not None:
        await _require_fitting(call, address, credential_id)
    return address


async def _require_outside(call: Call, address: SourceAddress) -> None:
    """A name that cannot be looked up now, or does not exist, is for the stage to tell."""
    try:
        found = await call.services.lookup.addresses(address.host, address.port)
    except (OSError, UnicodeError) as error:
        log.info("host_not_looked_up", error=type(error).__name__)
        return
    try:
        check_addresses(address.host, found)
    except PermanentError as error:
        raise Refused(invalid("/repo_url", error.message, error.code)) from error


async def _require_fitting(call: Call, address: SourceAddress, credential_id: str) -> None:
    async with call.services.engine.connect() as connection:
        found = await find_credential(connection, call.owner, credential_id)
    if found is None:
        raise NotFound("There is no such credential", code="credential_not_found")
    if address.kind != "https":
        detail = "A credential is only ever sent over https"
        raise Refused(invalid("/credential_id", detail, "credential_not_sent"))
    if found.host != address.authority:
        detail = f"The credential is for {found.host}, and is not sent to {address.authority}"
        raise Refused(invalid("/credential_id", detail, "credential_of_another_host"))

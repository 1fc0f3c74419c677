"""Credentials of private repositories: `/api/credentials`. A token goes in and never comes out."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.gateway.api.calls import Call, Changing, Reading
from services.gateway.api.kept import CREATED, ID, TAGGED, Kept
from services.gateway.api.problems import problems
from services.gateway.api.schemas.credentials import CreateCredentialBody, CredentialView, UpdateCredentialBody
from services.gateway.api.strict_json import StrictRoute
from services.gateway.credentials import store
from services.gateway.credentials.kinds import USERNAMES, kind_of
from services.gateway.stages.addresses import check_address
from shared.kernel.errors import PermanentError
from shared.kernel.ids import new_id
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.sources.credentials import CredentialAsked
from shared.sources.sealed_tokens import SealingKey

router = APIRouter(prefix="/api/credentials", tags=["credentials"], route_class=StrictRoute)

CredentialId = Annotated[str, Path(pattern=ID, description="The credential's id")]
_KEPT = Kept(
    "credential", CredentialView, router, store.find_credential, store.list_credentials, store.delete_credential
)  # fmt: skip

_REFUSALS = {
    "name_taken": "You have a credential of this name. Give it another token, or choose another name.",
    "too_many_credentials": (
        f"You have {store.MOST_CREDENTIALS} credentials, which is the most there can be. Delete one first."
    ),
}


@router.post(
    "", status_code=201, summary="Keep a token for private repositories of a host", response_model=CredentialView,
    responses={**problems(409, 413), **CREATED},
)  # fmt: skip
async def create_credential(body: CreateCredentialBody, call: Reading) -> Response:
    """The token is sealed at once, with a key that opens nothing, and is in no answer, event or log."""
    host = _host(body.host, call)
    kind = body.kind or kind_of(host)
    key, asked = _sealing_key(call), CredentialAsked(owner=call.owner, credential_id=new_id(), host=host)
    values = {
        "credential_id": asked.credential_id, "owner": call.owner, "name": body.name, "host": host, "kind": kind,
        "username": body.username or USERNAMES[kind], "key_id": key.id,
        "sealed": key.seal(body.token.get_secret_value(), asked),
    }  # fmt: skip
    async with call.services.engine.begin() as connection:
        if code := await store.create_credential(connection, values):
            raise Refused(Refusal(409, code, _REFUSALS[code]))
        made = await store.find_credential(connection, call.owner, asked.credential_id)
    return _KEPT.answer(made, call, 201)


@router.patch(
    "/{credential_id}", summary="Give a credential another token", response_model=CredentialView,
    responses={**problems(404, 412, 413), **TAGGED},
)  # fmt: skip
async def update_credential(credential_id: CredentialId, body: UpdateCredentialBody, call: Changing) -> Response:
    """Put another token in its place. Runs that failed for the old one can then be tried again."""
    key = _sealing_key(call)
    async with call.services.engine.begin() as connection:
        row = await _KEPT.found(connection, call, credential_id)
        asked = CredentialAsked(owner=call.owner, credential_id=credential_id, host=row.host)
        sealed = key.seal(body.token.get_secret_value(), asked)
        await store.replace_token(connection, call.owner, credential_id, key.id, sealed)
        return _KEPT.answer(await store.find_credential(connection, call.owner, credential_id), call)


_KEPT.add_routes()


def _sealing_key(call: Call) -> SealingKey:
    if call.services.sealing_key is None:
        message = "This server keeps no tokens yet: its operator has to set CREDENTIAL_SEALING_KEY"
        raise PermanentError(message, code="credentials_not_configured")
    return call.services.sealing_key


def _host(text: str, call: Call) -> str:
    """The host as addresses of repositories name it. Raises Refused for one that no repository may lie on."""
    if "/" in text or "@" in text:
        raise Refused(invalid("/host", "Give the name of a host alone, such as github.com", "invalid_host"))
    try:
        return check_address(f"https://{text}/a/b", call.services.settings).authority
    except Refused as error:
        raise Refused(invalid("/host", error.refusal.detail, "invalid_host")) from error

"""Credentials of private repositories: `/api/credentials`. A token goes in and never comes out."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from services.gateway.api.calls import Call, Reading
from services.gateway.api.problems import problems
from services.gateway.api.schemas.credentials import CreateCredentialBody, CredentialView, UpdateCredentialBody
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.refusals import Refusal, Refused, invalid
from services.gateway.credentials import store
from services.gateway.credentials.kinds import USERNAMES, kind_of
from services.gateway.stages.addresses import check_address
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.ids import new_id
from shared.sources.credentials import CredentialAsked
from shared.sources.sealed_tokens import SealingKey

router = APIRouter(prefix="/api/credentials", tags=["credentials"], route_class=StrictRoute)

CredentialId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The credential's id")]

_REFUSALS = {
    "name_taken": "You have a credential of this name. Give it another token, or choose another name.",
    "too_many_credentials": (
        f"You have {store.MOST_CREDENTIALS} credentials, which is the most there can be. Delete one first."
    ),
}


@router.post(
    "", status_code=201, operation_id="createCredential", summary="Keep a token for private repositories of a host",
    response_model=CredentialView,
    responses={
        **problems(409, 413),
        201: {"headers": {"Location": {"schema": {"type": "string"}, "description": "the credential"}}},
    },
)  # fmt: skip
async def create_credential(body: CreateCredentialBody, call: Reading, response: Response) -> Any:
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
    response.headers["Location"] = f"{router.prefix}/{asked.credential_id}"
    return made


@router.get(
    "", operation_id="listCredentials", summary="List your credentials", response_model=list[CredentialView],
    responses=problems(),
)  # fmt: skip
async def list_credentials(call: Reading) -> Any:
    """Oldest first."""
    async with call.services.engine.connect() as connection:
        return await store.list_credentials(connection, call.owner)


@router.get(
    "/{credential_id}", operation_id="getCredential", summary="Get a credential", response_model=CredentialView,
    responses=problems(404),
)  # fmt: skip
async def get_credential(credential_id: CredentialId, call: Reading) -> Any:
    """One of yours, without its token."""
    async with call.services.engine.connect() as connection:
        return _found(await store.find_credential(connection, call.owner, credential_id))


@router.patch(
    "/{credential_id}", operation_id="updateCredential", summary="Give a credential another token",
    response_model=CredentialView, responses=problems(404, 413),
)  # fmt: skip
async def update_credential(credential_id: CredentialId, body: UpdateCredentialBody, call: Reading) -> Any:
    """Put another token in its place. Runs that failed for the old one can then be tried again."""
    key = _sealing_key(call)
    async with call.services.engine.begin() as connection:
        row = _found(await store.find_credential(connection, call.owner, credential_id))
        asked = CredentialAsked(owner=call.owner, credential_id=credential_id, host=row.host)
        sealed = key.seal(body.token.get_secret_value(), asked)
        await store.replace_token(connection, call.owner, credential_id, key.id, sealed)
        return _found(await store.find_credential(connection, call.owner, credential_id))


@router.delete(
    "/{credential_id}", status_code=204, operation_id="deleteCredential", summary="Delete a credential",
    responses=problems(404),
)  # fmt: skip
async def delete_credential(credential_id: CredentialId, call: Reading) -> Response:
    """Delete a credential and its token. Courses made with it stay; their next clone needs another credential."""
    async with call.services.engine.begin() as connection:
        if not await store.delete_credential(connection, call.owner, credential_id):
            raise _none()
    return Response(status_code=204)


def _found(row: Any) -> Any:
    if row is None:
        raise _none()
    return row


def _none() -> NotFound:
    return NotFound("There is no such credential", code="credential_not_found")


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

"""How a stage asks the gateway for a credential of a private repository. Tokens in it are sealed: see sealed_tokens."""

from pydantic import Base64Bytes, BaseModel

OPEN = "credentials.open"
REVOKED = "credentials.revoked"  # a host refuses the token


class CredentialAsked(BaseModel):
    """The question of a stage: a credential of an owner, for a host."""

    owner: str
    credential_id: str
    host: str


class CredentialAnswer(BaseModel):
    """The answer of the gateway: what was sealed, or why there is nothing."""

    username: str = ""
    key_id: str = ""
    sealed: Base64Bytes = b""
    error: str = ""
    message: str = ""

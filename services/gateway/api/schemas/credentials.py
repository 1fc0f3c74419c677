"""Shapes of credentials. No answer holds a token."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from services.gateway.course.shapes import Body, Title, View
from services.gateway.credentials.kinds import Kind


def _visible(token: SecretStr) -> SecretStr:
    text = token.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("Use visible ASCII characters without spaces and line breaks")
    return token


def _username(name: str) -> str:
    if not (name.isascii() and name.isprintable()) or " " in name or ":" in name:
        raise ValueError("Use visible ASCII characters without spaces and colons")
    return name


Token = Annotated[SecretStr, Field(min_length=1, max_length=4096), AfterValidator(_visible)]
Username = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_username)]


class CreateCredentialBody(Body):
    """A token, and the one host it is sent to."""

    name: Title = Field(description="to tell it from your others")
    host: str = Field(
        min_length=1, max_length=255, description="the host's name, with :port where it is not 443, as in its address"
    )
    kind: Kind | None = Field(default=None, description="what kind of host it is; null: by its name")
    username: Username | None = Field(default=None, description="sent beside the token; null: what the kind wants")
    token: Token


class UpdateCredentialBody(Body):
    """Another token in its place: the old one was revoked, or has expired."""

    token: Token


class CredentialView(View):
    """A credential. Its token is not shown."""

    credential_id: str
    name: str
    host: str
    kind: Kind
    username: str
    key_id: str = Field(description="the key that the token is sealed with")
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None = Field(description="since when the host refuses the token; null if it does not")

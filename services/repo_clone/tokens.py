"""The token of a private repository: the gateway has it sealed, and this process asks for it and opens it."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from services.repo_clone.git_process import Secret
from shared.kernel.errors import PermanentError, TransientError
from shared.sources.credentials import OPEN, REVOKED, CredentialAnswer, CredentialAsked
from shared.sources.sealed_tokens import OpeningKeys
from shared.sources.secret_keys import parse_keys
from shared.stage.port import Ask


@dataclass(frozen=True)
class Tokens:
    """Opens tokens with the keys of a file, which is read each time: a new key needs no new start."""

    keys_file: Path | None = None

    async def find(self, ask: Ask, asked: CredentialAsked) -> Secret:
        """User name and token. Raises PermanentError for a credential that is not there, is of another owner or host,
        or cannot be opened, and TransientError when the gateway does not answer.
        """
        keys = self._keys()
        try:
            answer = CredentialAnswer.model_validate_json(await ask(OPEN, asked.model_dump_json().encode()))
        except ValidationError as error:
            raise TransientError("The gateway gave no readable answer", code="no_answer") from error
        if answer.error:
            raise PermanentError(answer.message, code=answer.error)
        return Secret(answer.username, keys.open(answer.key_id, answer.sealed, asked))

    async def tell_revoked(self, ask: Ask, asked: CredentialAsked) -> None:
        """Let the owner see that the host refuses the token."""
        await ask(REVOKED, asked.model_dump_json().encode())

    def _keys(self) -> OpeningKeys:
        if self.keys_file is None:
            raise PermanentError(
                "This installation cannot read private repositories: its operator has to set CREDENTIAL_KEYS_FILE",
                code="credentials_not_configured",
            )
        try:
            return OpeningKeys(parse_keys(self.keys_file.read_text(encoding="utf-8"), "CREDENTIAL_KEYS_FILE"))
        except (OSError, ValueError) as error:
            raise PermanentError(
                "The keys of private repositories cannot be read: look at CREDENTIAL_KEYS_FILE",
                code="credentials_not_configured",
            ) from error

"""Stage 1 asks for a sealed token at work and opens it; each way in which that fails says what to do."""

import base64
import json
from pathlib import Path

import pytest

from services.repo_clone.tokens import Tokens
from shared.kernel.errors import CoursewrightError, TransientError
from shared.sources.credentials import OPEN, REVOKED, CredentialAnswer, CredentialAsked
from shared.sources.sealed_tokens import OpeningKeys, new_private_key
from shared.stage.port import Ask, ask_nobody

ASKED = CredentialAsked(owner="ann", credential_id="c1", host="github.com")
OLD, NEW = OpeningKeys({"k1": new_private_key()}), OpeningKeys({"k2": new_private_key()})


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    """The newest key first."""
    both = {**NEW.keys, **OLD.keys}
    (tmp_path / "keys").write_text("\n".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in both.items()))
    return tmp_path / "keys"


def answering(answer: CredentialAnswer | bytes) -> tuple[Ask, list[tuple[str, object]]]:
    """A gateway that says this, and what it was asked."""
    asked: list[tuple[str, object]] = []

    async def ask(subject: str, question: bytes) -> bytes:
        asked.append((subject, json.loads(question)))
        return answer if isinstance(answer, bytes) else answer.model_dump_json().encode()

    return ask, asked


def sealed_by(keys: OpeningKeys, about: CredentialAsked = ASKED) -> CredentialAnswer:
    sealed = keys.sealing.seal("t0ken", about)
    return CredentialAnswer(username="x", key_id=keys.sealing.id, sealed=base64.b64encode(sealed))


@pytest.mark.parametrize("keys", [OLD, NEW], ids=["before the rotation", "after it"])
async def test_a_token_is_opened_with_the_key_that_sealed_it_and_shows_nowhere(
    keys: OpeningKeys, keys_file: Path
) -> None:
    ask, asked = answering(sealed_by(keys))
    secret = await Tokens(keys_file).find(ask, ASKED)
    assert (secret.username, secret.token) == ("x", "t0ken")
    assert "t0ken" not in repr(secret)
    assert asked == [(OPEN, ASKED.model_dump())]


@pytest.mark.parametrize(
    ("answer", "code", "transient"),
    [
        (CredentialAnswer(error="credential_not_found", message="It is gone"), "credential_not_found", False),
        (sealed_by(OLD, ASKED.model_copy(update={"host": "evil.example.org"})), "credential_lost", False),
        (sealed_by(OpeningKeys({"k9": new_private_key()})), "credential_lost", False),
        (b"what?", "no_answer", True),
    ],
)
async def test_an_answer_that_gives_no_token_says_why(
    answer: CredentialAnswer | bytes, code: str, transient: bool, keys_file: Path
) -> None:
    ask, _ = answering(answer)
    with pytest.raises(CoursewrightError) as caught:
        await Tokens(keys_file).find(ask, ASKED)
    assert (caught.value.code, caught.value.transient) == (code, transient)


async def test_without_an_answer_it_is_asked_again_later(keys_file: Path) -> None:
    with pytest.raises(TransientError):
        await Tokens(keys_file).find(ask_nobody, ASKED)


@pytest.mark.parametrize("text", [None, "k1:short", "k1"])
async def test_keys_that_cannot_be_read_are_the_operators_to_mend(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "keys").write_text(text)
    ask, asked = answering(sealed_by(OLD))
    with pytest.raises(CoursewrightError) as caught:
        await Tokens(tmp_path / "keys").find(ask, ASKED)
    assert caught.value.code == "credentials_not_configured"
    assert asked == []


async def test_the_gateway_is_told_of_a_refusal(keys_file: Path) -> None:
    ask, asked = answering(b"{}")
    await Tokens(keys_file).tell_revoked(ask, ASKED)
    assert asked == [(REVOKED, ASKED.model_dump())]

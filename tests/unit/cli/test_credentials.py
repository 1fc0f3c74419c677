"""A token of this machine: for its host alone, out of the environment, and never asked of a person."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from cli.credentials import TOKEN_VARIABLE, find_own, keep, take_token
from shared.kernel.errors import PermanentError
from shared.sources.address import SourceAddress

HERE = SourceAddress("https", "git.example.org", 443, "/a/b")


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """git's own helper with a file of credentials."""
    (tmp_path / "gitconfig").write_text(f'[credential]\n\thelper = store --file="{tmp_path / "store"}"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    return tmp_path / "store"


def test_a_token_leaves_the_environment() -> None:
    environment = {TOKEN_VARIABLE: " t0ken\n", "PATH": "/bin"}
    assert take_token(environment) == "t0ken"
    assert environment == {"PATH": "/bin"}
    assert take_token(environment) == ""


@pytest.mark.parametrize(
    ("address", "host", "is_taken"),
    [
        (HERE, "git.example.org", True),
        (HERE, "", False),
        (HERE, "example.org", False),
        (SourceAddress("https", "github.com", 443, "/a/b"), "", True),
        (SourceAddress("https", "git.example.org", 8443, "/a/b"), "git.example.org", False),
        (SourceAddress("http", "git.example.org", 80, "/a/b"), "git.example.org", False),
        (SourceAddress("local", "", 0, "/a/b"), "git.example.org", False),
    ],
)
def test_the_token_of_the_environment_is_for_one_host(address: SourceAddress, host: str, is_taken: bool) -> None:
    found = find_own(address, "t0ken", host, ask_git=False)
    assert (found is not None) == is_taken
    assert "t0ken" not in repr(found)


def test_git_gives_what_its_helper_has_for_the_host(stored: Path) -> None:
    stored.write_text("https://jane:t0ken@git.example.org\n")
    found = find_own(HERE, "", "", ask_git=True)
    assert found is not None
    assert (found.username, found.token, found.name) == ("jane", "t0ken", "git for jane@git.example.org")


def test_git_that_would_have_to_ask_gives_nothing(stored: Path) -> None:
    stored.write_text("https://jane:t0ken@other.example.org\n")
    with pytest.raises(PermanentError, match=r"git\.example\.org"):
        find_own(HERE, "", "", ask_git=True)


def test_a_name_that_is_there_gets_the_new_token_for_its_own_host_alone() -> None:
    there = {"name": "work", "host": "github.com", "credential_id": "k1"}
    client = Mock(**{"credentials.return_value": [there], "replace_token.return_value": there})
    assert keep(client, {**there, "token": "new"}) == there
    client.replace_token.assert_called_once_with("k1", "new")
    with pytest.raises(PermanentError, match=r"“work” is for github\.com"):
        keep(client, {**there, "host": "gitlab.com", "token": "new"})
    client.create_credential.assert_not_called()
    keep(client, other := {**there, "name": "home", "token": "new"})
    client.create_credential.assert_called_once_with(other)

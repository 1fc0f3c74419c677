"""The words of git become a message for users: nothing of git's own words, addresses or secrets in it."""

from dataclasses import replace

import pytest

from services.repo_clone.git_process import Remote, Secret
from services.repo_clone.sayings import explain
from shared.sources.address import https_form

REMOTE = Remote("https://git.example.org/a/b", "https", "git.example.org:443:192.0.2.7")
PRIVATE = replace(REMOTE, secret=Secret("x", "s3cret"))


@pytest.mark.parametrize(
    ("said", "code", "transient"),
    [
        (
            "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
            "repository_not_found",
            False,
        ),
        ("fatal: Authentication failed for 'https://x:s3cret@github.com/a/b/'", "repository_not_found", False),
        ("remote: Repository not found.\nfatal: repository 'https://h/a/' not found", "repository_not_found", False),
        (
            "fatal: unable to access 'https://h/a/': The requested URL returned error: 403",
            "repository_not_found",
            False,
        ),
        ("fatal: unable to access 'https://h/a/': The requested URL returned error: 301", "redirected", False),
        ("fatal: unable to update url base from redirection", "redirected", False),
        ("fatal: https://h/a/info/refs not valid: is this a git repository?", "repository_not_found", False),
        ("fatal: remote error: upload-pack: not our ref 1234", "ref_not_found", False),
        ("fatal: couldn't find remote ref refs/heads/x", "ref_not_found", False),
        ("error: index-pack died of signal 25", "repository_too_large", False),
        ("fatal: SSL certificate problem: self-signed certificate", "bad_certificate", False),
        (
            "error: object 12ab: hasDotgit: contains '.git'\nfatal: fsck error in packed object",
            "repository_unsafe",
            False,
        ),
        ("fatal: unable to access 'https://h/a/': The requested URL returned error: 503", "fetch_failed", True),
        ("fatal: unable to access 'https://h/a/': The requested URL returned error: 429", "fetch_failed", True),
        ("error: RPC failed; curl 28 Operation too slow", "fetch_failed", True),
        ("fatal: early EOF\nfatal: fetch-pack: invalid index-pack output", "fetch_failed", True),
        ("", "fetch_failed", True),
    ],
)
def test_each_saying_has_its_code_and_knows_whether_to_try_again(said: str, code: str, transient: bool) -> None:
    error = explain(said, REMOTE)
    assert (error.code, error.transient) == (code, transient)
    assert "s3cret" not in error.message
    assert "fatal" not in error.message
    assert "192.0.2.7" not in error.message


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("fatal: Authentication failed for 'https://x:s3cret@github.com/a/b/'", "credential_refused"),
        ("fatal: unable to access 'https://h/a/': The requested URL returned error: 403", "credential_refused"),
        ("fatal: could not read Password for 'https://x@h': terminal prompts disabled", "credential_refused"),
        ("remote: Repository not found.\nfatal: repository 'https://h/a/' not found", "repository_not_found"),
        ("fatal: unable to access 'https://h/a/': The requested URL returned error: 503", "fetch_failed"),
    ],
)
def test_with_a_credential_the_message_says_whether_it_is_the_reason(said: str, code: str) -> None:
    error = explain(said, PRIVATE)
    assert error.code == code
    assert ("credential" in error.message) == (code != "fetch_failed")
    assert "s3cret" not in error.message + repr(PRIVATE)


def test_a_private_repository_without_a_credential_says_what_is_needed() -> None:
    said = "fatal: could not read Username for 'https://git.example.org': terminal prompts disabled"
    assert "needs a credential for git.example.org" in explain(said, REMOTE).message


@pytest.mark.parametrize(
    ("origin", "canonical"),
    [
        ("https://GitHub.com/A/b.git", "https://github.com/A/b"),
        ("https://user:token@github.com/a/b.git", "https://github.com/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("ssh://git@gitlab.com:2222/group/b.git", "https://gitlab.com/group/b"),
        ("ssh://git@gitlab.com/group/b", "https://gitlab.com/group/b"),
        ("/srv/git/b.git", ""),
        ("../b", ""),
        ("file:///srv/b", ""),
        ("https://10.0.0.1/a/b", ""),
        ("owner/repo", ""),
        ("", ""),
    ],
)
def test_a_local_repositorys_origin_is_named_in_its_public_form(origin: str, canonical: str) -> None:
    assert https_form(origin) == canonical

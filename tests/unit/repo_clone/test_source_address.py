"""Which repository addresses are taken, and what each bad one is told."""

import pytest

from shared.kernel.errors import PermanentError
from shared.sources.address import AddressRefused, check_addresses, parse_address


@pytest.mark.parametrize(
    ("text", "canonical", "name"),
    [
        ("pallets/click", "https://github.com/pallets/click", "click"),
        ("https://github.com/pallets/click", "https://github.com/pallets/click", "click"),
        ("https://GitHub.com/Pallets/Click.git/", "https://github.com/Pallets/Click", "Click"),
        ("https://gitlab.com/group/sub/project.git", "https://gitlab.com/group/sub/project", "project"),
        ("https://git.sr.ht/~someone/thing", "https://git.sr.ht/~someone/thing", "thing"),
        ("https://example.org:8443/a/b", "https://example.org:8443/a/b", "b"),
        ("https://example.org:443/a/b", "https://example.org/a/b", "b"),
        ("https://gitlab.com/group/sub/src", "https://gitlab.com/group/sub/src", "src"),
        ("https://[2606:50c0:8000::153]/a/b", "https://[2606:50c0:8000::153]/a/b", "b"),
    ],
)
def test_a_public_address_gets_its_canonical_form(text: str, canonical: str, name: str) -> None:
    address = parse_address(text, allow_local=False)
    assert (address.canonical, address.name) == (canonical, name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ext::sh -c touch% /tmp/pwn", "Remote helpers"),
        ("EXT::sh -c id", "Remote helpers"),
        ("--upload-pack=touch /tmp/pwn", "dash"),
        ("-u/tmp/helper", "dash"),
        ("--config=core.sshCommand=id", "dash"),
        ("https://github.com/a/b --template=/tmp/x", "characters"),
        ("file:///etc/passwd", "file://"),
        ("/etc", "local stack"),
        ("../../etc", "local stack"),
        ("git@github.com:a/b.git", "ssh"),
        ("ssh://-oProxyCommand=id/x", "ssh://"),
        ("git://127.0.0.1:6379/x", "git://"),
        ("http://github.com/a/b", "not encrypted"),
        ("https://localhost/x", "private network"),
        ("https://localhost./x", "private network"),
        ("https://127.0.0.1/x", "private network"),
        ("https://127.1/x", "private network"),
        ("https://2130706433/x", "private network"),
        ("https://0x7f000001/x", "private network"),
        ("https://0177.0.0.1/x", "private network"),
        ("https://0/x", "private network"),
        ("https://①②⑦.⓪.⓪.①/x", "private network"),
        ("https://[::1]/x", "private network"),
        ("https://[::ffff:127.0.0.1]/x", "private network"),
        ("https://[64:ff9b::7f00:1]/x", "private network"),
        ("https://[2002:7f00:1::]/x", "private network"),
        ("https://169.254.169.254/latest/meta-data", "private network"),
        ("https://[fd00:ec2::254]/x", "private network"),
        ("https://metadata.google.internal/x", "private network"),
        ("https://168.63.129.16/x", "private network"),
        ("https://192.0.0.192/x", "private network"),
        ("https://100.64.0.1/x", "private network"),
        ("https://printer.local/x", "private network"),
        ("https://intranet/x", "public host"),
        ("https://github.com:443:80/x", "cannot be read"),
        ("https://github.com:6379/a/b", "port 443"),
        ("https://github.com:0/a/b", "port 443"),
        ("https://github.com/pallets/click/tree/main/docs", "address of a page"),
        ("https://gitlab.com/a/b/-/tree/main", "address of a page"),
        ("https://codeberg.org/a/b/src/branch/main", "address of a page"),
        ("https://github.com/pallets", "github.com/owner/repo"),
        ("github.com/pallets/click", "https://github.com/pallets/click"),
        ("https://github.com:99999/x", "cannot be read"),
        ("https://127.0.0.1\\@github.com/x", "characters"),
        ("https://user:secret@github.com/a/b", "tokens out"),
        ("https://github.com@127.0.0.1/x", "tokens out"),
        ("https://github.com\t.evil.test/x", "Give the address"),
        ("https://127.0.0.1#@github.com/", "without ? and #"),
        ("https://github.com%2f@evil.test/x", "tokens out"),
        ("https://h.example.org/x%0d%0aHost:%20i", "path"),
        ("https://github.com/a/../b", "path"),
        ("https:///github.com/a/b", "no host"),
        ("https://", "no host"),
        ("https://github.com/", "no repository"),
        ("https://github.com", "no repository"),
        ("", "Give the address"),
        (" https://github.com/a/b", "Give the address"),
        ("https://github.com/a/b\x00", "Give the address"),
        ("https://github.com/a\n/b", "Give the address"),
        ("https://github.com/" + "a" * 70000, "Give the address"),
        ("javascript:alert(1)", "no repository address"),
        ("just words", "no repository address"),
        ("owner/..", "no repository address"),
    ],
)
def test_a_bad_address_is_refused_and_told_why(text: str, says: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        parse_address(text, allow_local=False)
    assert says in caught.value.message
    assert caught.value.code == "invalid_repository_address"
    assert "secret" not in caught.value.message


def test_a_local_path_is_taken_only_where_it_is_allowed() -> None:
    assert parse_address("/srv/docs", allow_local=True).canonical == "/srv/docs"
    assert parse_address("/srv/docs", allow_local=True).kind == "local"
    with pytest.raises(AddressRefused):
        parse_address("/srv/docs", allow_local=False)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/srv/me/flask", "flask"), ("/srv/me/flask.git", "flask"), ("/srv/google+eng-practices/repo", "eng-practices"),
        ("/srv/flask/docs/site", "flask"), ("/repo", "repo"), ("/src/notepad++", "notepad++"),
    ],
)  # fmt: skip
def test_a_folder_that_says_nothing_has_the_name_of_the_one_around_it(path: str, name: str) -> None:
    assert parse_address(path, allow_local=True).name == name


def test_plain_http_is_taken_only_where_it_is_allowed() -> None:
    assert parse_address("http://git.example.org/a", allow_local=False, allow_http=True).canonical == (
        "http://git.example.org/a"
    )


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["140.82.121.4", "10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["::ffff:192.168.0.1"],
        ["fe80::1"],
        [],
        ["224.0.0.1"],
    ],
)
def test_a_host_with_any_private_address_is_refused(addresses: list[str]) -> None:
    with pytest.raises(PermanentError, match="private network"):
        check_addresses("git.example.org", addresses)


def test_a_public_host_is_pinned_to_its_first_address_of_version_4() -> None:
    assert check_addresses("github.com", ["2606:50c0:8000::153", "140.82.121.4"]) == "140.82.121.4"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("https://git.corp.internal/a/b", True),
        ("https://GIT.corp.internal/a/b.git", True),
        ("https://git.corp.internal:3000/a/b", True),
        ("https://localhost:8443/a/b", True),
        ("https://git.corp.internal:3001/a/b", False),
        ("https://localhost/a/b", False),
        ("https://127.0.0.1:8443/a/b", False),
        ("https://evil.git.corp.internal/a/b", False),
        ("https://git.corp.internal.:3000/a/b", False),
        ("https://git.corp.internal@10.0.0.1/a/b", False),
        ("http://git.corp.internal/a/b", False),
    ],
)
def test_hosts_inside_are_taken_by_name_and_port_alone(text: str, taken: bool) -> None:
    named = ("git.corp.internal", "git.corp.internal:3000", "localhost:8443")
    if not taken:
        with pytest.raises(AddressRefused):
            parse_address(text, allow_local=False, inward=named)
        return
    assert parse_address(text, allow_local=False, inward=named).canonical == text.lower().removesuffix(".git")

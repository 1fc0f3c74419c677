"""A private repository becomes a course, and its token is seen by nobody but the process that fetches."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.js.errors import NotFoundError
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from cli.exit_codes import ExitCode
from cli.local.outside_clusters import cluster_of
from cli.local.stack import LocalStack
from cli.operate.access import Where
from services.gateway.credentials.tables import credentials
from shared.event_log.connection import connect
from shared.pipeline import PIPELINE
from shared.sources.credentials import CredentialAsked
from shared.sources.sealed_tokens import OpeningKeys
from shared.sources.secret_keys import parse_keys
from tests.e2e.conftest import StartStack
from tests.support.canary import files_with, forms_of, hits_in, in_memory, processes_looked_at, shown_by_processes
from tests.support.command import Command, command
from tests.support.follow import follow_facts
from tests.support.private_host import PrivateHost, private_host
from tests.support.sample_repository import make_repository
from tests.unit.repo_clone.git_repositories import git

__all__ = ["command"]

TOKEN = "canary-of-the-private-repository-0123456789"


@dataclass
class Caller:
    """The API of one stack, as one user calls it."""

    stack: LocalStack

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.stack.token}"}
        self.api = httpx.Client(base_url=f"{self.stack.url}/api", headers=headers, timeout=30)

    def send(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.api.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        assert TOKEN not in answer.text
        return answer.json() if answer.content else None

    def keep(self, host: str, token: str = TOKEN, name: str = "work") -> str:
        """A credential's id."""
        made = self.send("POST", "/credentials", {"name": name, "host": host, "token": token}, 201)
        return str(made["credential_id"])

    def course(self) -> str:
        return str(self.send("POST", "/projects/", {"title": "Private"}, 201)["course_id"])

    def follow(self, course_id: str, *stop_at: str) -> list[str]:
        return list(follow_facts(self.stack, course_id, stop_at=stop_at))

    def follow_until(self, course_id: str, name: str, times: int) -> Any:
        """The data of a fact, once it has come so many times."""
        for count, _ in enumerate(one for one in follow_facts(self.stack, course_id, stop_at=()) if one == name):
            if count + 1 == times:
                break
        told = self.send("GET", f"/courses/{course_id}/history?limit=200")
        return [fact["data"] for fact in told if fact["type"] == name][-1]


FORMS = forms_of(TOKEN, "git")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "served" / "jobs")


@pytest.fixture
def host(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateHost]:
    with private_host(repository.parent, tmp_path / "tls") as made:
        made.accept(TOKEN)
        monkeypatch.setenv("GIT_SSL_CAINFO", str(made.authority))
        monkeypatch.setenv("INWARD_REPOSITORY_HOSTS", json.dumps([made.host]))
        yield made


def commit_a_page(repository: Path) -> str:
    """The hash of a new commit."""
    (repository / "docs" / "new.md").write_text("# News\n\nA **notice** is a text that tells of a change.\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "More")
    return git(repository, "rev-parse", "HEAD")


async def dumped(database_url: str) -> dict[str, bytes]:
    """Every row of every table of ours, as text."""
    engine = create_async_engine(database_url)
    query = text("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname ~ '^(app|read_v)'")
    async with engine.connect() as connection:
        names = (await connection.scalars(query)).all()
        rows = {name: (await connection.scalars(text(f"SELECT x::text FROM {name} x"))).all() for name in names}
    await engine.dispose()
    return {name: "\n".join(found).encode() for name, found in rows.items()}


async def messages(nats_url: str) -> dict[str, bytes]:
    """Every message of every stream, with its headers."""
    nc = await connect(nats_url, "test")
    found = {}
    for info in await nc.jetstream().streams_info():
        stream = str(info.config.name)
        for seq in range(max(1, info.state.first_seq), info.state.last_seq + 1):
            with contextlib.suppress(NotFoundError):  # progress that later progress took the place of
                message = await nc.jetstream().get_msg(stream, seq)
                found[f"{stream} {seq}"] = f"{message.subject} {message.headers}".encode() + (message.data or b"")
    await nc.close()
    return found


def opened_in(folder: Path) -> dict[str, str]:
    """The tokens of a data folder at rest, opened with the keys that lie in it."""

    async def read(database_url: str) -> dict[str, str]:
        engine = create_async_engine(database_url)
        async with engine.connect() as connection:
            rows = (await connection.execute(select(credentials))).all()
        await engine.dispose()
        abouts = [CredentialAsked(owner=one.owner, credential_id=one.credential_id, host=one.host) for one in rows]
        return {one.credential_id: keys.open(one.key_id, one.sealed, of) for one, of in zip(rows, abouts, strict=True)}

    keys = OpeningKeys(parse_keys((folder / "credential-keys").read_text(), "the file"))
    with Where(folder).servers() as target:
        return asyncio.run(read(target.require_database()))


@pytest.mark.timeout(400)
def test_a_token_is_seen_by_nobody_but_the_process_that_fetches(
    host: PrivateHost, repository: Path, start_stack: StartStack, command: Command, tmp_path: Path
) -> None:
    stack, _ = start_stack(processes=True)
    caller = Caller(stack)
    credential = caller.keep(host.host)
    course_id = caller.course()
    body = {"repo_url": host.url("jobs"), "credential_id": credential}

    host.server.holds = True
    caller.send("POST", f"/courses/{course_id}/generate", body, 202)
    assert host.server.stuck.wait(60), "git did not come to fetch with the token"
    pids = {name: process.pid for name, process in stack.services.items()}
    remembered = in_memory(pids, FORMS)
    assert remembered.pop("repo_clone") > 0, "the search would not have found it"
    servers = {name: one.process.pid for name, one in (("nats", stack._nats), ("postgres", stack._postgres)) if one}
    assert in_memory(servers, FORMS) == {"nats": 0, "postgres": 0}
    remembered.pop("gateway")  # it took the request that brought the token, and freed memory is not wiped
    assert remembered == dict.fromkeys(
        ("projector", "notifier", *(name for name in PIPELINE.by_name if name != "repo_clone")), 0
    )
    assert shown_by_processes(FORMS) == {}
    assert processes_looked_at() > len(pids)
    assert files_with([stack.data_dir], FORMS) == {}
    host.server.holds = False
    host.server.released.set()

    assert caller.follow(course_id, "CourseGenerated", "RepoCloneFailed")[-1] == "CourseGenerated"
    later = commit_a_page(repository)
    caller.send("POST", f"/courses/{course_id}/analyze-repository", body, 202)
    facts = caller.follow_until(course_id, "RepoCloned", 2)
    assert facts["commit"] == later

    logged, tables = asyncio.run(messages(stack.nats_url("operator"))), asyncio.run(dumped(stack.database_url()))
    assert {name for name, data in logged.items() if hits_in(data, FORMS)} == set()
    assert {name for name, data in tables.items() if hits_in(data, FORMS)} == set()
    assert len(logged) > 10
    assert credential.encode() in tables["app.credentials"]
    command("backup", tmp_path / "backup", "--data-dir", stack.data_dir)
    places = [stack.data_dir, tmp_path / "backup", *filter(None, [cluster_of(stack.data_dir)])]
    assert files_with(places, FORMS) == {}
    elsewhere = tmp_path / "elsewhere"
    command("restore", tmp_path / "backup", "--data-dir", elsewhere)
    assert opened_in(elsewhere) == {credential: TOKEN}
    assert {value for _, value in host.server.asked} >= {None}, "git sends the token only when it is asked for it"


@pytest.mark.timeout(300)
def test_a_revoked_token_is_replaced_its_key_changed_and_another_host_never_sees_it(
    host: PrivateHost, repository: Path, start_stack: StartStack, command: Command, tmp_path: Path
) -> None:
    stack, _ = start_stack(stays=True)
    caller = Caller(stack)
    here = ("--data-dir", stack.data_dir)
    made = json.loads(command("credentials", "add", "work", "--host", host.host, "--json", *here, typed=TOKEN).stdout)
    credential, path = made["credential_id"], f"/credentials/{made['credential_id']}"

    host.accept("another-token")
    course_id = caller.course()
    body = {"repo_url": host.url("jobs"), "credential_id": credential}
    caller.send("POST", f"/courses/{course_id}/generate", body, 202)
    names = caller.follow(course_id, "RepoCloneFailed", "RepoCloned")
    assert names[-1] == "RepoCloneFailed"
    assert "StageRetryScheduled" not in names, "each attempt with a bad token may lock an account"
    failed = caller.send("GET", f"/courses/{course_id}/stage1/status")
    assert failed["error_code"] == "credential_refused"
    assert "new token" in failed["error_message"]
    assert caller.send("GET", path)["revoked_at"] is not None
    refused = command(
        "generate", host.url("jobs"), "--credential", "work", "--out", tmp_path / "none", *here,
        code=ExitCode.INVALID_INPUT,
    )  # fmt: skip
    assert "refuses the credential" in refused.stderr
    assert files_with([stack.data_dir], FORMS) == {}, "a refused token is in no log either"

    caller.send("PATCH", path, {"token": "another-token"})
    caller.send("POST", f"/courses/{course_id}/resume", status=202)
    assert caller.follow_until(course_id, "RepoCloned", 1)["commit"] == git(repository, "rev-parse", "HEAD")
    assert caller.send("GET", path)["revoked_at"] is None

    keys = stack.data_dir / "credential-keys"
    before = keys.read_text()
    assert keys.stat().st_mode & 0o777 == 0o600
    done = json.loads(command("credentials", "rotate-keys", "--json", *here).stdout)
    assert (done["keys"], done["sealed"]) == (["k2", "k1"], 1)
    assert caller.send("GET", path)["key_id"] == "k2"
    assert keys.read_text() != before
    assert keys.stat().st_mode & 0o777 == 0o600
    later = commit_a_page(repository)
    caller.follow_until(course_id, "CourseGenerated", 1)
    caller.send("POST", f"/courses/{course_id}/analyze-repository", body, 202)
    assert caller.follow_until(course_id, "RepoCloned", 2)["commit"] == later
    done = json.loads(command("credentials", "rotate-keys", "--json", *here).stdout)
    assert done["keys"] == ["k3", "k2"], "k1 seals nothing any more"

    with private_host(repository.parent, tmp_path / "elsewhere") as other:
        host.server.moved_to = f"https://{other.host}/open"
        moved = caller.course()
        wanted = {"repo_url": host.url("jobs", "moved"), "credential_id": credential}
        caller.send("POST", f"/courses/{moved}/analyze-repository", wanted, 202)
        assert caller.follow(moved, "RepoCloneFailed", "RepoCloned")[-1] == "RepoCloneFailed"
        assert caller.send("GET", f"/courses/{moved}/stage1/status")["error_code"] == "redirected"
        assert other.server.asked == []

    command("replay", "--yes", *here)
    assert caller.send("GET", path)["key_id"] == "k3", "the log holds no credentials, so a rebuild leaves them"
    command("credentials", "remove", "work", *here)
    assert command("credentials", "list", *here).stdout.strip() == "no credentials"
    caller.send("POST", f"/courses/{caller.course()}/generate", body, 404)
    closed = caller.course()
    caller.send("POST", f"/courses/{closed}/analyze-repository", {"repo_url": host.url("jobs")}, 202)
    assert caller.follow(closed, "RepoCloneFailed", "RepoCloned")[-1] == "RepoCloneFailed"
    assert "needs a credential" in caller.send("GET", f"/courses/{closed}/stage1/status")["error_message"]


@pytest.mark.timeout(300)
def test_a_token_of_this_machine_is_taken_for_its_host_alone(
    host: PrivateHost, start_stack: StartStack, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, _ = start_stack(stays=True)
    here = ("--data-dir", stack.data_dir, "--pathway", "quickstart")
    monkeypatch.setenv("COURSEWRIGHT_GIT_TOKEN", TOKEN)
    needed = command(
        "generate", host.url("jobs"), "--out", tmp_path / "a", *here, code=ExitCode.INVALID_INPUT
    )  # fmt: skip
    assert "needs a credential" in needed.stderr, "the token is for github.com until its host is named"
    monkeypatch.setenv("COURSEWRIGHT_GIT_TOKEN", TOKEN)
    monkeypatch.setenv("COURSEWRIGHT_GIT_HOST", host.host)
    command("generate", host.url("jobs"), "--out", tmp_path / "a", *here)
    assert (tmp_path / "a" / "course.json").exists()

    host.accept("of-git", username="jane")
    (tmp_path / "store").write_text(f"https://jane:of-git@{host.host}\n")
    (tmp_path / "gitconfig").write_text(f'[credential]\n\thelper = store --file="{tmp_path / "store"}"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.delenv("COURSEWRIGHT_GIT_HOST")
    command("generate", host.url("jobs"), "--git-credentials", "--out", tmp_path / "b", *here)
    assert (tmp_path / "b" / "course.json").exists()
    names = [one["name"] for one in Caller(stack).send("GET", "/credentials")]
    assert names == [f"COURSEWRIGHT_GIT_TOKEN for {host.host}", f"git for jane@{host.host}"]

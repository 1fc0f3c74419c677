"""A private repository becomes a course, and its token is seen by nobody but the process that fetches."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.local.stack import LocalStack
from tests.e2e.conftest import StartStack
from tests.support.follow import follow_facts
from tests.support.private_host import PrivateHost, private_host

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


@pytest.fixture
def host(sample_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateHost]:
    with private_host(sample_repository.parent, tmp_path / "tls") as made:
        made.accept(TOKEN)
        monkeypatch.setenv("GIT_SSL_CAINFO", str(made.authority))
        monkeypatch.setenv("INWARD_REPOSITORY_HOSTS", f'["{made.host}"]')
        yield made


def test_a_private_repository_becomes_a_course(host: PrivateHost, start_stack: StartStack) -> None:
    stack, _ = start_stack()
    caller = Caller(stack)
    credential = caller.keep(host.host)
    course_id = caller.course()
    body = {"repo_url": host.url("jobs"), "credential_id": credential}
    caller.send("POST", f"/courses/{course_id}/generate", body, 202)
    assert caller.follow(course_id, "CourseGenerated", "RepoCloneFailed")[-1] == "CourseGenerated"
    (kept,) = caller.send("GET", "/credentials")
    assert kept["last_used_at"] is not None
    assert kept["revoked_at"] is None

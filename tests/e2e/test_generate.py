"""From a repository to a course on the real servers, as one person runs it."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cli.client import Client
from cli.generate import GenerateRequest, generate
from cli.local.stack import LocalStack
from cli.progress import Lines
from shared.course.quality import list_missed
from shared.course.report import main as report
from tests.e2e.conftest import StartStack
from tests.support.canary import files_with, forms_of
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer
from tests.support.sample_repository import commit

_KEY = "key-that-stands-nowhere"


def run(client: Client, repository: Path, out: Path, engine: str = "offline") -> bytes:
    generate(client, GenerateRequest(str(repository), out, engine=engine), Lines())
    return (out / "course.json").read_bytes()


def request(client: Client, repository: Path, engine: str = "offline") -> str:
    course_id = client.create_course("Jobs", "")
    client.generate(course_id, {"repo_url": str(repository), "engine": engine})
    return course_id


def test_one_command_writes_a_course_that_a_checker_accepts(
    sample_repository: Path, tmp_path: Path, shared_client: Client
) -> None:
    course = json.loads(run(shared_client, sample_repository, tmp_path / "out"))
    assert course["format"] == "coursewright.course/1"
    assert all(module["status"] == "complete" for module in course["modules"])
    assert all(module["main_content"] for module in course["modules"])
    assert len(course["pathways"]) >= 3
    assert (tmp_path / "out" / "site" / "index.html").is_file()
    assert (tmp_path / "out" / "markdown" / "README.md").is_file()
    assert course["quality"]["Q1"]
    assert list(list_missed(course["quality"])) == []
    assert report([str(tmp_path / "out" / "course.json"), str(sample_repository)]) == 0


def test_two_fresh_data_folders_give_the_same_bytes_with_isolated_runs_and_without(
    sample_repository: Path, tmp_path: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for strategy in ("process", "sandbox"):
        monkeypatch.setenv("WORK_ISOLATION", strategy)
        local, client = start_stack(strategy)
        made.append(run(client, sample_repository, tmp_path / f"out-{strategy}"))
    assert made[0] == made[1]
    assert '"strategy": "sandbox"' in (local.data_dir / "logs" / "stages.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("engine", ["anthropic", "openai"])
def test_a_model_makes_a_course_through_faults_and_is_never_paid_twice(
    engine: str, sample_repository: Path, tmp_path: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The model declines the first text, which the second run does not ask about either. A passing fault stands between
    # each two other answers that cannot be used, so that no more texts are left out.
    faults = ("refusal", "refusal", "rate_limit", "refusal", "overloaded", "malformed", "hang", "truncated", "broken")
    with ModelServer(tmp_path / "ledger", faults).running() as server:
        monkeypatch.setenv("ENGINE_PARALLELISM", "1")
        monkeypatch.setenv("ANTHROPIC_API_KEY", _KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", _KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.chat_url)
        monkeypatch.setenv("OPENAI_MODEL", "small")
        monkeypatch.setenv("RETRY_FIRST_SECONDS", "0.1")
        monkeypatch.setenv("ENGINE_TIMEOUT_SECONDS", "3")
        stack, client = start_stack()
        course_id = request(client, sample_repository, engine)
        seen = Counter(follow_facts(stack, course_id))
        assert seen["CourseGenerated"] == 1
        assert seen["StageRetryScheduled"] >= 1
        assert not server.faults, "every fault must have been met"
        course = json.loads(client.export(course_id, "json"))
        assert course["engine"]["name"] == engine
        calls = server.calls
        assert calls > len(course["modules"])
        again = request(client, sample_repository, engine)
        assert Counter(follow_facts(stack, again))["CourseGenerated"] == 1
        assert server.calls == calls
        assert json.loads(client.export(again, "json"))["edition"] == course["edition"]
    stack.stop()
    assert files_with([stack.data_dir], forms_of(_KEY)) == {}, "the key is in no event, log or file"


def test_a_model_that_cannot_be_asked_is_told_before_anything_is_fetched(
    sample_repository: Path, tmp_path: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with ModelServer(tmp_path / "ledger", models=["small"]).running() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.chat_url)
        monkeypatch.setenv("OPENAI_MODEL", "large")
        stack, client = start_stack()
        for engine, told in (("anthropic", "ANTHROPIC_API_KEY"), ("openai", "no model large; it has small")):
            course_id = request(client, sample_repository, engine)
            assert [*follow_facts(stack, course_id)][-2:] == ["GenerationRequested", "RepoCloneFailed"]
            assert told in client.stage(course_id, 1)["error_message"]
        assert server.calls == 0


def test_a_second_start_continues_with_the_same_data(
    sample_repository: Path, tmp_path: Path, start_stack: StartStack
) -> None:
    stack, client = start_stack()
    course_id = request(client, sample_repository)
    assert list(follow_facts(stack, course_id))[-1] == "CourseGenerated"
    before = client.export(course_id, "json")
    stack.stop()
    with LocalStack(stack.data_dir, durable=False).running() as again:
        assert Client(again.url, again.token).export(course_id, "json") == before


def test_the_command_reports_failure_on_standard_error_with_its_code(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.py").write_text("print(1)\n")
    commit(tmp_path / "code")
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "generate", str(tmp_path / "code"), "--out", str(tmp_path / "out"),
         "--data-dir", str(tmp_path / "data"), "--json"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert done.stdout == ""
    problem = json.loads(done.stderr.strip().splitlines()[-1])
    assert (problem["code"], problem["stage"]) == ("no_documentation", 1)
    assert "no documentation" in problem["detail"]
    assert not (tmp_path / "out").exists()

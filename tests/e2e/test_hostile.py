"""Pages that take too long: left out with a reason, stopped at once, and no burden for anybody else."""

import json
from pathlib import Path

import psutil
import pytest

from cli.client import Client
from cli.local.stack import LocalStack
from shared.pipeline import PIPELINE
from tests.e2e.conftest import StartStack
from tests.support.follow import follow_facts
from tests.support.hostile import dense_page
from tests.support.sample_repository import commit, page

_LARGE = 900_000  # some seconds of work
_GOOD = page("jobs", "Job", "does work", "A **job** is a piece of work that a program does later.")


def repository(folder: Path, dense: int) -> Path:
    folder.mkdir()
    (folder / "README.md").write_text(_GOOD, encoding="utf-8")
    for number in range(dense):
        text = f"Number {number}.\n\n{dense_page(_LARGE)}"
        (folder / f"dense-{number}.md").write_text(text, encoding="utf-8")
    commit(folder)
    return folder


def begin(client: Client, address: Path) -> str:
    course_id = client.create_course("Jobs", "")
    client.generate(course_id, {"repo_url": str(address)})
    return course_id


def log_lines(local: LocalStack, event: str) -> list[dict[str, object]]:
    lines = (local.data_dir / "logs" / "stages.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if f'"event": "{event}"' in line]


def test_a_page_past_the_limit_is_left_out_with_its_reason_and_the_operator_sees_it(
    tmp_path: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORK_PROCESSOR_SECONDS", "1.5")
    local, client = start_stack()
    course_id = begin(client, repository(tmp_path / "repository", 1))
    assert list(follow_facts(local, course_id))[-1] == "CourseGenerated"
    documents = {d["path"]: d for d in json.loads(client.export(course_id, "json"))["documents"]}
    assert documents["README.md"]["used"]
    assert documents["dense-0.md"]["reason"] == "to read it needs more than 1.5 s of processor time"
    unattended = [row.name for row in PIPELINE.unattended]
    assert [line["stage"] for line in log_lines(local, "attempt_started")] == unattended
    assert {line["outcome"] for line in log_lines(local, "attempt_ended")} == {"complete"}
    assert any(line["stage"] == "doc_analyser" for line in log_lines(local, "slow_work"))


def test_a_cancel_ends_the_work_at_once(tmp_path: Path, shared_stack: LocalStack, shared_client: Client) -> None:
    course_id = begin(shared_client, repository(tmp_path / "repository", 6))
    facts = follow_facts(shared_stack, course_id)
    for fact in facts:
        if fact == "DocumentAnalysed":  # one or two are done, and dense ones are at work
            break
    shared_client.cancel(course_id, "stage2")
    assert "StageCanceled" in list(facts)
    host = psutil.Process(shared_stack.services["stages"].pid)
    (root,) = host.children()
    workers = root.children()
    psutil.wait_procs(workers, timeout=10)
    assert [worker for worker in workers if worker.is_running()] == []

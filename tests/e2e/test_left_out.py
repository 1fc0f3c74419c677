"""Unusable parts of a document are named: at the gateway, in the course, and at the end of the command."""

import json
from pathlib import Path

import httpx

from cli.client import Client
from cli.exports import in_words
from cli.generate import GenerateRequest, generate
from cli.local.stack import LocalStack
from cli.progress import Lines
from tests.support.sample_repository import commit, make_repository

_OVER = "left out, over the limit of 4 MiB of included text of a document: big.py"


def repository_over_its_budget(folder: Path) -> Path:
    """The page on queues ends with more included code than a document may show."""
    repository = make_repository(folder)
    (repository / "docs" / "big.py").write_text("queue = make_queue('mail')\n" * 11_000, encoding="utf-8")
    page = repository / "docs" / "queues.md"
    with page.open("a", encoding="utf-8") as end:
        end.write("\n## A long example\n\nIt makes a queue again and again.\n")
        end.writelines('\n```python\n--8<-- "big.py"\n```\n' for _ in range(15))
    commit(repository)
    return repository


def test_what_is_over_a_documents_budget_is_said_wherever_a_user_looks(
    tmp_path: Path, shared_stack: LocalStack, shared_client: Client
) -> None:
    repository = repository_over_its_budget(tmp_path / "jobs")
    summary = generate(shared_client, GenerateRequest(str(repository), tmp_path / "out"), Lines())
    url = f"{shared_stack.url}/api/courses/{summary['course_id']}/analyzed-documents"
    found = httpx.get(url, headers={"Authorization": f"Bearer {shared_stack.token}"}).json()["documents"]
    said = {one["file_path"]: one["problems"] for one in found if one["problems"]}
    assert list(said) == ["docs/queues.md"]
    assert said["docs/queues.md"][0].endswith(f": {_OVER}")
    course = json.loads((tmp_path / "out" / "course.json").read_bytes())
    assert {one["path"]: one["problems"] for one in course["documents"] if one["problems"]} == said
    assert _OVER in (tmp_path / "out" / "site" / "sources.html").read_text(encoding="utf-8")
    assert _OVER in (tmp_path / "out" / "markdown" / "sources.md").read_text(encoding="utf-8")
    assert "1 document was not read in full" in in_words(summary | {"seconds": 1.0})

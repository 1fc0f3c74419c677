"""Chapters and tutorials: the modules of a course with their review."""

from typing import Any

import pytest

from shared.course.findings import GateFinding, GateReport
from shared.event_log.port import Recorded
from shared.events.gateway import ModulesRequested
from shared.events.modules import ModuleRejected, ModuleWritten
from tests.integration.gateway.conftest import Gateway

GONE = GateFinding(gate="K2", where="main_content", detail="no citation", sentence="It is fast.")
KEPT = GateFinding(gate="K9", where="estimated_minutes", detail="3 minutes, and the rule gives 9")


async def _written(gateway: Gateway, *, kinds: tuple[str, ...] = ("complete", "task")) -> str:
    """A course whose first module was written in two rounds. The last report is that of the worker by hand: empty."""
    course_id = await gateway.analysed()
    await gateway.post(course_id, "generate-pathways", {})
    await gateway.workers.propose(course_id, kinds)
    await gateway.project()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete", "start_next": True}, 200)
    asked = await gateway.workers.request(course_id, ModulesRequested)
    report = GateReport(module_id="m-complete-0", checked=2, findings=(GONE, KEPT))
    stored = await gateway.blobs.put_model(course_id, report)
    rejected = ModuleRejected(
        course_id=course_id, run_id=asked.run_id, module_id="m-complete-0", gate_report=stored, round=2
    )
    await gateway.workers.append(rejected)
    await gateway.workers.write(course_id, incomplete=["m-complete-1"])
    await gateway.project()
    return course_id


async def test_chapters_are_the_modules_in_order_with_their_review(gateway: Gateway) -> None:
    course_id = await _written(gateway)
    chapters = await gateway.get(course_id, "chapters")
    assert [(one["slug"], one["chapter_index"], one["kind"]) for one in chapters][:2] == [
        ("01-module-0", 1, "chapter"), ("02-module-1", 2, "chapter"),
    ]  # fmt: skip
    first, second = chapters[0]["review"], chapters[1]["review"]
    assert (first["rounds"], first["findings"], first["changed"]) == (2, 2, 2)
    assert [one["detail"] for one in first["by_round"][0]["resolved"]] == [GONE.detail, KEPT.detail]
    assert (second["rounds"], second["findings"], second["by_round"]) == (1, 0, [])
    assert "content" not in chapters[0]


async def test_one_chapter_has_its_text_under_its_slug_and_its_module(gateway: Gateway) -> None:
    course_id = await _written(gateway)
    by_slug = await gateway.get(course_id, "chapters/01-module-0")
    assert by_slug == await gateway.get(course_id, "chapters/m-complete-0")
    assert by_slug["content"].startswith(
        "# Module 0\n\nHello\n\nA callback is a function.[^c1]\n\n## Conclusion\n\nDone\n"
    )
    assert "## Assessment" in by_slug["content"]
    assert (await gateway.get(course_id, "chapters/99-none", 404))["code"] == "not_found"
    assert (await gateway.bob.get(f"/api/courses/{course_id}/chapters")).status_code == 404


async def test_tutorials_are_the_modules_of_the_task_pathway(gateway: Gateway) -> None:
    course_id = await _written(gateway)
    tutorials = await gateway.get(course_id, "tutorials")
    assert [(one["module_id"], one["kind"]) for one in tutorials] == [
        ("m-task-0", "tutorial"),
        ("m-task-1", "tutorial"),
    ]
    assert tutorials[0]["url"] == f"/api/courses/{course_id}/tutorials/01-module-0"
    assert (await gateway.get(course_id, "tutorials/m-task-1"))["chapter_index"] == 2


async def test_without_a_task_pathway_there_is_no_tutorial_and_without_a_course_it_is_too_early(
    gateway: Gateway,
) -> None:
    assert await gateway.get(await _written(gateway, kinds=("complete",)), "tutorials") == []
    assert (await gateway.get(await gateway.offered(), "chapters", 409))["code"] == "not_ready"


async def test_the_facts_of_modules_alone_are_read_and_once_for_each_version_of_the_course(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id, read, seen = await _written(gateway), gateway.log.read, list[list[Recorded]]()

    async def noted(*arguments: Any, **options: Any) -> Any:
        seen.append(await read(*arguments, **options))
        return seen[-1]

    monkeypatch.setattr(gateway.log, "read", noted)
    chapters = await gateway.get(course_id, "chapters")
    await gateway.get(course_id, "chapters/01-module-0")
    await gateway.get(course_id, "tutorials")
    assert [{type(one.event) for one in found} for found in seen] == [{ModuleRejected}, {ModuleWritten}]
    await gateway.api.put(f"/api/projects/{course_id}", json={"title": "Another version"})
    assert await gateway.get(course_id, "chapters") == chapters
    assert len(seen) == 4

"""Minutes of pathways on offer: planned by the rule of the course, and those of the course once it is written."""

from shared.course.model import Course, PathwayEntry
from shared.events.gateway import ModulesRequested
from shared.events.modules import CourseGenerated
from tests.integration.gateway import contents
from tests.integration.gateway.conftest import Gateway


async def _write(gateway: Gateway, course_id: str) -> None:
    """A course whose modules take 12 minutes each, where 65 were planned, and its complete pathway 50."""
    await gateway.workers.write(course_id, stop_after=0)
    asked = await gateway.workers.request(course_id, ModulesRequested)
    ways = [contents.pathway("complete", ["d1", "d2"]), contents.pathway("quickstart", ["d1"])]
    written = [contents.written(one, at) for way in ways for at, one in enumerate(way.modules, start=1)]
    timed = [one.module.model_copy(update={"estimated_minutes": 12}) for one in written]
    entry = PathwayEntry(
        id="p-complete", kind="complete", title="All", description="", complexity_level="beginner",
        estimated_minutes=50, prerequisites=[], selected=True, modules=[],
    )  # fmt: skip
    whole: Course = contents.course("Learn", written).model_copy(update={"modules": timed, "pathways": [entry]})
    stored = await gateway.blobs.put_model(course_id, whole)
    await gateway.workers.append(
        CourseGenerated(
            course_id=course_id, run_id=asked.run_id, course_key="k", edition=whole.edition, pathway_id="p-complete",
            course=stored, exports=[], quality=stored, status="complete", modules=3, items=3, title=whole.title,
            minutes=48,
        )
    )  # fmt: skip
    await gateway.project()


async def _written(gateway: Gateway) -> str:
    course_id = await gateway.offered()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete", "start_next": True}, 200)
    await _write(gateway, course_id)
    return course_id


async def test_a_written_course_gives_the_pathways_on_offer_its_minutes(gateway: Gateway) -> None:
    course_id = await _written(gateway)
    complete = await gateway.pathway(course_id, "p-complete")
    assert (complete["estimated_minutes"], complete["estimated_duration"]) == (50, "50 min")
    times = [(one["estimated_minutes"], one["estimated_time"]) for one in complete["modules"]]
    assert times == [(12, "12 min"), (12, "12 min"), (65, "1 h 5 min"), (65, "1 h 5 min")]  # two were not written
    assert complete["selected"] is True
    assert (await gateway.course(course_id))["estimated_minutes"] == 48


async def test_an_edit_keeps_the_minutes_of_modules_whose_sections_stay(gateway: Gateway) -> None:
    course_id = await _written(gateway)
    path = f"/api/courses/{course_id}/pathways/p-complete"
    renamed = (await gateway.api.patch(path, json={"title": "All of it"})).json()
    assert [one["estimated_minutes"] for one in renamed["modules"]] == [12, 12, 65, 65]
    documents = [one["document_ids"][0] for one in renamed["modules"]]
    other = {"document_ids": [documents[3]]}
    changed = (await gateway.api.patch(f"{path}/modules/m-complete-0", json=other)).json()
    assert [one["estimated_minutes"] for one in changed["modules"]] == [3, 12, 65, 65]
    assert changed["estimated_minutes"] == 145

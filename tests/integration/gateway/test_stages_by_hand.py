"""A course driven stage by stage, as a front end does it."""

from shared.events import BlobRef
from shared.events.gateway import DocsAnalysisRequested
from tests.integration.gateway.conftest import Gateway


async def test_four_stages_by_hand_end_in_a_course_with_its_modules(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    course = await gateway.course(course_id)
    assert (course["status"], course["progress_percentage"], course["repo_name"]) == ("stage4_complete", 100, "click")
    made = await gateway.get(course_id, "generated-course")
    assert [one["id"] for one in made["modules"]] == [
        *(f"m-complete-{at}" for at in range(4)), "m-quickstart-0", "m-quickstart-1", "m-reference-0", "m-reference-1",
    ], "the modules of all pathways, those of the whole first"  # fmt: skip
    first = made["modules"][0]
    assert (first["introduction"], first["conclusion"], first["summary"]) == ("Hello", "Done", "- callback")
    assert "Which term names" in first["assessment"]
    assert first["items"][0]["key"] == ["o1"]
    assert made["outdated"] is False


async def test_the_analysis_is_sent_nothing_that_it_does_not_read(gateway: Gateway) -> None:
    course_id = await gateway.analysed()
    document = (await gateway.get(course_id, "analyzed-documents"))["documents"][0]["id"]
    corrected = await gateway.api.patch(f"/api/courses/{course_id}/analyzed-documents/{document}", json={"title": "x"})
    assert corrected.status_code == 200
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "advanced"})
    asked = await gateway.workers.request(course_id, DocsAnalysisRequested)
    assert {name for name, value in asked if isinstance(value, BlobRef)} == {"documents"}
    await gateway.workers.analyse(course_id)
    await gateway.project()
    shown = (await gateway.get(course_id, "analyzed-documents"))["documents"]
    assert next(one for one in shown if one["id"] == document)["title"] == "x"

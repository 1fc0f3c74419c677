"""A course driven stage by stage, as a front end does it."""

from tests.unit.gateway.conftest import Gateway


async def test_four_stages_by_hand_end_in_a_course_with_its_modules(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    course = await gateway.course(course_id)
    assert (course["status"], course["progress_percentage"], course["repo_name"]) == ("stage4_complete", 100, "click")
    made = await gateway.get(course_id, "generated-course")
    assert [one["id"] for one in made["modules"]] == [f"m-complete-{at}" for at in range(4)]
    first = made["modules"][0]
    assert (first["introduction"], first["conclusion"], first["summary"]) == ("Hello", "Done", "- callback")
    assert "Which term names" in first["assessment"]
    assert first["items"][0]["key"] == ["o1"]
    assert made["outdated"] is False

"""A question to the finished course."""

from tests.integration.gateway.conftest import Gateway
from tests.integration.gateway.contents import COMMIT


async def test_a_course_answers_with_a_passage_and_its_lines_or_refuses(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    answer = await gateway.post(course_id, "ask", {"question": "What is a callback?"}, 200)
    assert not answer["refused"]
    (passage,) = answer["passages"]
    assert passage["text"] == "A callback is a function."
    assert passage["citations"] == [
        {
            "source_id": "s1", "path": "docs/guide.md", "start_line": 3, "end_line": 3, "page": None,
            "start_second": None,
            "url": f"https://github.com/pallets/click/blob/{COMMIT}/docs/guide.md?plain=1#L3",
        }
    ]  # fmt: skip
    assert await gateway.post(course_id, "ask", {"question": "What is a callback?"}, 200) == answer
    refused = await gateway.post(course_id, "ask", {"question": "How do I bake bread?"}, 200)
    assert (refused["refused"], refused["passages"]) == (True, [])
    assert refused["why"]


async def test_a_question_to_a_course_that_is_not_written_or_not_mine_says_so(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    assert (await gateway.post(course_id, "ask", {"question": "What?"}, 409))["code"] == "not_ready"
    stranger = await gateway.bob.post(f"/api/courses/{course_id}/ask", json={"question": "What?"})
    assert stranger.status_code == 404

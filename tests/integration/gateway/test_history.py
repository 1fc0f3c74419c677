"""Time travel: what a course was at each of its events, and the events themselves."""

from typing import Any

import pytest

from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import fold
from services.gateway.readmodels import past as past_module
from services.gateway.readmodels.past import Past
from tests.integration.gateway.conftest import Gateway


async def look(gateway: Gateway, course_id: str, query: str = "") -> Any:
    answer = await gateway.api.get(f"/api/courses/{course_id}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_at_each_event_the_course_is_as_it_was_then(gateway: Gateway) -> None:
    course_id = await gateway.create("First title")
    seen = [await look(gateway, course_id)]
    await gateway.api.put(f"/api/projects/{course_id}", json={"title": "Second title"})
    seen.append(await look(gateway, course_id))
    await gateway.post(course_id, "analyze-repository", {"repo_url": "https://github.com/pallets/click"})
    seen.append(await look(gateway, course_id))
    await gateway.workers.clone(course_id)
    await gateway.project()
    seen.append(await look(gateway, course_id))
    assert [one["course"]["status"] for one in seen] == ["draft", "draft", "stage1_running", "stage1_complete"]
    for then in seen:
        assert await look(gateway, course_id, f"?at={then['version']}") == then
        past = await gateway.api.get(f"/api/projects/{course_id}?at={then['version']}")
        assert past.json() == then["course"]
        assert past.headers["ETag"] == f'"{then["version"]}"'


async def test_beyond_the_end_it_is_as_now_and_before_its_beginning_it_is_not(gateway: Gateway) -> None:
    await gateway.create("An earlier one")
    course_id = await gateway.create()
    assert await look(gateway, course_id, "?at=9223372036854775807") == await look(gateway, course_id)
    for where in (f"/api/courses/{course_id}", f"/api/projects/{course_id}"):
        assert (await gateway.api.get(f"{where}?at=1")).status_code == 404
        assert (await gateway.api.get(f"{where}?at=0")).status_code == 404
        for nonsense in ("-1", "x", "1.5", "9223372036854775808", ""):
            assert (await gateway.api.get(f"{where}?at={nonsense}")).status_code == 422


async def test_the_past_is_the_same_in_whatever_order_it_is_asked_for(gateway: Gateway) -> None:
    course_id = await gateway.create("Title 0")
    for number in range(1, 8):
        await gateway.api.put(f"/api/projects/{course_id}", json={"title": f"Title {number}"})
    recorded = await gateway.workers.recorded(course_id)
    now = fold(CourseState(), recorded)
    past = Past(gateway.log)
    for number in (7, 3, 5, 4, 0, 6, 3):
        for known in (None, now):
            then = await past.load(course_id, recorded[number].seq, known)
            assert (then.state, then.course.title) == (fold(CourseState(), recorded[: number + 1]), f"Title {number}")


async def test_what_was_folded_is_not_read_again(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_module, "_KEPT", 2)
    course_id = await gateway.create()
    for number in range(5):
        await gateway.api.put(f"/api/projects/{course_id}", json={"title": f"{number}"})
    seqs = [one.seq for one in await gateway.workers.recorded(course_id)]
    past, log = Past(gateway.log), gateway.log
    read: list[int] = []

    async def reading(course: str, from_seq: int = 1, **limits: Any) -> Any:
        read.append(from_seq)
        return await type(log).read(log, course, from_seq, **limits)

    monkeypatch.setattr(log, "read", reading)
    for at in (seqs[3], seqs[3], seqs[4], seqs[1], seqs[3], seqs[1]):
        await past.load(course_id, at)
    # Once from the beginning, on from there; before that from the beginning again, which pushes the first one out.
    assert read == [1, seqs[3] + 1, 1, seqs[1] + 1]


async def test_history_is_every_event_page_by_page_without_contents(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    whole = await gateway.get(course_id, "history")
    recorded = await gateway.workers.recorded(course_id)
    assert [one["sequence"] for one in whole] == [one.seq for one in recorded]
    assert [one["type"] for one in whole] == [type(one.event).__name__ for one in recorded]
    assert not any({"owner", "worker", "files", "folders"} & one["data"].keys() for one in whole)
    assert "sha256" not in str(whole)
    pages, path = [], f"/api/courses/{course_id}/history?limit=2"
    while path:
        answer = await gateway.api.get(path)
        pages += answer.json()
        path = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert pages == whole


@pytest.mark.parametrize("path", ["", "?at=1", "/history"])
async def test_another_user_learns_nothing(gateway: Gateway, path: str) -> None:
    course_id = await gateway.create()
    assert (await gateway.bob.get(f"/api/courses/{course_id}{path}")).status_code == 404
    await gateway.api.delete(f"/api/projects/{course_id}")
    await gateway.project()
    assert (await gateway.api.get(f"/api/courses/{course_id}{path}")).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "-1", "99999999999999999999", "%00"])
async def test_a_cursor_that_is_none_of_ours_is_refused(gateway: Gateway, cursor: str) -> None:
    course_id = await gateway.create()
    assert (await gateway.api.get(f"/api/courses/{course_id}/history?cursor={cursor}")).status_code == 422

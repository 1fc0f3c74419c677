"""A generated course becomes a course of a school, and its next edition the same course."""

from typing import Any

import pytest

from services.classroom.blocks import Cited, blocks_of
from shared.course.model import Course
from shared.workers.limits import Limits
from shared.workers.pool import WorkerPool
from tests.integration.classroom.conftest import Classroom, School
from tests.integration.classroom.test_a_school import ok
from tests.support.course_fixture import build_course

URL = "https://host.example/a.md#L1"
CITED = Cited({"c1": "a.md, line 1", "c2": "b.md, lines 2–3"}, {"c1": URL, "c2": None})


def said(text: str) -> list[dict[str, Any]]:
    cited = Cited(CITED.places, CITED.urls)
    return [one.model_dump(exclude_defaults=True) for one in [*blocks_of(text, cited), *cited.sources()]]


def words(text: str, **styles: bool) -> dict[str, Any]:
    return {"text": text, "styles": styles} if styles else {"text": text}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# A *b*", [{"type": "heading", "props": {"level": 1}, "content": [words("A "), words("b", italic=True)]}]),
        ("a **b `c`**\nd", [
            {"type": "paragraph", "content": [words("a "), words("b ", bold=True), words("c", bold=True, code=True),
                                              words(" "), words("d")]},
        ]),
        ("[on](https://x.example/) [in](#m1) [bad](javascript:x)", [
            {"type": "paragraph", "content": [
                {"href": "https://x.example/", "content": [words("on")]}, words(" "), words("in"),
                words(" [bad](javascript:x)"),
            ]},
        ]),
        ("- a\n\n  b\n- c\n  1. d", [
            {"type": "bulletListItem", "content": [words("a")],
             "children": [{"type": "paragraph", "content": [words("b")]}]},
            {"type": "bulletListItem", "content": [words("c")],
             "children": [{"type": "numberedListItem", "content": [words("d")]}]},
        ]),
        ("```python cite=c1\nx = 1\n```", [
            {"type": "codeBlock", "props": {"language": "python"}, "content": [words("x = 1")]},
            {"type": "paragraph", "content": [{"href": URL, "content": [words("[1]")]}]},
            {"type": "heading", "props": {"level": 2}, "content": [words("Sources")]},
            {"type": "numberedListItem", "content": [
                words("a.md, line 1"), words(" "), {"href": URL, "content": [words("[1]")]},
            ]},
        ]),
        ("b[^c2] a.[^c1] b[^c2] x[^c9]", [
            {"type": "paragraph", "content": [
                words("b"), words("[1]"), words(" a."), {"href": URL, "content": [words("[2]")]}, words(" b"),
                words("[1]"), words(" x"), words("[^c9]"),
            ]},
            {"type": "heading", "props": {"level": 2}, "content": [words("Sources")]},
            {"type": "numberedListItem", "content": [words("b.md, lines 2–3")]},
            {"type": "numberedListItem", "content": [
                words("a.md, line 1"), words(" "), {"href": URL, "content": [words("[2]")]},
            ]},
        ]),
        ("| a |\n|---|\n| b |", [
            {"type": "codeBlock", "props": {"language": "markdown"}, "content": [words("| a |\n|---|\n| b |")]},
        ]),
        ("> a\n\n---\n\n![alt](x.png)", [
            {"type": "paragraph", "content": [words("a")]}, {"type": "paragraph", "content": [words("alt")]},
        ]),
    ],
)  # fmt: skip
def test_markdown_as_blocks(text: str, wanted: list[dict[str, Any]]) -> None:
    assert said(text) == wanted


async def publish(client: Any, school: School, course: Course, **changed: Any) -> dict[str, Any]:
    sent = {"course": course.model_dump(mode="json"), "org_id": school.org_id, **changed}
    found: dict[str, Any] = await ok(client, "POST", "/courses/generated", sent)
    return found


async def test_modules_are_milestones_lessons_materials_and_items_quizzes(classroom: Classroom) -> None:
    school, course = await classroom.school(), build_course()
    async with classroom.as_person(school.people["admin"]) as admin:
        done = await publish(admin, school, course)
        assert (done["former_edition"], done["edition"], done["is_taken"]) == (None, course.edition, True)
        tree = await ok(admin, "GET", f"/courses/{done['id']}")
        assert (tree["name"], tree["edition"]) == (course.title, course.edition)
        assert [one["name"] for one in tree["milestones"]] == [one.title for one in course.modules]
        for milestone, module in zip(tree["milestones"], course.modules, strict=True):
            lesson, *quizzes = milestone["tasks"]
            assert (lesson["type"], lesson["title"], lesson["status"]) == (
                "learning_material",
                module.title,
                "published",
            )
            assert [one["num_questions"] for one in quizzes] == ([len(module.assessment)] if module.assessment else [])
            text = str(await ok(admin, "GET", f"/tasks/{lesson['id']}"))
            for one in module.citations:
                if f"[^{one.id}]" in module.main_content:
                    assert f"{one.path}, line" in text, "citations are kept"
            assert "[^" not in text
        await ok(admin, "POST", f"/cohorts/{school.cohort_id}/courses", {"course_ids": [done["id"]]})
        again = await publish(admin, school, course)
        assert [again[name] for name in ("id", "added", "changed", "removed", "kept")] == [done["id"], [], [], [], []]
        listed = await ok(admin, "GET", f"/courses/?org_id={school.org_id}")
        assert len(listed) == 2, "the same course"
        quiz = await ok(admin, "GET", f"/tasks/{tree['milestones'][0]['tasks'][1]['id']}")
    async with classroom.as_person(school.people["learner"]) as learner:
        for one in quiz["questions"]:
            groups = one["answer_kind"] in {"order", "match"}
            name = {"text": "text", "match": "pairs"}.get(one["answer_kind"], "chosen")
            key = one["key"][0] if (groups and name == "chosen") or name == "text" else one["key"]
            given = await ok(
                learner, "POST", f"/tasks/{quiz['id']}/questions/{one['id']}/attempts", {"answer": {name: key}}
            )
            assert given["is_right"] is True, one["answer_kind"]
        done = await ok(learner, "GET", f"/cohorts/{school.cohort_id}/completion?user_id={school.people['learner']}")
        assert done[quiz["id"]]["is_complete"] is True


async def test_a_new_edition_keeps_what_was_changed_here_and_what_was_learnt(classroom: Classroom) -> None:
    school, course = await classroom.school(), build_course()
    first, second, *others = course.modules
    me = school.people["learner"]
    async with classroom.as_person(school.people["admin"]) as admin, classroom.as_person(me) as learner:
        id_ = (await publish(admin, school, course))["id"]
        await ok(admin, "POST", f"/cohorts/{school.cohort_id}/courses", {"course_ids": [id_]})
        tree = await ok(admin, "GET", f"/courses/{id_}")
        lesson, quiz = (one["id"] for one in tree["milestones"][0]["tasks"])
        edited = tree["milestones"][1]["tasks"][0]["id"]
        await ok(learner, "POST", f"/tasks/{lesson}/complete")
        await ok(admin, "PUT", f"/tasks/{edited}/learning_material", {"title": "Ours", "blocks": []})
        new = first.model_copy(update={"id": "m0123456789ab", "title": "Brand new"})
        modules = [
            new, second.model_copy(update={"introduction": "Other words."}),
            first.model_copy(update={"introduction": "Other words.", "assessment": []}), *others,
        ]  # fmt: skip
        next_one = course.model_copy(update={"edition": "e2", "modules": modules})
        before = await classroom.log.end()
        offered = await publish(admin, school, next_one, preview=True)
        assert await classroom.log.end() == before, "an offer changes nothing"
        assert (offered["former_edition"], offered["is_taken"]) == (course.edition, False)
        taken = await publish(admin, school, next_one)
        parts = ("added", "changed", "removed", "kept")
        assert [taken[name] for name in parts] == [offered[name] for name in parts]
        assert (len(taken["added"]), taken["changed"], taken["removed"], taken["kept"]) == (
            2,
            [lesson],
            [quiz],
            [edited],
        )
        tree = await ok(admin, "GET", f"/courses/{id_}")
        assert [one["name"] for one in tree["milestones"][:3]] == ["Brand new", second.title, first.title]
        assert (await ok(admin, "GET", f"/tasks/{edited}"))["title"] == "Ours"
        done = await ok(learner, "GET", f"/cohorts/{school.cohort_id}/completion?user_id={me}")
        assert done[lesson]["is_complete"] is True
        await ok(admin, "POST", f"/tasks/{quiz}/restore")
        assert quiz in [one["id"] for one in await ok(admin, "GET", f"/courses/{id_}/tasks")], "there is a way back"


async def test_what_is_refused(classroom: Classroom) -> None:
    school, course = await classroom.school(), build_course()
    async with classroom.as_person(school.people["admin"]) as admin:
        id_ = (await publish(admin, school, course))["id"]
        sent: dict[str, Any] = {"course": course.model_dump(mode="json"), "org_id": school.org_id}
        other = sent | {"course_id": id_, "course": sent["course"] | {"course_key": "another"}}
        answer = await admin.post("/courses/generated", json=other)
        assert (answer.status_code, answer.json()["code"]) == (409, "other_course")
        wrong = await admin.post("/courses/generated", json=sent | {"course": {"format": "coursewright.course/1"}})
        assert wrong.status_code == 422
        await ok(admin, "DELETE", f"/courses/{id_}")
        answer = await admin.post("/courses/generated", json=sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "course_deleted")


async def test_a_course_that_is_not_one_or_costs_too_much_is_refused(classroom: Classroom) -> None:
    school, course = await classroom.school(), build_course().model_dump(mode="json")
    async with classroom.as_person(school.people["admin"]) as admin:
        end = await classroom.log.end()
        for wrong, pointer in (({}, "/course/"), ({**course, "modules": [{"id": 1}]}, "/course/modules/0/")):
            sent = {"course": wrong, "org_id": school.org_id}
            refused = await admin.post("/courses/generated", json=sent)
            assert refused.status_code == 422, refused.text
            assert refused.json()["errors"][0]["pointer"].startswith(pointer)
        await classroom.services.workers.close()
        object.__setattr__(classroom.services, "workers", WorkerPool(1, Limits(processor_seconds=0.2)))
        course["modules"][0]["main_content"] = "*a* [b](#c) " * 200_000
        heavy = await admin.post("/courses/generated", json={"course": course, "org_id": school.org_id})
        assert (heavy.status_code, heavy.json()["code"]) == (413, "course_too_large")
        assert await classroom.log.end() == end

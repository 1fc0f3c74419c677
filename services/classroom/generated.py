"""A `course.json` read as milestones and tasks of a school. It is a stranger's text, so a worker process reads it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.classroom.blocks import Cited, blocks_of, cited_by
from services.classroom.decisions.editions import LONGEST_TITLE, Plan, PlannedTask, Unreadable, part_id, quiz_title
from shared.course.model import Course, Item, Module
from shared.events.content import AnswerKind, Block, Objective, Option, Question, TaskStatus, TaskWritten

_KINDS: dict[str, AnswerKind] = {"ordering": "order", "matching": "match", "cloze": "text", "short_answer": "text"}


def plan_of(sent: Mapping[str, Any], content_id: str, status: TaskStatus, by: str) -> Plan | Unreadable:
    """Modules as milestones; of each its lesson as a learning material and its items as a quiz. An id follows from the
    course and from what it stands for, so the next edition finds it again.
    """
    try:
        course = Course.model_validate(sent)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return Unreadable("/".join(("/course", *map(str, first["loc"]))), first["msg"])
    milestones = {part_id(content_id, one.id): one.title[:LONGEST_TITLE] for one in course.modules}
    tasks: list[PlannedTask] = []
    for module in course.modules:
        cited, objectives = cited_by(module.citations, course.sources), {one.id: one.text for one in module.objectives}
        asks = TaskWritten(
            content_id=content_id, task_id=part_id(content_id, module.id, "quiz"), title=quiz_title(module.title),
            status=status, questions=[_question(content_id, one, cited, objectives) for one in module.assessment],
            generated=True, by=by,
        )  # fmt: skip
        teaches = asks.model_copy(
            update={
                "task_id": part_id(content_id, module.id, "lesson"), "title": module.title[:LONGEST_TITLE],
                "questions": [], "blocks": _lesson(module, cited_by(module.citations, course.sources)),
            }
        )  # fmt: skip
        milestone_id = part_id(content_id, module.id)
        tasks.append(PlannedTask(milestone_id, "learning_material", teaches))
        if module.assessment:
            tasks.append(PlannedTask(milestone_id, "quiz", asks))
    return Plan(course.course_key, course.edition, course.title[:LONGEST_TITLE], milestones, tuple(tasks))


def _lesson(module: Module, cited: Cited) -> list[Block]:
    texts = (module.introduction, module.main_content, module.conclusion, module.summary)
    blocks = [block for one in texts if one.strip() for block in blocks_of(one, cited)]
    return [*blocks, *cited.sources()]


def _question(content_id: str, item: Item, cited: Cited, objectives: Mapping[str, str]) -> Question:
    """Options have their places as ids, so an item that says the same is the same question."""
    places = {one.id: f"o{number}" for number, one in enumerate(item.options, 1)}
    kind = _KINDS.get(item.kind, "choice")
    flat = [places.get(one, one) for one in item.right] if kind == "choice" else item.right
    groups = [[places.get(one, one) for one in group] for group in item.groups]
    own = Cited(cited.places, cited.urls)
    asked = [
        Objective(id=part_id(content_id, one), text=objectives[one][:1000])
        for one in item.objective_ids
        if one in objectives
    ]
    solution = blocks_of(item.explanation, own)
    for one in item.citation_ids:
        own.mark(one)
    return Question(
        id=part_id(content_id, item.id), type="objective", title=item.stem.split("\n")[0][:LONGEST_TITLE],
        blocks=blocks_of(item.stem, Cited(cited.places, cited.urls)), answer=[*solution, *own.sources()],
        answer_kind=kind, objectives=asked, key=groups if kind in {"order", "match"} else flat,
        options=[Option(id=places[one.id], text=one.text, feedback=one.feedback) for one in item.options],
    )  # fmt: skip

"""A job that generates a course of a school: its structure, then what its tasks say. Rights were looked at before."""

from collections.abc import Iterable
from typing import Any

from services.classroom.decisions import Decision
from services.classroom.decisions.editions import LONGEST_TITLE, Plan, PlannedTask, part_id, quiz_title, take
from shared.classroom.contents import Content, Generation
from shared.events.content import GenerationAsked, GenerationBegun, GenerationEnded, TaskWritten
from shared.kernel.refusals import Refusal


def ask_structure(content: Content, asked: GenerationAsked) -> Decision:
    """Begin a job. The same job is asked for again after it failed; else nothing happens twice."""
    if not content.is_shown:
        return Refusal(404, "not_found", "Course not found")
    known = content.generation
    if known is not None and known.job_id == asked.job_id:
        is_failed = known.part == "structure" and known.status == "failed"
        return (asked.model_copy(update={"attempt": known.attempt + 1}),) if is_failed else ()
    if known is not None and known.status == "started":
        return Refusal(409, "generation_running", "Something else is being generated here: wait for it")
    if content.course_key:
        message = "This course was generated already: generate into another course, or publish a new edition"
        return Refusal(409, "generated_already", message)
    return (asked,)


def ask_tasks(content: Content, job_id: str, by: str) -> Decision:
    """Have the tasks of a structure written. The same again after a failure tries again."""
    known = content.generation
    if not content.is_shown or known is None or known.job_id != job_id:
        return Refusal(404, "not_found", "There is no such job, or a later one took its place")
    if known.part == "structure" and known.status != "pending":
        return Refusal(409, "no_structure", f"The structure is not there: its status is {known.status}")
    if known.part == "tasks" and known.status != "failed":
        return ()
    attempt = known.attempt + 1 if known.part == "tasks" else 1
    asked = GenerationAsked(
        content_id=content.id, job_id=job_id, part="tasks", course_description=known.course_description,
        intended_audience=known.intended_audience, instructions=known.instructions, file_id=known.file_id,
        file_of=known.file_of,         attempt=attempt, by=by,
    )  # fmt: skip
    return (asked,)


def structure_of(content_id: str, modules: Iterable[tuple[str, str]], by: str) -> Plan:
    """Modules that are on offer, by id and title, as milestones with a lesson and a quiz each: drafts without words.
    The course that is written from them has the same ids.
    """
    milestones: dict[str, str] = {}
    tasks: list[PlannedTask] = []
    for module_id, whole in modules:
        milestone_id, title = part_id(content_id, module_id), whole[:LONGEST_TITLE]
        milestones[milestone_id] = title
        lesson = TaskWritten(
            content_id=content_id, task_id=part_id(content_id, module_id, "lesson"), title=title, status="draft",
            generated=True, by=by,
        )  # fmt: skip
        quiz = {"task_id": part_id(content_id, module_id, "quiz"), "title": quiz_title(title)}
        tasks.append(PlannedTask(milestone_id, "learning_material", lesson))
        tasks.append(PlannedTask(milestone_id, "quiz", lesson.model_copy(update=quiz)))
    return Plan("", "", "", milestones, tuple(tasks))


def begin(content: Content, job: Generation, course_id: str) -> Decision:
    """Remember which course the pipeline makes for the job."""
    if not _is_at_work(content, job) or job.course_id:
        return ()
    return (GenerationBegun(content_id=content.id, job_id=job.job_id, course_id=course_id, by=job.asked_by),)


def finish(content: Content, job: Generation, plan: Plan) -> Decision:
    """The drafts of a part, and that it is done, as one piece; or that they cannot stand here."""
    if not _is_at_work(content, job):
        return ()
    taken = take(content, plan, content.id, content.org_id, job.asked_by)
    if isinstance(taken, Refusal):
        return fail(content, job, taken.code, taken.detail)
    return *taken, GenerationEnded(**_about(content, job))


def fail(content: Content, job: Generation, code: str, message: str, run_id: str = "") -> Decision:
    """The part failed."""
    if not _is_at_work(content, job):
        return ()
    return (GenerationEnded(**_about(content, job), code=code, message=message, run_id=run_id),)


def _is_at_work(content: Content, job: Generation) -> bool:
    """Whether what is known of the job still is so: another process may have been faster."""
    now = content.generation
    same = ("job_id", "part", "attempt", "course_id")
    return now is not None and now.status == "started" and all(getattr(now, one) == getattr(job, one) for one in same)


def _about(content: Content, job: Generation) -> dict[str, Any]:
    named = {name: getattr(job, name) for name in ("job_id", "part", "attempt")}
    return {**named, "content_id": content.id, "by": job.asked_by}

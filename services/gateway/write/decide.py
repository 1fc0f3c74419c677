"""The gateway's decisions: a course and a command go in; steps to append, or a refusal, come out. Pure."""

from typing import assert_never

from services.gateway.course import commands
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.stages.product import PRODUCT
from services.gateway.write.added import add_file, remove_file
from services.gateway.write.choices import change_offers, revise_document, select_pathway, select_sources
from services.gateway.write.generations import cancel_generation, generate, request_generation, resume
from services.gateway.write.now import Decision, Now
from services.gateway.write.regenerations import generate_again, regenerate
from services.gateway.write.runs import cancel, retry, run_stage
from shared.events.gateway import CourseCreated, CourseDeleted, CourseUpdated
from shared.kernel.refusals import Refusal, Same


def decide(state: CourseState, command: commands.Command, product: Product = PRODUCT) -> Decision:
    """The effect of the command on the course as it is."""
    now = Now(state, product)
    match command:
        case commands.CreateCourse():
            return _create(now, command)
        case commands.UpdateCourse():
            return _update(now, command)
        case commands.DeleteCourse():
            return commands.Steps((commands.Emit(CourseDeleted(course_id=state.course_id, by=command.by)),))
        case commands.Generate() | commands.Regenerate() | commands.ResumeGeneration() | commands.CancelGeneration():
            return _generation(now, command)
        case commands.RunStage():
            return run_stage(now, command)
        case commands.AddFile():
            return add_file(now, command)
        case commands.RemoveFile():
            return remove_file(now, command)
        case commands.CancelStage():
            return cancel(now, command)
        case commands.RetryStage():
            return retry(now, command)
        case commands.SelectSources():
            return select_sources(now, command)
        case commands.ReviseDocument():
            return revise_document(now, command)
        case commands.RevisePathway() | commands.AddPathway() | commands.DeletePathway():
            return change_offers(now, command)
        case commands.SelectPathway():
            return select_pathway(now, command)
        case _:
            assert_never(command)


def _generation(
    now: Now, command: commands.Generate | commands.Regenerate | commands.ResumeGeneration | commands.CancelGeneration
) -> Decision:
    match command:
        case commands.Generate():
            return generate(now, command)
        case commands.Regenerate():
            return regenerate(now, command)
        case commands.ResumeGeneration():
            return resume(now)
        case commands.CancelGeneration():
            return cancel_generation(now, command)


def _create(now: Now, command: commands.CreateCourse) -> Decision:
    if now.state.exists:
        return Same()
    created = CourseCreated(
        course_id=command.course_id, owner=command.owner, title=command.title, description=command.description
    )
    if command.generate is None:
        return commands.Steps((commands.Emit(created),))
    return commands.Steps(
        (commands.Emit(created), commands.Emit(request_generation(command.course_id, command.generate)))
    )


def _update(now: Now, command: commands.UpdateCourse) -> Decision:
    state = now.state
    title = command.title if command.title != state.title else None
    description = command.description if command.description != state.description else None
    steps: tuple[commands.Step, ...] = ()
    if title is not None or description is not None:
        steps = (commands.Emit(CourseUpdated(course_id=state.course_id, title=title, description=description)),)
    if command.generate:
        again = generate_again(now)
        if isinstance(again, Refusal):
            return again
        if isinstance(again, commands.Steps):
            steps += again.steps
    return commands.Steps(steps) if steps else Same()

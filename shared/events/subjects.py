"""The subject of an event, decided here alone: rights, filters, the schema and every reader follow from it."""

from .base import Event, SharedStageEvent


def subject_pattern(cls: type[Event], course_id: str = "*", stage: str = "*") -> str:
    """`course.<id>.<Type>`, with the stage as a fourth part for types that every stage writes; `*` means any."""
    subject = f"course.{course_id}.{cls.__name__}"
    return f"{subject}.{stage}" if issubclass(cls, SharedStageEvent) else subject


def subject_of(event: Event) -> str:
    """Where the event is published."""
    stage = event.stage if isinstance(event, SharedStageEvent) else "*"
    return subject_pattern(type(event), event.course_id, stage)


def is_subject_of(subject: str, event: Event) -> bool:
    """Whether a stored event lies where its writer had the right to put it.

    Until 2026-11 the stage was no part of a subject. What was stored then stays readable; nobody may write there now.
    """
    return subject in {subject_of(event), f"course.{event.course_id}.{type(event).__name__}"}


def type_in(subject: str) -> str:
    """The type's name, of any message of stream COURSES."""
    return subject.split(".")[2]

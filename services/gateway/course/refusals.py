"""Refusals that a course's status is the reason of."""

from shared.kernel.refusals import Refusal


def out_of_turn(status: str, first: str) -> Refusal:
    """A step whose turn has not come: the course's status now, and what to do first."""
    return not_now("stage_out_of_turn", f"The course is in status {status}. {first}", status)


def not_now(code: str, detail: str, course_status: str) -> Refusal:
    """The refusal of a request that the course's status does not allow."""
    return Refusal(409, code, detail, extra={"course_status": course_status})

"""Which lectures are transcribed, refused and left: a run takes up what is added, and lets go of what goes."""

from services.lectures.core import CORE, Ended, EndRun, State, TranscribeLectures
from shared.events import BlobRef, Event
from shared.events.gateway import LectureAdded, LectureAsked, LectureRemoved, LecturesRequested
from shared.events.lectures import LectureRefused, LecturesTranscribed, LectureTranscribed

REF = BlobRef(key="courses/c/ab/abc", sha256="ab" * 32, size=3, media_type="text/vtt")
ABOUT = {"course_id": "c", "run_id": "r"}


def asked(name: str) -> LectureAsked:
    return LectureAsked(lecture_id=name, title=name, path=f"{name}.vtt.md", captions=REF)


def added(name: str) -> LectureAdded:
    return LectureAdded(course_id="c", session_id=name, file_name=f"{name}.vtt", **asked(name).model_dump())


def transcribed(name: str, run_id: str = "r") -> LectureTranscribed:
    return LectureTranscribed(
        course_id="c", run_id=run_id, lecture_id=name, source_id="s", path=f"{name}.vtt.md", captions=REF, text=REF,
        times=REF, seconds=60, files=REF, folders=REF, reader="reader",
    )  # fmt: skip


def refused(name: str) -> LectureRefused:
    return LectureRefused(**ABOUT, lecture_id=name, error="captions_empty", message="None")


REQUEST = LecturesRequested(**ABOUT, owner="ann", lectures=[asked("a")])
ENDED = LecturesTranscribed(**ABOUT, transcribed=1, refused=0)


def after(*events: Event) -> State:
    state = CORE.initial
    for event in events:
        state = CORE.evolve(state, event)
    return state


def test_lectures_are_transcribed_until_none_is_left() -> None:
    assert CORE.next_action(after(added("a"))) is None
    assert CORE.next_action(after(REQUEST)) == TranscribeLectures((asked("a"),))
    assert CORE.plan(after(REQUEST, transcribed("a"), added("b"))) == {"lectures_planned": 2}
    done = after(REQUEST, transcribed("a"))
    assert CORE.next_action(done) == EndRun()
    assert CORE.decide(after(REQUEST), transcribed("a")) == (transcribed("a"),)
    assert CORE.decide(done, Ended()) == (ENDED,)
    assert CORE.next_action(after(REQUEST, transcribed("a"), ENDED)) is None


def test_a_lecture_that_is_added_meanwhile_keeps_the_run_from_ending() -> None:
    state = after(REQUEST, transcribed("a"), added("b"))
    assert CORE.decide(state, Ended()) == ()
    assert CORE.next_action(state) == TranscribeLectures((asked("b"),))


def test_a_lecture_that_was_removed_meanwhile_is_not_recorded() -> None:
    state = after(REQUEST, LectureRemoved(course_id="c", lecture_id="a", by="ann"))
    assert CORE.decide(state, transcribed("a")) == CORE.decide(state, refused("a")) == ()
    assert CORE.next_action(state) == EndRun()


def test_a_refused_lecture_does_not_stop_the_others() -> None:
    assert CORE.decide(after(REQUEST), refused("a")) == (refused("a"),)
    assert CORE.next_action(after(REQUEST, added("b"), refused("a"))) == TranscribeLectures((asked("b"),))
    ended = LecturesTranscribed(**ABOUT, transcribed=0, refused=1)
    assert CORE.decide(after(REQUEST, refused("a")), Ended()) == (ended,)


def test_facts_of_another_run_leave_the_state_as_it_is() -> None:
    assert after(REQUEST, transcribed("a", "other")) == after(REQUEST)
    assert after(REQUEST, ENDED.model_copy(update={"run_id": "other"})) == after(REQUEST)

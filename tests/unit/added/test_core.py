"""Which files of a kind are read, refused and left: a run takes up what is added, and lets go of what is removed."""

from typing import Any

import pytest

from shared.added.core import Ended, EndRun, ReadFiles, State, added_core
from shared.added.kinds import KINDS, LECTURES, AddedKind
from shared.events import BlobRef, Event
from shared.events.base import Data, StageEvent

REF = BlobRef(key="courses/c/ab/abc", sha256="ab" * 32, size=3, media_type="application/pdf")


class World:
    """The facts about files of one kind."""

    def __init__(self, kind: AddedKind) -> None:
        self.kind, self.core = kind, added_core(kind)
        self.request = self.fact(kind.requested, owner="ann", **kind.listing([self.asked("a")]))

    def fact(self, made: type[Any], run_id: str = "r", **fields: Any) -> Any:
        return made.model_validate({"course_id": "c", "run_id": run_id, **fields})

    def asked(self, name: str) -> Data:
        sent = {"captions": REF, "session_id": name} if self.kind is LECTURES else {"blob": REF}
        about = {self.kind.key: name, "file_name": name, "title": name, "path": f"{name}.md", **sent}
        return self.kind.asked.model_validate(about)

    def added(self, name: str) -> Event:
        about = {**self.asked(name).model_dump(), "file_name": name, "session_id": name}
        return self.kind.added.model_validate({"course_id": "c", **about})

    def read(self, name: str, run_id: str = "r") -> StageEvent:
        refs = dict.fromkeys(("text", "pages", "captions", "times", "files", "folders"), REF)
        about = {self.kind.key: name, "source_id": "s", "path": f"{name}.md", "title": "", "reader": "reader"}
        made: StageEvent = self.fact(self.kind.read, run_id, **about, **refs, page_count=1, seconds=60)
        return made

    def refused(self, name: str) -> StageEvent:
        made: StageEvent = self.fact(self.kind.refused, **{self.kind.key: name}, error="empty", message="It is empty")
        return made

    def ended(self, read: int, refused: int, run_id: str = "r") -> Event:
        made: Event = self.fact(self.kind.finished, run_id, **{self.kind.counted: read}, refused=refused)
        return made

    def after(self, *events: Event) -> State:
        state = self.core.initial
        for event in events:
            state = self.core.evolve(state, event)
        return state


@pytest.fixture(params=KINDS, ids=lambda kind: kind.stage)
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def test_files_are_read_until_none_is_left(world: World) -> None:
    core, after, request = world.core, world.after, world.request
    assert core.next_action(after(world.added("a"))) is None
    assert core.next_action(after(request)) == ReadFiles((world.asked("a"),))
    assert core.plan(after(request, world.read("a"), world.added("b"))) == {world.kind.planned: 2}
    done = after(request, world.read("a"))
    assert core.next_action(done) == EndRun()
    assert core.decide(after(request), world.read("a")) == (world.read("a"),)
    assert core.decide(done, Ended()) == (world.ended(1, 0),)
    assert core.next_action(after(request, world.read("a"), world.ended(1, 0))) is None


def test_a_file_that_is_added_meanwhile_keeps_the_run_from_ending(world: World) -> None:
    state = world.after(world.request, world.read("a"), world.added("b"))
    assert world.core.decide(state, Ended()) == ()
    assert world.core.next_action(state) == ReadFiles((world.asked("b"),))


def test_a_file_that_was_removed_meanwhile_is_not_recorded(world: World) -> None:
    removed = world.kind.removed.model_validate({"course_id": "c", world.kind.key: "a", "by": "ann"})
    state = world.after(world.request, removed)
    assert world.core.decide(state, world.read("a")) == world.core.decide(state, world.refused("a")) == ()
    assert world.core.next_action(state) == EndRun()


def test_a_refused_file_does_not_stop_the_others(world: World) -> None:
    core, after, request = world.core, world.after, world.request
    assert core.decide(after(request), world.refused("a")) == (world.refused("a"),)
    state = after(request, world.added("b"), world.refused("a"))
    assert core.next_action(state) == ReadFiles((world.asked("b"),))
    assert core.decide(after(request, world.refused("a")), Ended()) == (world.ended(0, 1),)


def test_facts_of_another_run_leave_the_state_as_it_is(world: World) -> None:
    assert world.after(world.request, world.read("a", "other")) == world.after(world.request)
    assert world.after(world.request, world.ended(1, 0, "other")) == world.after(world.request)


def test_facts_of_another_kind_leave_the_state_as_it_is(world: World) -> None:
    other = World(next(one for one in KINDS if one is not world.kind))
    assert world.after(world.request, other.added("b"), other.read("a")) == world.after(world.request)

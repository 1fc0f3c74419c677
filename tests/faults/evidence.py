"""Rounds of kills: in each, one process of every kind dies at a point of its own while courses are made."""

import functools
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from cli.local.outside_clusters import remove_below
from shared.kernel.kill_points import KillPoint
from tests.faults.compare import Difference, compare
from tests.faults.kills import DURING_CALL, Arena, Call, Kill, arena
from tests.faults.promise import Scale

_ROUNDS = {Scale.quick: 2, Scale.full: 72}
_ENGINES = {Scale.quick: ("anthropic",), Scale.full: ("offline", "anthropic")}
_SEED = 20261121
_RECEIVED, _HALF, _DONE, _SENT, _STORED = (
    KillPoint.message_received, KillPoint.effect_half_done, KillPoint.effect_done, KillPoint.event_sent,
    KillPoint.event_stored,
)  # fmt: skip


# What each stage asks a model for.
ANSWERS = {"doc_analyser": "AnalysisAnswer", "pathway": "PathwaysAnswer", "modules": "LessonAnswer"}


def _of_stage(name: str, half: int, facts: int, calls: int = 0) -> list[Kill]:
    """A stage's points with the highest number of times at which each is surely reached by a course."""
    answers = ANSWERS.get(name, "")
    own = [
        Kill(name, point, name, most)
        for point, most in ((_STORED, facts), (_RECEIVED, 1), (_HALF, half), (_DONE, facts), (_SENT, facts))
    ]
    asked = [
        Kill(name, point, answers, calls)
        for point in (KillPoint.answer_stored, KillPoint.answer_received, DURING_CALL, KillPoint.before_call)
    ]
    return [kill for pair in zip(own, asked, strict=False) for kill in pair] + own[4:] if answers else own


# For each process: where it can die, and the last time there that every round gets to.
PLACES: tuple[tuple[Kill, ...], ...] = (
    tuple(_of_stage("repo_clone", half=2, facts=2)),
    tuple(_of_stage("doc_analyser", half=3, facts=5, calls=3)),
    tuple(_of_stage("documents", half=1, facts=2)),
    (Kill("lectures", KillPoint.answer_stored, "lectures", 2), *_of_stage("lectures", half=2, facts=5)),
    tuple(_of_stage("pathway", half=4, facts=6, calls=2)),
    tuple(_of_stage("modules", half=6, facts=8, calls=10)),
    (
        Kill("projector", KillPoint.before_commit, "projector", 8),
        Kill("projector", _SENT, "autopilot", 4),
        Kill("projector", KillPoint.after_commit, "projector", 8),
        Kill("projector", _STORED, "autopilot", 4),
        Kill("projector", _DONE, "autopilot", 4),
    ),
    tuple(Kill("gateway", point, "gateway", 2) for point in (_STORED, _SENT, _DONE)),
)


@dataclass(frozen=True)
class Asked:
    """The calls of a round, and the kills that happened in it."""

    kills: tuple[Kill, ...]
    calls: tuple[Call, ...]


@dataclass
class Evidence:
    """The results of all rounds. `unreached` are kills that did not happen."""

    courses: int = 0
    kills: list[Kill] = field(default_factory=list)
    unreached: list[Kill] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    differences: list[tuple[str, Difference]] = field(default_factory=list)
    asked_without_faults: list[Call] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def plan(rounds: int) -> Iterator[list[Kill]]:
    """The same kills each time: every point of every process in turn, at a time drawn by seed."""
    draw = random.Random(_SEED)
    for chosen in islice(zip(*(cycle(places) for places in PLACES), strict=True), rounds):
        yield [Kill(kill.process, kill.point, kill.where, draw.randint(1, kill.hit)) for kill in chosen]


@functools.cache
def gather(scale: Scale) -> Evidence:
    """Made once for all promises that look at it."""
    folder = Path(tempfile.mkdtemp(prefix="coursewright-kills-"))
    folder.chmod(0o755)  # PostgreSQL's own user has to get through
    try:
        evidence = _gather(scale, folder)
    finally:
        remove_below(folder)
    if not evidence.differences and not evidence.unfinished:
        shutil.rmtree(folder, ignore_errors=True)
    return evidence


def _gather(scale: Scale, folder: Path) -> Evidence:
    evidence = Evidence()
    with arena(folder) as running:
        engines = _ENGINES[scale]
        expected = {engine: running.snapshot(_finish(running, [engine], [])[0]) for engine in engines}
        evidence.asked_without_faults = running.calls
        ends: list[tuple[str, str, str]] = []
        for kills in plan(_ROUNDS[scale]):
            ends += _round(running, engines, kills, evidence)
            evidence.courses += len(engines)
        for engine, course_id, about in ends:
            difference = compare(running.snapshot(course_id), expected[engine])
            if difference.lost or difference.doubled:
                evidence.differences.append((f"{engine} course {course_id} ({about})", difference))
    return evidence


def _round(
    running: Arena, engines: Sequence[str], kills: Sequence[Kill], evidence: Evidence
) -> list[tuple[str, str, str]]:
    running.forget_answers_and_clones()
    running.calls = []
    for kill in kills:
        running.arm(kill)
    about = ", ".join(f"{kill.name} {kill.hit}" for kill in kills)
    failures: list[str] = []
    courses = _finish(running, engines, failures)
    happened = [kill for kill in kills if running.disarm(kill)]
    evidence.kills += happened
    evidence.unreached += [kill for kill in kills if kill not in happened]
    evidence.unfinished += [f"{failure} ({about})" for failure in failures]
    evidence.asked.append(Asked(tuple(happened), tuple(running.calls)))
    return [(engine, course_id, about) for engine, course_id in zip(engines, courses, strict=True)]


def _finish(running: Arena, engines: Sequence[str], failures: list[str]) -> list[str]:
    """A course of each engine, side by side, to the end; their ids."""
    courses = [running.request(engine) for engine in engines]
    for engine, course_id in zip(engines, courses, strict=True):
        end = running.wait_for_end(course_id)
        if end != "CourseGenerated":
            failures.append(f"the {engine} course {course_id} ended with {end or 'nothing'}")
    running.settle()
    return courses

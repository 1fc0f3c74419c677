"""Proof that the gates bite: of seeded mutations of each class at least ninety-five in a hundred are caught."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from shared.course.course_gates import check_course
from shared.course.model import Course, Module
from shared.course.quality_figures import read_course
from shared.docs.model import Document
from shared.docs.reader import read_document

from .generated import Generated, generate
from .mutations import MUTATIONS, name_section

COURSES = 6
MUTATIONS_PER_COURSE = 5
LEAST_CAUGHT = 0.95


@cache
def _make(seed: int, engine: str = "offline") -> tuple[Generated, frozenset[str]]:
    made = generate(seed)
    by_engine = made.course.engine.model_copy(update={"name": engine})
    made = replace(made, course=made.course.model_copy(update={"engine": by_engine}))
    return made, frozenset(_find(made, made.course))


@cache
def _read(path: str, data: bytes) -> Document:
    """A mutation changes the course and leaves the documents as they are: each is read once."""
    return read_document(path, data, {})


def _find(made: Generated, course: Course, known: Sequence[Module] = ()) -> set[str]:
    """Everything that gates and figures say of a course, as comparable lines."""
    documents = [_read(path, data) for path, data in made.files.items()]
    facts = read_course(course, lambda path: made.files[path], documents)
    # A module that was left alone says what it said before.
    changed = [m for m in facts.modules if m.module not in known]
    said = {f"{m.module.id} {f.gate} {f.where} {f.detail} {f.sentence}" for m in changed for f in m.findings}
    return said | {f"course {f.gate} {f.where} {f.detail}" for f in check_course(facts)}


@pytest.mark.parametrize("engine", ["offline", "anthropic"])
@pytest.mark.parametrize("name", MUTATIONS)
def test_mutations_of_a_class_are_caught(name: str, engine: str) -> None:
    tried, missed = 0, []
    for seed in range(COURSES):
        made, before = _make(seed, engine)
        for turn in range(MUTATIONS_PER_COURSE):
            mutated = MUTATIONS[name](made, Random(f"{name} {seed} {turn}"))
            if mutated is None:
                continue
            tried += 1
            if _find(made, mutated, made.course.modules) <= before:
                missed.append((seed, turn))
    assert tried >= COURSES
    assert len(missed) <= (1 - LEAST_CAUGHT) * tried, f"{len(missed)} of {tried} were missed: {missed}"


@pytest.mark.parametrize("seed", range(COURSES))
def test_a_generated_course_without_a_mutation_is_true(seed: int) -> None:
    _, found = _make(seed)
    assert {line.split()[1] for line in found} <= {"Q10", "K6-recall"}


def test_a_change_that_keeps_the_truth_is_not_caught() -> None:
    made, before = _make(0)
    module = made.course.modules[0]
    longer = module.model_copy(
        update={"conclusion": f"{module.conclusion}\n\nIn the next module you learn more of [it](#m1)."}
    )
    course = made.course.model_copy(update={"modules": [longer, *made.course.modules[1:]]})
    assert _find(made, course) == before


def test_a_link_to_a_section_that_is_there_is_not_caught() -> None:
    made, before = _make(0)
    for turn in range(MUTATIONS_PER_COURSE):
        assert _find(made, name_section(made, Random(turn))) <= before


def test_equal_seeds_make_equal_courses() -> None:
    assert generate(3).course == generate(3).course
    assert generate(3).course != generate(4).course

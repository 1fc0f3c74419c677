"""Ids stand once over a whole course, whoever wrote its modules and when."""

from dataclasses import replace
from typing import Any

import pytest

from shared.course.export.course_json import build_json
from shared.course.model import Module
from shared.course.schema import parse_course
from shared.kernel.errors import PermanentError
from tests.unit.writer.sample import make_brief, write

from .sample import course, modules

LISTS = ("documents", "concepts", "pathways", "modules")
PARTS = {"objectives": "objectives", "assessment": "items", "citations": "citations"}


def part_ids(module: Module) -> list[str]:
    return [part.id for parts in (module.objectives, module.assessment, module.citations) for part in parts]


@pytest.mark.parametrize("name", LISTS)
def test_a_course_whose_parts_share_an_id_is_refused(name: str) -> None:
    whole = course()
    parts: list[Any] = getattr(whole, name)
    with pytest.raises(PermanentError, match=f"two {name} have the id {parts[0].id}"):
        parse_course(build_json(whole.model_copy(update={name: [*parts, parts[0]]})))


@pytest.mark.parametrize(("name", "said"), PARTS.items())
def test_a_course_whose_modules_share_an_id_is_refused(name: str, said: str) -> None:
    first, *others = modules()
    parts: list[Any] = getattr(first, name)
    doubled = others[0].model_copy(update={name: [*getattr(others[0], name), parts[0]]})
    with pytest.raises(PermanentError, match=f"two {said} have the id {parts[0].id}"):
        parse_course(build_json(course().model_copy(update={"modules": [first, doubled, *others[1:]]})))


def test_modules_that_teach_the_same_have_ids_of_their_own() -> None:
    brief = make_brief()
    one = write(brief)
    other = write(replace(brief, module=brief.module.model_copy(update={"id": "m-other"})))
    ids = [*part_ids(one), *part_ids(other)]
    assert len(set(ids)) == len(ids)
    assert [(c.path, c.start_line) for c in one.citations] == [(c.path, c.start_line) for c in other.citations]
    assert [o.text for o in one.objectives] == [o.text for o in other.objectives]

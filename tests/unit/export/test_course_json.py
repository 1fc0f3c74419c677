"""course.json is written bit by bit."""

import json
import tracemalloc
from dataclasses import replace

import pytest

from shared.course.export.course_json import build_json
from shared.course.export.registry import FOLDERS, build_folder
from shared.course.model import Course
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw


def test_it_is_what_json_writes_in_one_piece() -> None:
    course = build_course()
    text = json.dumps(course.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
    assert build_json(course) == f"{text}\n".encode()


def test_a_long_one_takes_a_few_times_its_length() -> None:
    long_course = _long_course()
    tracemalloc.start()
    try:
        data = build_json(long_course)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * len(data)


@pytest.mark.parametrize("kind", FOLDERS)
def test_each_folder_holds_the_bytes_it_was_made_from(kind: str) -> None:
    text = build_json(build_course()) + b"\n"
    assert build_folder(kind, text, read_raw, PICTURES)["course.json"] is text


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_of_a_long_course_takes_a_few_times_its_length(kind: str) -> None:
    text = build_json(_long_course())
    build_folder(kind, build_json(build_course()), read_raw, {})  # templates and patterns are loaded
    tracemalloc.start()
    try:
        files = build_folder(kind, text, read_raw, {})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2 * sum(map(len, files.values()))


def _long_course() -> Course:
    course = build_course()
    documents = [replace(course.documents[0], id=f"d-{n}", path=f"docs/{n}.md") for n in range(5_000)]
    return course.model_copy(update={"documents": documents})

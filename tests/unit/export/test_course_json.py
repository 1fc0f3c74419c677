"""course.json is written bit by bit."""

import json
import tracemalloc
from dataclasses import replace

from shared.course.export.course_json import build_json
from tests.support.course_fixture import build_course


def test_it_is_what_json_writes_in_one_piece() -> None:
    course = build_course()
    text = json.dumps(course.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
    assert build_json(course) == f"{text}\n".encode()


def test_a_long_one_takes_a_few_times_its_length() -> None:
    course = build_course()
    documents = [replace(course.documents[0], id=f"d-{n}", path=f"docs/{n}.md") for n in range(5_000)]
    long_course = course.model_copy(update={"documents": documents})
    tracemalloc.start()
    try:
        data = build_json(long_course)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * len(data)

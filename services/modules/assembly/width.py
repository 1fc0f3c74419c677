"""The words in which a course says how much of the documentation its lessons hold. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from shared.course.model import Course, PathwayEntry

_WHOLE = 0.95
_CALLED = re.compile(r"(?:Nearly the|The) whole of (.+)")
_SAID = re.compile(r"\d+% of the lines that .+? writes for its users\.")


def say_width(course: Course, quality: Mapping[str, Any]) -> Course:
    """The course, called the whole only if its lessons hold 95 % of the lines: the plan did not know what checks would
    take out.
    """
    held = quality["K4"]["lines"]["value"]
    if held >= _WHOLE:
        return course
    ways = [_narrowed(way, held) for way in course.pathways]
    return course.model_copy(update={"pathways": ways})


def _narrowed(way: PathwayEntry, held: float) -> PathwayEntry:
    called = _CALLED.fullmatch(way.title)
    if way.kind != "complete" or called is None:
        return way
    said = f"{held:.0%} of the lines that {called[1]} writes for its users."
    title = f"{'Most' if held > 1 / 2 else 'Some'} of {called[1]}"
    return way.model_copy(update={"title": title, "description": _SAID.sub(lambda _: said, way.description, count=1)})

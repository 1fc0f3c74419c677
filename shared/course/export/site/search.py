"""The text a page's search looks through, as a script: a file opened from a disk may not be fetched, only included."""

import json
from collections.abc import Iterator, Sequence

from shared.course.export.lesson_html import RenderedText
from shared.course.model import Course
from shared.course.plain_text import show_plain

from .lessons import Lesson


def build_search_index(course: Course, lessons: Sequence[Lesson]) -> str:
    """`window.courseIndex`: rows of (href, page title, heading, text), one for each heading's text and concept."""
    rows = [row for lesson in lessons for row in _lesson_rows(lesson)]
    titles = {lesson.entry.module.id: lesson.entry.module.title for lesson in lessons}
    for concept in sorted(course.concepts, key=lambda concept: (concept.name.casefold(), concept.id)):
        where = titles.get(concept.module_id or "", "")
        rows.append((f"glossary.html#concept-{concept.id}", "Glossary", concept.name, where))
    return f"window.courseIndex = {json.dumps(rows, ensure_ascii=False, separators=(',', ':'))};\n"


def _lesson_rows(lesson: Lesson) -> Iterator[tuple[str, str, str, str]]:
    module, href = lesson.entry.module, lesson.entry.href
    objectives = " ".join(show_plain(objective.text) for objective in module.objectives)
    yield href, module.title, "", f"{module.description} {objectives}".strip()
    yield from _text_rows(lesson, lesson.introduction, "")
    yield from _text_rows(lesson, lesson.main, "")
    yield from _text_rows(lesson, lesson.conclusion, "page-conclusion")
    yield from _text_rows(lesson, lesson.summary, "page-summary")
    for question in lesson.questions:
        item = module.assessment[question.number - 1]
        yield f"{href}#item-{item.id}", module.title, f"Question {question.number}", show_plain(item.stem)


def _text_rows(lesson: Lesson, rendered: RenderedText, anchor: str) -> Iterator[tuple[str, str, str, str]]:
    titles = {"": "", "page-conclusion": "Where this leads", "page-summary": "Summary"}
    href, page = lesson.entry.href, lesson.entry.module.title
    places = [(anchor, titles[anchor]), *((heading.id, heading.text) for heading in rendered.headings)]
    for (place, heading), body in zip(places, rendered.words, strict=True):
        if body or place != anchor:
            yield (f"{href}#{place}" if place else href), page, heading, body

"""The text a page's search looks through, as a script: a file opened from a disk may not be fetched, only included."""

import json
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from shared.course.commonmark import new_parser
from shared.course.export.lesson_html import RenderedText
from shared.course.model import Course
from shared.course.sentence_marks import strip_marks

from .lessons import Lesson

_PARSER = new_parser()


def build_search_index(course: Course, lessons: Sequence[Lesson]) -> str:
    """`window.courseIndex`: the language, and rows of (href, page title, heading, text), one for each heading's text
    and concept.
    """
    rows = [row for lesson in lessons for row in _lesson_rows(lesson)]
    titles = {lesson.entry.module.id: lesson.entry.module.title for lesson in lessons}
    for concept in sorted(course.concepts, key=lambda concept: (concept.name.casefold(), concept.id)):
        said = concept.gloss or titles.get(concept.module_id or "", "")
        rows.append((f"glossary.html#concept-{concept.id}", "Glossary", concept.name, said))
    index = {"language": course.language.partition("-")[0].lower(), "rows": rows}
    return f"window.courseIndex = {json.dumps(index, ensure_ascii=False, separators=(',', ':'))};\n"


def _lesson_rows(lesson: Lesson) -> Iterator[tuple[str, str, str, str]]:
    module, href = lesson.entry.module, lesson.entry.href
    objectives = " ".join(objective.text for objective in module.objectives)
    yield href, module.title, "", f"{module.description} {_plain(objectives)}".strip()
    yield from _text_rows(lesson, module.introduction, lesson.introduction, "")
    yield from _text_rows(lesson, module.main_content, lesson.main, "")
    yield from _text_rows(lesson, module.conclusion, lesson.conclusion, "page-conclusion")
    yield from _text_rows(lesson, module.summary, lesson.summary, "page-summary")
    for question in lesson.questions:
        item = module.assessment[question.number - 1]
        yield f"{href}#item-{item.id}", module.title, f"Question {question.number}", _plain(item.stem)


def _text_rows(lesson: Lesson, text: str, rendered: RenderedText, anchor: str) -> Iterator[tuple[str, str, str, str]]:
    titles = {"": "", "page-conclusion": "Where this leads", "page-summary": "Summary"}
    href, page = lesson.entry.href, lesson.entry.module.title
    places = [(anchor, titles[anchor]), *((heading.id, heading.text) for heading in rendered.headings)]
    for (place, heading), body in zip(places, _split_at_headings(text), strict=True):
        if body or place != anchor:
            yield (f"{href}#{place}" if place else href), page, heading, body


def _split_at_headings(text: str) -> list[str]:
    """The plain text before the first heading, and of each heading, code included."""
    parts: list[list[str]] = [[]]
    in_heading = False
    for token in _PARSER.parse(text):
        if token.type == "heading_open":
            parts.append([])
        if token.type in ("fence", "code_block"):
            parts[-1].append(token.content)
        elif token.type == "inline" and not in_heading:
            parts[-1].append(_inline_text(token))
        in_heading = token.type == "heading_open"
    return [_flat(" ".join(part)) for part in parts]


def _plain(text: str) -> str:
    return _flat(" ".join(_split_at_headings(text)))


def _inline_text(inline: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": " ", "html_inline": " "}
    kept = (breaks.get(child.type, child.content) for child in inline.children or [])
    return strip_marks("".join(kept))


def _flat(text: str) -> str:
    return " ".join(text.split())

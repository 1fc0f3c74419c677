"""Puts the site together: pages from templates, style and scripts, search data, pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from shared.course.export.cited import SpanReader, cited_pages
from shared.course.export.lesson_html import PageLinks, render_markdown
from shared.course.export.pictures import measure_picture, safe_pictures
from shared.course.export.templating import load_templates, render
from shared.course.model import Course
from shared.course.plain_text import show_plain
from shared.course.quality_words import NOT_CHECKED
from shared.course.sentence_marks import strip_marks
from shared.look import read_style

from .lessons import LessonBuilder
from .overview import build_front, build_glossary, build_map, build_sources, list_terms
from .quality import build_quality
from .search import build_search_index
from .shell import build_shell, build_way_rules, build_way_steps


@dataclass(frozen=True)
class Page:
    """A page to be rendered: its file, its template, and the values the template names."""

    name: str
    template: str
    values: dict[str, Any]


def build_site(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name → contents of the whole site; `index.html` is where to begin."""
    safe = safe_pictures(pictures)
    reader = SpanReader(course, raw, pictures)
    shell = build_shell(course, ".html")
    terms = list_terms(course, shell, reader)
    sizes = {name: measure_picture(name, data) for name, data in safe.items()}
    builder = LessonBuilder(course, shell, reader, sizes, terms)
    lessons = [builder.build(entry) for entry in shell.modules]
    pages = [
        Page("index.html", "index.html", {"front": build_front(course, shell)}),
        *(Page(lesson.entry.href, "module.html", {"lesson": lesson}) for lesson in lessons),
        Page("sources.html", "sources.html", {"sources": build_sources(course, shell)}),
        Page("quality.html", "quality.html", {"quality": build_quality(course), "not_checked": NOT_CHECKED}),
    ]
    if shell.has_recall:
        pages.append(Page("recall.html", "recall.html", {"lessons": lessons}))
    if shell.has_concepts:
        pages.append(Page("glossary.html", "glossary.html", {"letters": build_glossary(terms)}))
    if shell.has_map:
        pages.append(Page("map.html", "map.html", {"concepts": build_map(course, shell)}))
    files = {
        page.name: render(
            _templates(), page.template, shell=shell, root="../" * page.name.count("/"), here=page.name, **page.values
        )
        for page in pages
    }
    files["ways.css"] = build_way_rules(shell.ways).encode()
    files["ways.js"] = build_way_steps(shell).encode()
    files["search-index.js"] = build_search_index(course, lessons).encode()
    return files | read_style() | _scripts() | safe | cited_pages(course, pictures)


@cache
def _templates() -> Environment:
    filters = {"first_line": _first_line, "other_lines": _other_lines}
    return load_templates("shared.course.export.site", "templates", filters, html=True)


@cache
def _scripts() -> dict[str, bytes]:
    folder = files("shared.course.export.site") / "static"
    return {f"static/{entry.name}": entry.read_bytes() for entry in sorted(folder.iterdir(), key=lambda one: one.name)}


def _first_line(text: str) -> str:
    return show_plain(text.strip().partition("\n")[0])


def _other_lines(text: str) -> Markup:
    """What a question goes on with, such as the code that it asks about; its citations stand in its module."""
    return render_markdown(strip_marks(text.strip().partition("\n")[2]), PageLinks()).html

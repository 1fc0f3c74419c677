"""Puts the site together: pages from templates, style and scripts, search data, pictures."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from shared.course.export.cited import SpanReader
from shared.course.export.naming import name_source
from shared.course.export.pictures import measure_picture, safe_pictures
from shared.course.model import Course
from shared.course.naming import minutes_in_words
from shared.course.quality_words import NOT_CHECKED

from .lessons import LessonBuilder
from .overview import build_front, build_glossary, build_map, build_sources
from .quality import build_quality
from .search import build_search_index
from .shell import Shell, build_shell, build_way_rules

_PIECES_TOGETHER = 256


@dataclass(frozen=True)
class Page:
    """A page to be rendered: its file, its template, and the values the template names."""

    name: str
    template: str
    values: dict[str, Any]


def build_site(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name → contents of the whole site; `index.html` is where to begin."""
    safe = safe_pictures(pictures)
    reader = SpanReader(course, raw)
    shell = build_shell(course)
    builder = LessonBuilder(course, shell, reader, {name: measure_picture(name, data) for name, data in safe.items()})
    lessons = [builder.build(entry) for entry in shell.modules]
    pages = [
        Page("index.html", "index.html", {"front": build_front(course, shell)}),
        *(Page(lesson.entry.href, "module.html", {"lesson": lesson}) for lesson in lessons),
        Page("sources.html", "sources.html", {"sources": build_sources(course, shell)}),
        Page("quality.html", "quality.html", {"quality": build_quality(course), "not_checked": NOT_CHECKED}),
    ]
    if shell.has_concepts:
        pages.append(Page("glossary.html", "glossary.html", {"letters": build_glossary(course, shell, reader)}))
    if shell.has_map:
        pages.append(Page("map.html", "map.html", {"concepts": build_map(course, shell)}))
    files = {page.name: _render(page, shell) for page in pages}
    files["ways.css"] = build_way_rules(shell.ways).encode()
    files["search-index.js"] = build_search_index(course, lessons).encode()
    return files | _static_files() | safe


def _render(page: Page, shell: Shell) -> bytes:
    """The page, written bit by bit: a list of sources may have as many lines as the repository has files."""
    root = "../" * page.name.count("/")
    template = _environment().get_template(page.template)
    stream = template.stream(shell=shell, root=root, here=page.name, **page.values)
    stream.enable_buffering(_PIECES_TOGETHER)
    written = io.BytesIO()
    stream.dump(written, encoding="utf-8")
    return written.getvalue()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("shared.course.export.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["minutes"] = minutes_in_words
    environment.filters["name_source"] = name_source
    return environment


@cache
def _static_files() -> dict[str, bytes]:
    folder = files("shared.course.export.site") / "static"
    found = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {f"static/{entry.name}": entry.read_bytes() for entry in found if entry.is_file()}

"""The Markdown folder: readable on any code host, with footnotes that lead to the cited lines."""

import re
from collections.abc import Callable, Mapping

from shared.course.assessment_markdown import render_assessment
from shared.course.model import Course, Module

from .cited import CitedSpan, SpanReader
from .course_json import build_json
from .fence_marks import move_marks_out_of_fences
from .front_pages import list_problems, render_glossary, render_readme, render_sources
from .naming import escape_title, module_name
from .pictures import safe_pictures

_MARK = re.compile(r"\[\^([A-Za-z0-9_.:-]+)\]")
_PICTURE = re.compile(r"\]\((assets/[0-9a-f]{64}\.[a-z]+)")
_INTERNAL = re.compile(r"\]\(#([^)\s]+)")


def build_markdown(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name → contents: README.md, modules/NN-slug.md, glossary.md, sources.md, assets/, course.json."""
    reader = SpanReader(course, raw)
    names = {module.id: f"{module_name(module, len(course.modules))}.md" for module in course.modules}
    texts = {
        "README.md": render_readme(course, names),
        "sources.md": render_sources(course),
    }
    if course.concepts:
        texts["glossary.md"] = render_glossary(course, names, reader)
    for module in course.modules:
        texts[f"modules/{names[module.id]}"] = _render_module(module, course, names, reader)
    files = {name: text.encode() for name, text in texts.items()}
    return files | safe_pictures(pictures) | {"course.json": build_json(course)}


def _render_module(module: Module, course: Course, names: Mapping[str, str], reader: SpanReader) -> str:
    spans = reader.read_all(module.citations)
    parts = [
        _front_matter(module),
        f"# {escape_title(module.title)}",
        _what_is_missing(module),
        _objectives(module),
        module.introduction,
        module.main_content,
        _titled("Check yourself", render_assessment(module.assessment)),
        _titled("Where this leads", module.conclusion),
        _titled("Summary", module.summary),
        _ways_on(module, course, names),
    ]
    body = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    body = move_marks_out_of_fences(body)
    body = _PICTURE.sub(r"](../\1", body)
    body = _INTERNAL.sub(lambda found: _internal_link(found, names), body)
    notes = _footnotes(body, spans)
    return "\n\n".join([body, *([notes] if notes else [])]) + "\n"


def _internal_link(found: re.Match[str], names: Mapping[str, str]) -> str:
    name = names.get(found.group(1))
    return found.group(0) if name is None else f"]({name}"


def _front_matter(module: Module) -> str:
    lines = [
        "---",
        f"title: {_yaml(module.title)}",
        f"description: {_yaml(module.description)}",
        f"id: {_yaml(module.id)}",
        f"order: {module.order}",
        f"minutes: {module.estimated_minutes}",
        f"status: {module.status}",
        "---",
    ]
    return "\n".join(lines)


def _yaml(text: str) -> str:
    """A YAML double-quoted scalar: any text, no surprises."""
    flat = " ".join(text.split())
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _what_is_missing(module: Module) -> str:
    """The warning at the top of a module that is not complete; "" for the others."""
    return "" if module.status == "complete" else f"> **This module is incomplete**: {list_problems(module)}"


def _objectives(module: Module) -> str:
    if not module.objectives:
        return ""
    lines = [f"- {objective.text}" for objective in module.objectives]
    return "\n".join(["After this module you can:", "", *lines])


def _titled(title: str, text: str) -> str:
    return f"## {title}\n\n{text.strip()}" if text.strip() else ""


def _ways_on(module: Module, course: Course, names: Mapping[str, str]) -> str:
    ordered = sorted(course.modules, key=lambda other: other.order)
    position = ordered.index(module)
    links = []
    if position > 0:
        before = ordered[position - 1]
        links.append(f"Before: [{escape_title(before.title)}]({names[before.id]})")
    links.append("[Overview](../README.md)")
    if position + 1 < len(ordered):
        after = ordered[position + 1]
        links.append(f"Next: [{escape_title(after.title)}]({names[after.id]})")
    return "---\n\n" + " · ".join(links)


def _footnotes(body: str, spans: Mapping[str, CitedSpan]) -> str:
    """One definition for each cited span that the body marks, in the order of the marks."""
    used = dict.fromkeys(found for found in _MARK.findall(body) if found in spans)
    return "\n".join(_footnote(spans[citation_id]) for citation_id in used)


def _footnote(span: CitedSpan) -> str:
    place = f"{span.path}, {span.place}"
    shown = f"[{place}]({span.url})" if span.url else f"`{span.path}`, {span.place}"
    return f"[^{span.id}]: {shown} at commit `{span.commit[:12]}`"

"""The Markdown folder: readable on any code host, with footnotes that lead to the cited lines."""

import re
from collections.abc import Callable, Mapping, Sequence

from shared.course.assessment_markdown import render_answers, render_assessment, render_questions
from shared.course.model import Course, Item, Module, NotTaught

from .cited import CitedSpan, SpanReader
from .fence_marks import move_marks_out_of_fences
from .front_pages import list_problems, render_glossary, render_readme, render_sources
from .hosts import file_url
from .naming import escape_title, module_name
from .pictures import safe_pictures
from .ways import Way, list_ways

_MARK = re.compile(r"\[\^([A-Za-z0-9_.:-]+)\]")
_PICTURE = re.compile(r"\]\((assets/[0-9a-f]{64}\.[a-z]+)")
_INTERNAL = re.compile(r"\]\(#([^)\s]+)")


def build_markdown(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name → contents: README.md, modules/NN-slug.md, glossary.md, sources.md, assets/."""
    reader = SpanReader(course, raw)
    names = {module.id: f"{module_name(module, len(course.modules))}.md" for module in course.modules}
    whole = _Whole(course, list_ways(course), names, reader)
    texts = {
        "README.md": render_readme(course, names),
        "sources.md": render_sources(course),
    }
    if course.concepts:
        texts["glossary.md"] = render_glossary(course, names, reader)
    for module in course.modules:
        texts[f"modules/{names[module.id]}"] = _render_module(module, whole)
    files = {name: text.encode() for name, text in texts.items()}
    return files | safe_pictures(pictures)


class _Whole:
    """The data that the pages of all modules share: the ways, the files' names, and items and citations by id."""

    def __init__(self, course: Course, ways: Sequence[Way], names: Mapping[str, str], reader: SpanReader) -> None:
        self.ways = ways
        self.names = names
        self.reader = reader
        self.items = {item.id: (module, item) for module in course.modules for item in module.assessment}
        self.citations = {citation.id: citation for module in course.modules for citation in module.citations}
        self.documents = {document.id: document for document in course.documents}
        self.sources = {source.id: source for source in course.sources}


def _render_module(module: Module, whole: _Whole) -> str:
    recalled = [whole.items[one] for one in module.recall if one in whole.items]
    parts = [
        _front_matter(module),
        f"# {escape_title(module.title)}",
        _what_is_missing(module),
        _objectives(module),
        _titled("Do you remember?", _recall(recalled, whole.names)),
        module.introduction,
        module.main_content,
        _titled("Check yourself", render_assessment(module.assessment)),
        _titled("Answers to “Do you remember?”", render_answers([item for _, item in recalled])),
        _titled("Where this leads", module.conclusion),
        _titled("Summary", module.summary),
        _titled("Also in the documentation", "\n".join(_left_out(entry, whole) for entry in module.not_taught)),
        _ways_on(module, whole),
    ]
    body = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    body = move_marks_out_of_fences(body)
    body = _PICTURE.sub(r"](../\1", body)
    body = _INTERNAL.sub(lambda found: _internal_link(found, whole.names), body)
    notes = _footnotes(body, whole)
    return "\n\n".join([body, *([notes] if notes else [])]) + "\n"


def _recall(recalled: Sequence[tuple[Module, Item]], names: Mapping[str, str]) -> str:
    if not recalled:
        return ""
    homes = dict.fromkeys(f"[{escape_title(home.title)}]({names[home.id]})" for home, _ in recalled)
    return f"From {', '.join(homes)}.\n\n{render_questions([item for _, item in recalled])}"


def _left_out(entry: NotTaught, whole: _Whole) -> str:
    document = whole.documents.get(entry.document_id)
    heading = escape_title(entry.heading)
    if document is None:
        return f"- {heading}: {entry.reason}"
    source = whole.sources[document.source_id]
    url = file_url(source.url, source.commit, document.path)
    return f"- [{heading}]({url}): {entry.reason}" if url else f"- {heading} (`{document.path}`): {entry.reason}"


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


def _ways_on(module: Module, whole: _Whole) -> str:
    """The neighbours in each way that holds the module; several ways are named."""
    lines = []
    for way in whole.ways:
        step = way.find(module.id)
        if step is not None:
            named = f"{escape_title(way.title)}: " if len(whole.ways) > 1 else ""
            before, after = way.around(step)
            links = [
                f"{word}: [{escape_title(other.module.title)}]({whole.names[other.module.id]})"
                for word, other in (("Before", before), ("Next", after))
                if other is not None
            ]
            lines += [f"{named}{' · '.join(links)}"] if links else []
    return "\n\n".join(["---", *lines, "[Overview](../README.md)"])


def _footnotes(body: str, whole: _Whole) -> str:
    """One definition for each cited span that the body marks, in the order of the marks."""
    used = dict.fromkeys(found for found in _MARK.findall(body) if found in whole.citations)
    return "\n".join(_footnote(whole.reader.read(whole.citations[citation_id])) for citation_id in used)


def _footnote(span: CitedSpan) -> str:
    place = f"{span.path}, {span.place}"
    shown = f"[{place}]({span.url})" if span.url else f"`{span.path}`, {span.place}"
    return f"[^{span.id}]: {shown} at commit `{span.commit[:12]}`"

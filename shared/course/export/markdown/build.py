"""The Markdown folder: readable on any code host, with footnotes that lead to the cited lines."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from shared.course.assessment_markdown import render_answers, render_assessment, render_questions
from shared.course.export.cited import CitedSpan, SpanReader
from shared.course.export.concept_map import list_known, own_gloss
from shared.course.export.fence_marks import move_marks_out_of_fences
from shared.course.export.hosts import file_url
from shared.course.export.naming import escape_title, tell_version
from shared.course.export.pictures import safe_pictures
from shared.course.export.site.overview import build_sources, list_terms
from shared.course.export.site.shell import LicenceNote, Shell, build_shell
from shared.course.export.templating import load_templates, render
from shared.course.export.ways import list_offers
from shared.course.field_text import read_module
from shared.course.in_words import counted
from shared.course.model import Course, Item, Module, NotTaught
from shared.course.section_links import Spot, list_fragments, slug_heading, title_of
from shared.course.sentence_marks import mask_protected

_MARK = re.compile(r"\[\^([A-Za-z0-9_.:-]+)\]")
_PICTURE = re.compile(r"\]\((assets/[0-9a-f]{64}\.[a-z]+)")
_INTERNAL = re.compile(r"\]\(#([^)\s]+)(?: \"([^\"]*)\")?\)")


def build_markdown(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name → contents: README.md, modules/NN-slug.md, glossary.md, sources.md, assets/."""
    shell, reader = build_shell(course, ".md"), SpanReader(course, raw, pictures)
    whole = _Whole(course, shell, reader)
    modules = {entry.href: _render_module(entry.module, whole).encode() for entry in shell.modules}
    return dict(_render_front(course, shell, whole)) | modules | safe_pictures(pictures)


def _render_front(course: Course, shell: Shell, whole: "_Whole") -> Iterator[tuple[str, bytes]]:
    """The pages that are not modules."""
    terms = [
        replace(term, at=whole.anchors[term.entry.module.id][term.at]) if term.entry and term.at else term
        for term in list_terms(course, shell, whole.reader)
        if term.gloss
    ]
    values = {
        "shell": shell,
        "level": course.audience.complexity_level,
        "items": sum(len(module.assessment) for module in course.modules),
        "offers": list_offers(course),
        "sources": build_sources(course, shell),
        "terms": sorted(terms, key=lambda term: (term.name.casefold(), term.id)),
    }
    for name in ("README.md", "sources.md", *(["glossary.md"] if terms else [])):
        yield name, render(_TEMPLATES, f"{name}.jinja", **values)


class _Whole:
    """The data that the pages of all modules share: the ways, the files' names, and items and citations by id."""

    def __init__(self, course: Course, shell: Shell, reader: SpanReader) -> None:
        self.ways, self.known = shell.ways, list_known(course)
        # Every module lies in one folder, so a neighbour is named by its file alone.
        self.names = {entry.module.id: entry.href.rpartition("/")[2] for entry in shell.modules}
        self.spots = shell.spots
        self.titles = {entry.module.id: entry.module.title for entry in shell.modules}
        self.reader = reader
        self.items = {item.id: (module, item) for module in course.modules for item in module.assessment}
        self.citations = {citation.id: citation for module in course.modules for citation in module.citations}
        self.documents = {document.id: document for document in course.documents}
        self.sources = {source.id: source for source in course.sources}
        self.concepts = {concept.id: concept for concept in course.concepts}
        self.anchors = {entry.module.id: self._number(entry.module) for entry in shell.modules}

    def recalled(self, module: Module) -> list[tuple[Module, Item]]:
        """The items that open a module, with their modules."""
        return [self.items[one] for one in module.recall if one in self.items]

    def _number(self, module: Module) -> dict[str, str]:
        """The fragments of a module's headings as they are on its page, where a title and questions stand above."""
        above = ["Do you remember?", *(f"Question {at}" for at, _ in enumerate(self.recalled(module), 1))]
        above = [module.title, *(above if above[1:] else [])]
        own = [heading.text for text in read_module(module) for heading in text.headings]
        return dict(zip(list_fragments(own), list_fragments([*above, *own])[len(above) :], strict=True))


def _render_module(module: Module, whole: _Whole) -> str:
    recalled = whole.recalled(module)
    parts = [
        _front_matter(module),
        f"# {escape_title(module.title)}",
        _what_is_missing(module),
        _objectives(module),
        _needs(module, whole),
        _titled("Do you remember?", _recall(recalled, whole.names)),
        module.introduction,
        module.main_content,
        _titled("Check yourself", render_assessment(module.assessment)),
        _titled("Answers to “Do you remember?”", render_answers([item for _, item in recalled])),
        _titled("Where this leads", module.conclusion),
        _titled("Summary", module.summary),
        _titled("Concepts", _concepts(module, whole)),
        _titled(
            "Also in the documentation", "\n".join(dict.fromkeys(_left_out(one, whole) for one in module.not_taught))
        ),
        _ways_on(module, whole),
    ]
    body = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    body = move_marks_out_of_fences(body)
    prose = mask_protected(body)
    body = _INTERNAL.sub(
        lambda found: _internal_link(found, module.id, whole) if prose[found.start()] == "]" else found.group(), body
    )
    body = _PICTURE.sub(r"](../\1", body)
    notes = _footnotes(body, whole)
    return "\n\n".join([body, *([notes] if notes else [])]) + "\n"


def _recall(recalled: Sequence[tuple[Module, Item]], names: Mapping[str, str]) -> str:
    if not recalled:
        return ""
    homes = dict.fromkeys(f"[{escape_title(home.title)}]({names[home.id]})" for home, _ in recalled)
    # The lesson opens without a heading: the line parts it from the last question.
    return f"From {', '.join(homes)}.\n\n{render_questions([item for _, item in recalled])}\n\n---"


def _left_out(entry: NotTaught, whole: _Whole) -> str:
    document = whole.documents.get(entry.document_id)
    heading, reason = escape_title(entry.heading), entry.reason
    if entry.told_in in whole.names:
        reason = f"told in [{escape_title(whole.titles[entry.told_in])}]({whole.names[entry.told_in]})"
    if document is None:
        return f"- {heading}: {reason}"
    source = whole.sources[document.source_id]
    url = file_url(source.url, source.commit, document.path)
    return f"- [{heading}]({url}): {reason}" if url else f"- {heading} (`{document.path}`): {reason}"


def _internal_link(found: re.Match[str], own: str, whole: _Whole) -> str:
    """A link as a file's name and the fragment of the heading that its title names; a gloss stays its title."""
    name, title = found.group(1), found.group(2) or ""
    if name not in whole.names:
        return f"](#{whole.anchors[own].get(name, name)})"
    spot = whole.spots[name].get(title, Spot("", gloss=True))
    at = f"#{whole.anchors[name][spot.fragment]}" if spot.fragment else ""
    return f"]({whole.names[name]}{at}" + (f' "{title}")' if title and spot.gloss else ")")


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
    return "" if module.status == "complete" else f"> **This module is incomplete**: {_list_problems(module)}"


def _list_problems(module: Module) -> str:
    """The missing parts of an incomplete module, in one line of Markdown."""
    return escape_title("; ".join(module.problems)) or "no reason was recorded"


def _objectives(module: Module) -> str:
    if not module.objectives:
        return ""
    lines = [f"- {objective.text}" for objective in module.objectives]
    return "\n".join(["After this module you can:", "", *lines])


def _needs(module: Module, whole: _Whole) -> str:
    terms = whole.known[module.id]
    known = [i for i in module.prerequisites if i in whole.names and i not in {term.module_id for term in terms}]
    links = ", ".join(f"[{escape_title(whole.titles[i])}]({whole.names[i]})" for i in known)
    named = ", ".join(f'[{escape_title(one.name)}](#{one.module_id} "{title_of(one.gloss)}")' for one in terms)
    each = "it is" if len(terms) == 1 else "each is"
    asked = f"Builds on {named}: say what {each} before you look." if terms else ""
    return " ".join(filter(None, (f"Builds on {links}." if links else "", asked)))


def _concepts(module: Module, whole: _Whole) -> str:
    """The concepts at home in a module with their glosses, what each builds on, and the names of those without a gloss;
    nothing where there are such names alone.
    """
    told, built, names = list[str](), list[str](), list[str]()
    for concept in whole.concepts.values():
        if concept.module_id == module.id:
            name = escape_title(concept.name)
            needs = [
                one for i in concept.prerequisites if (one := whole.concepts.get(i)) and one.module_id in whole.names
            ]
            links = ", ".join(f"[{escape_title(one.name)}]({whole.names[one.module_id or '']})" for one in needs)
            if own_gloss(concept):
                told.append(
                    f"- **{name}**: {escape_title(own_gloss(concept))}{f' Builds on {links}.' if links else ''}"
                )
            elif links:
                built.append(f"{name} (builds on {links})")
            else:
                names.append(name)
    beside = ", ".join([*built, *names]) if told or built else ""
    also = f"Also: {beside}" if told and beside else beside
    return "\n\n".join(filter(None, ("\n".join(told), also)))


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
    return f"[^{span.id}]: {_place(span, '../')}" + (f" at commit `{span.commit[:12]}`" if span.commit else "")


def _place(span: CitedSpan, root: str = "") -> str:
    """The lines of a citation in words, as a link where their host shows lines, or to the document at their page."""
    if span.asset:
        return f"[{escape_title(span.path)}, {span.place}]({root}{span.link})"
    return f"[{span.path}, {span.place}]({span.url})" if span.url else f"`{span.path}`, {span.place}"


def _linked(path: str, url: str | None) -> str:
    return f"[{path}]({url})" if url else f"`{path}`"


def _licence_file(note: LicenceNote) -> str:
    return f" [{escape_title(note.path)}]({note.url})" if note.url else f" (`{note.path}`)" if note.path else ""


_TEMPLATES = load_templates(
    "shared.course.export.markdown", "templates",
    {
        "counted": counted, "licence_file": _licence_file, "linked": _linked, "place": _place, "plain": escape_title,
        "problems": _list_problems, "slug": slug_heading, "version": tell_version,
    },
    html=False,
)  # fmt: skip

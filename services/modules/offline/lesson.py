"""The sections a module teaches, whole, in the pathway's order, as one text with citations."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.modules.offline.inline import open_links, show_heading
from services.modules.offline.render import SectionRenderer
from shared.course.links_check import slug_heading
from shared.docs.model import Document, Section
from shared.engine.citing import Citations
from shared.engine.port import ModuleBrief


@dataclass(frozen=True)
class TaughtSection:
    """A section of a document that a module teaches whole."""

    document_id: str
    path: str
    document: Document
    section: Section


@dataclass(frozen=True)
class Lesson:
    """`blocks` are the Markdown of the lesson, each a heading or a block; `taught` the sections they are from.

    `leading` counts the blocks at the start that are paragraphs without a heading.
    """

    blocks: tuple[str, ...]
    taught: tuple[TaughtSection, ...]


@dataclass(frozen=True)
class _Stop:
    """A section with the heading it is shown under; `level` 0 shows none. `taught` is false for a heading alone."""

    document_id: str
    section: Section
    heading: str
    level: int
    taught: bool


def teach(brief: ModuleBrief, citations: Citations) -> Lesson:
    """Everything the module's sections hold."""
    stops = _name_apart(_plan(brief))
    headings = {
        (brief.documents[stop.document_id].path, stop.section.anchor): stop.heading for stop in stops if stop.level
    }
    blocks: list[str] = []
    taught: list[TaughtSection] = []
    renderers = {
        document_id: SectionRenderer(document.path, citations, open_links(brief, document, headings), brief.picture)
        for document_id, document in brief.documents.items()
    }
    waiting: list[_Stop] = []  # headings that nothing stands below so far
    for stop in stops:
        waiting = [above for above in waiting if above.level < stop.level]
        shown = renderers[stop.document_id].render(stop.section.blocks) if stop.taught else []
        if stop.level:
            waiting.append(stop)
        if shown:
            blocks += [f"{'#' * above.level} {above.heading}" for above in waiting]
            waiting = []
            blocks += shown
            document = brief.documents[stop.document_id]
            taught.append(TaughtSection(stop.document_id, document.path, document, stop.section))
    return Lesson(tuple(blocks), tuple(taught))


def _plan(brief: ModuleBrief) -> list[_Stop]:
    """The headings and sections of the module in order, each heading as deep as it is in its document."""
    groups = _group(brief)
    stops: list[_Stop] = []
    for document_id, sections in groups:
        document = brief.documents[document_id]
        opening = document.sections[0]
        title = brief.analyses[document_id].title if document_id in brief.analyses else document.title
        first = sections[0][0]
        has_title = slug_heading(title) != slug_heading(brief.module.title)
        if has_title and not _is_opening(first, document):
            stops.append(_Stop(document_id, _without_blocks(opening), show_heading(title), 2, taught=False))
        base = 2 + has_title
        inner = [section.level for section, _ in sections if not _is_opening(section, document)]
        top = min(inner, default=2)
        for section, taught in sections:
            if _is_opening(section, document):
                level, heading = (2 if has_title else 0), show_heading(title)
            else:
                level, heading = min(base + section.level - top, 6), show_heading(section.heading)
            stops.append(_Stop(document_id, section, heading, level, taught))
    return _without_gaps(stops)


def _without_gaps(stops: Sequence[_Stop]) -> list[_Stop]:
    """No level is left out on the way down."""
    out: list[_Stop] = []
    above: list[tuple[int, int]] = []  # levels as planned and as shown
    for stop in stops:
        if not stop.level:
            out.append(stop)
            continue
        while above and above[-1][0] >= stop.level:
            above.pop()
        shown = min(above[-1][1] + 1, 6) if above else 2
        above.append((stop.level, shown))
        out.append(_Stop(stop.document_id, stop.section, stop.heading, shown, stop.taught))
    return out


def _group(brief: ModuleBrief) -> list[tuple[str, list[tuple[Section, bool]]]]:
    """The sections of the module by document, neighbours together, with the headings above them; True: is taught."""
    groups: list[tuple[str, list[tuple[Section, bool]]]] = []
    seen: set[tuple[str, str]] = {(ref.document_id, ref.section_id) for ref in brief.module.sections}
    for ref in brief.module.sections:
        document = brief.documents.get(ref.document_id)
        by_id: Mapping[str, Section] = {section.id: section for section in document.sections} if document else {}
        if document is None or ref.section_id not in by_id:
            continue
        family: list[tuple[Section, bool]] = [(by_id[ref.section_id], True)]
        above = by_id.get(family[0][0].parent or "")
        while above is not None and not _is_opening(above, document) and (ref.document_id, above.id) not in seen:
            seen.add((ref.document_id, above.id))
            family.insert(0, (above, False))
            above = by_id.get(above.parent or "")
        if groups and groups[-1][0] == ref.document_id:
            groups[-1][1].extend(family)
        else:
            groups.append((ref.document_id, family))
    return groups


def _is_opening(section: Section, document: Document) -> bool:
    """Whether a section is the document's own opening: the first one, on the level of the title."""
    return section.id == document.sections[0].id and section.level == 1


def _without_blocks(section: Section) -> Section:
    return Section(section.id, section.heading, section.level, section.start_line, section.end_line, section.anchor)


def _name_apart(stops: Sequence[_Stop]) -> list[_Stop]:
    """Equal headings of a module told apart by the heading above them, else by a number."""
    alike = Counter(slug_heading(stop.heading) for stop in stops if stop.level)
    used: Counter[str] = Counter()
    above: list[_Stop] = []
    out: list[_Stop] = []
    for stop in stops:
        while above and above[-1].level >= stop.level:
            above.pop()
        heading = stop.heading
        slug = slug_heading(heading)
        used[slug] += bool(stop.level)
        if stop.level and alike[slug] > 1 and used[slug] > 1 and above:
            heading = f"{heading} ({above[-1].heading})"
            used[slug_heading(heading)] += 1
        repeats = used[slug_heading(heading)]
        if stop.level and repeats > 1:
            heading = f"{heading} ({repeats})"
        named = _Stop(stop.document_id, stop.section, heading, stop.level, stop.taught)
        out.append(named)
        if stop.level:
            above.append(stop)
    return out

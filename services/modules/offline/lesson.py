"""The sections a module teaches, whole, in the pathway's order, as one text with citations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import dropwhile, islice, takewhile, zip_longest

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.offline.homes import link_first_mentions
from services.modules.offline.inline import LinkTarget, open_links, show_heading
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.render import SectionRenderer
from services.modules.offline.siblings import show_siblings
from shared.course.section_links import choose_names, list_fragments, slug_heading
from shared.docs.model import Document, Section
from shared.engine.distance import SectionKey


@dataclass(frozen=True)
class Lesson:
    """`blocks` are the Markdown of the lesson, each a heading or a block; `taught` the sections they are from.

    `leading` counts the paragraphs and pictures at the start, without a heading above.
    """

    blocks: tuple[str, ...]
    taught: tuple[TaughtSection, ...]
    leading: int


@dataclass(frozen=True)
class _Stop:
    """A section with the heading it is shown under; `level` 0 shows none. `taught` is false for a heading alone. One
    that is taught and has no text is a name in a row of headings.
    """

    document_id: str
    section: Section
    heading: str
    level: int
    taught: bool

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands below the heading that is its own."""
        return not (self.taught and self.section.blocks)


def teach(brief: ModuleBrief, citations: Citations) -> Lesson:
    """Everything the module's sections hold."""
    stops = _plan(brief)
    numbered = iter(list_fragments(stop.heading for stop in stops if stop.level))
    fragments = {(stop.document_id, stop.section.id): next(numbered) if stop.level else "" for stop in stops}
    blocks: list[str] = []
    taught: list[TaughtSection] = []
    targets = {i: open_links(brief, document, fragments) for i, document in brief.documents.items()}
    renderers = {
        document_id: SectionRenderer(document.path, citations, targets[document_id], brief.picture)
        for document_id, document in brief.documents.items()
    }
    waiting: list[_Stop] = []  # headings that nothing stands below so far
    for stop in stops:
        waiting = [above for above in waiting if above.level < stop.level]
        renderer = renderers[stop.document_id]
        own = replace(renderer, target=partial(renderer.target, here=(stop.document_id, stop.section.id)))
        shown = own.render(stop.section.blocks) if stop.taught else []
        if stop.level:
            waiting.append(stop)
        if shown or (stop.taught and not stop.section.blocks):
            blocks += [f"{'#' * above.level} {_linked(above, brief, targets)}" for above in waiting]
            waiting = []
        if shown:
            blocks += shown
            blocks += show_siblings(brief, stop.document_id, stop.section, stop.level, renderers)
            document = brief.documents[stop.document_id]
            taught.append(TaughtSection(stop.document_id, document.path, document, stop.section))
    leading = 0 if not blocks or blocks[0].startswith("#") else _count_leading(taught[0], renderers)
    return Lesson(tuple(link_first_mentions(blocks, brief)), tuple(taught), leading)


def _linked(stop: _Stop, brief: ModuleBrief, targets: Mapping[str, LinkTarget]) -> str:
    """A heading, as the link that its author made of it."""
    section, links = stop.section, brief.documents[stop.document_id].links
    line = section.start_line if [one.start_line for one in section.blocks[:1]] != [section.start_line] else 0
    made = (one.target for one in links if (one.line, one.text) == (line, section.heading))  # of text it is its own
    address, _ = targets[stop.document_id](next(made, ""), stop.heading)
    return f"[{stop.heading}]({address})" if address and "://" in address else stop.heading


def _count_leading(first: TaughtSection, renderers: Mapping[str, SectionRenderer]) -> int:
    """How many paragraphs and pictures a section begins with; a picture that is not shown does not count."""
    leads = takewhile(lambda block: block.kind in ("paragraph", "image") and not block.within, first.section.blocks)
    return len(renderers[first.document_id].render(tuple(leads)))


def name_sections(brief: ModuleBrief) -> dict[SectionKey, str]:
    """The sections that a module shows, each with the name that links give its heading; "" for the module's title."""
    stops = _plan(brief)
    names = iter(choose_names([(stop.level, stop.heading) for stop in stops if stop.level]))
    return {(stop.document_id, stop.section.id): next(names) if stop.level else "" for stop in stops}


def _plan(brief: ModuleBrief) -> list[_Stop]:
    """The headings and sections of the module in order, each heading as deep as it is in its document."""
    groups = _group(brief)
    stops: list[_Stop] = []
    for document_id, sections in groups:
        document = brief.documents[document_id]
        title = brief.analyses[document_id].title if document_id in brief.analyses else document.title
        several = len(groups) > 1
        if several and not _is_opening(sections[0][0], document):
            stops.append(_Stop(document_id, document.sections[0], show_heading(title), 1, taught=False))
        top = min((section.level for section, _ in sections if not _is_opening(section, document)), default=2)
        for section, taught in sections:
            opens = _is_opening(section, document)
            written = "".join(document.raw_lines[section.start_line - 1 : section.start_line])
            heading = show_heading(title if opens else section.heading, written)
            stops.append(_Stop(document_id, section, heading, 1 if opens else 2 + section.level - top, taught))
    for i, stop in enumerate(stops):
        if not (_names(stop, brief.module.title) or (i == 0 and _stands_for(stop, groups, brief))):
            break
        stops[i] = replace(stop, level=0)  # the module's title says it
        if not stop.is_bare:
            break
    return _without_gaps([one for one, below in zip_longest(stops, stops[1:]) if not _is_said_again(one, below)])


def _names(stop: _Stop, title: str) -> bool:
    """Whether a heading is the module's title, or the end of one like "Guide: Options"; one alone also its start."""
    parts = title.split(": ")
    return slug_heading(stop.heading) in map(slug_heading, (title, *(parts if stop.is_bare else parts[-1:])))


def _is_said_again(stop: _Stop, below: _Stop | None) -> bool:
    """Whether the next heading says a heading alone once more."""
    return (
        below is not None
        and 0 < stop.level < below.level
        and stop.is_bare
        and slug_heading(stop.heading) == slug_heading(below.heading)
    )


def _stands_for(stop: _Stop, groups: Sequence[tuple[str, object]], brief: ModuleBrief) -> bool:
    """Whether the first heading is that of the module's only document, or of an overview that opens the module."""
    opens = stop.taught and _is_opening(stop.section, brief.documents[stop.document_id])
    analysis = brief.analyses.get(stop.document_id)
    is_named = slug_heading(stop.heading) in slug_heading(brief.module.title)  # as the first of a range
    return opens and (len(groups) == 1 or (analysis is not None and analysis.doc_type == "overview" and not is_named))


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
        out.append(replace(stop, level=shown))
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
        names = _list_names(family[-1][0], document)
        groups[-1][1].extend((name, True) for name in names if (ref.document_id, name.id) not in seen)
    return groups


def _list_names(section: Section, document: Document) -> list[Section]:
    """The row of headings without text that follows a section, as a list of names; one alone was left unfilled."""
    above = {one.parent for one in document.sections}
    following = islice(dropwhile(lambda one: one.id != section.id, document.sections), 1, None)
    row = [*takewhile(lambda one: not one.blocks and one.id not in above, following)]
    return row if len(row) > 1 else []


def _is_opening(section: Section, document: Document) -> bool:
    """Whether a section is the document's own opening: of the top level, and the first one or named like the title."""
    is_first = section.id == document.sections[0].id
    return section.level == 1 and (is_first or slug_heading(section.heading) == slug_heading(document.title))

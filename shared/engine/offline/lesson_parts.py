"""The sections a module was given as parts of one lesson, with headings that stand by themselves."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.docs.model import Document, Section
from shared.engine.offline.lesson import Part, Picture
from shared.engine.offline.lesson_read import LessonReader
from shared.engine.offline.lesson_render import render_chunks
from shared.engine.offline.lesson_select import Measure
from shared.engine.offline.lesson_sentences import SentenceReader
from shared.engine.offline.writer_evidence import Evidence
from shared.engine.offline.writer_noise import is_housekeeping
from shared.engine.offline.writer_text import CODE_SPAN, is_plain_title, strip_markup
from shared.engine.port import ModuleBrief

_DEEPEST = 4
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True)
class HeadedPart:
    """A part with the Markdown level of its heading (0 shows none) and the title of its document."""

    part: Part
    level: int
    title: str = ""


def read_parts(brief: ModuleBrief, evidence: Evidence, measure: Measure) -> tuple[HeadedPart, ...]:
    """Every section of the module read, in the pathway's order. Empty ones stay: their children need them."""
    groups = _group_sections(brief)
    many = len(groups) > 1
    said = set(brief.said_before)
    headed: list[HeadedPart] = []
    for document_id, sections in groups:
        document = brief.documents[document_id]
        reader = _open_reader(brief, document, evidence, measure, said)
        top = min((section.level for section in sections if not _is_opening(section, document)), default=1)
        title = brief.analyses[document_id].title if document_id in brief.analyses else document.title
        if many and not _is_opening(sections[0], document):
            headed.append(HeadedPart(Part(document_id, "", title, 0, ()), 2))
        for section in sections:
            opening = _is_opening(section, document)
            depth = 0 if opening else 1 + section.level - top
            heading = title if opening else section.heading
            level = (0 if opening else 1 + depth) + (1 if many else 0) + (1 if opening and many else 0)
            passages = () if is_housekeeping(heading) and not opening else reader.read(section)
            part = Part(document_id, section.id, heading, depth, passages)
            headed.append(HeadedPart(part, min(level, _DEEPEST), title))
    return tuple(headed)


def _group_sections(brief: ModuleBrief) -> list[tuple[str, list[Section]]]:
    """The module's sections by document, neighbours of one document together.

    Headings above them that the pathway does not name, having no text of their own, come with them, without a text.
    """
    groups: list[tuple[str, list[Section]]] = []
    named = {(ref.document_id, ref.section_id) for ref in brief.module.sections}
    for ref in brief.module.sections:
        document = brief.documents.get(ref.document_id)
        section = _find_section(document, ref.section_id) if document else None
        if document is None or section is None:
            continue
        above = [s for s in _list_ancestors(document, section) if (ref.document_id, s.id) not in named]
        named.update((ref.document_id, s.id) for s in above)
        family = [*(replace(s, blocks=()) for s in above), section]
        if groups and groups[-1][0] == ref.document_id:
            groups[-1][1].extend(family)
        else:
            groups.append((ref.document_id, family))
    return groups


def _list_ancestors(document: Document, section: Section) -> list[Section]:
    """The sections a section stands in, the outermost first, without the document's opening."""
    found: list[Section] = []
    parent = _find_section(document, section.parent) if section.parent else None
    while parent is not None and not _is_opening(parent, document):
        found.insert(0, parent)
        parent = _find_section(document, parent.parent) if parent.parent else None
    return found


def _find_section(document: Document, section_id: str) -> Section | None:
    return next((section for section in document.sections if section.id == section_id), None)


def _is_opening(section: Section, document: Document) -> bool:
    """Whether a section is the document's own opening: the first one, on the level of the title."""
    return section.id == document.sections[0].id and section.level == 1


def _open_reader(
    brief: ModuleBrief, document: Document, evidence: Evidence, measure: Measure, said: set[str]
) -> LessonReader:
    sentences = SentenceReader(document.path, evidence, resolve_links(brief, document), find_code_words(document), said)
    return LessonReader(
        sentences=sentences,
        picture=brief.picture,
        longest_code=measure.code_lines,
        longest_table=measure.table_rows,
    )


def resolve_links(brief: ModuleBrief, document: Document) -> Callable[[str], str | None]:
    """Targets of the document's links as the course has them: another module, an https address, or None."""
    known: Mapping[str, tuple[str | None, str]] = {link.target: (link.path, link.fragment) for link in document.links}
    written = "\n".join(document.raw_lines)

    def resolve(target: str) -> str | None:
        path, fragment = known.get(target, (None, ""))
        if path is not None:
            address = brief.link(path, fragment)
            return None if address == f"#{brief.module.id}" else address
        found = re.fullmatch(r"https://([^\s()<>\"/]+)[^\s()<>\"]*", target)
        return target if found and found.group(1) in written else None  # an address a reader made up is none

    return resolve


def find_code_words(document: Document) -> frozenset[str]:
    """Lower-case words that stand in the document as code: names of commands keep their small letter."""
    words: set[str] = set()
    for section in document.sections:
        for block in section.blocks:
            texts = [code.group(2) for sentence in block.sentences for code in CODE_SPAN.finditer(sentence.text)]
            texts += [line.strip().split(" ", 1)[0] for line in block.code.split("\n")] if block.code else []
            words.update(word for text in texts for word in re.findall(r"^\$?\s*([a-z][a-z0-9_-]+)", text))
    return frozenset(words - _COMMON)


_COMMON = frozenset(
    [
        "if",
        "for",
        "in",
        "is",
        "as",
        "and",
        "or",
        "not",
        "with",
        "while",
        "the",
        "a",
        "an",
        "to",
        "from",
        "this",
        "that",
        "return",
        "when",
        "use",
        "all",
        "any",
        "can",
        "it",
    ]
)


def render_parts(headed: Sequence[HeadedPart], evidence: Evidence) -> str:
    """The lesson as Markdown. A heading is shown only when something stands below it before the next of its level."""
    blocks: list[str] = []
    headings = _Headings(headed)
    has_content = _list_content(headed)
    above: list[tuple[int, int]] = []  # levels of the headings a part stands under, as planned and as shown
    for i, one in enumerate(headed):
        if not has_content[i]:
            continue
        if one.level and not _repeats_parent(headed, i):
            while above and above[-1][0] >= one.level:
                above.pop()
            shown = above[-1][1] + 1 if above else 2  # no level is left out on the way down
            above.append((one.level, shown))
            blocks.append(f"{'#' * min(shown, 6)} {headings.distinguish(i)}")
        for passage in one.part.passages:
            blocks.extend(render_chunks(passage.chunks, evidence))
    return "\n\n".join(blocks)


def _list_content(headed: Sequence[HeadedPart]) -> list[bool]:
    """For each part, whether something stands in it or below it. One walk from the end."""
    found = [bool(one.part.passages) for one in headed]
    lowest: int | None = None  # of the parts that follow, up to the next one that says something
    for i in reversed(range(len(headed))):
        level, says = headed[i].level, found[i]
        found[i] = says or (level > 0 and lowest is not None and level < lowest)
        lowest = level if says else None if lowest is None else min(level, lowest)
    return found


def _repeats_parent(headed: Sequence[HeadedPart], at: int) -> bool:
    """A heading equal to the one right above it, with no text between, is not said twice."""
    if at == 0:
        return False
    above = headed[at - 1]
    told = any(not isinstance(chunk, Picture) for passage in above.part.passages for chunk in passage.chunks)
    same = clean_heading(above.part.heading).lower() == clean_heading(headed[at].part.heading).lower()
    return above.level > 0 and not told and same


class _Headings:
    """The headings of a lesson, each cleaned once, told apart where one stands twice."""

    def __init__(self, headed: Sequence[HeadedPart]) -> None:
        self._headed = headed
        self._texts = [clean_heading(one.part.heading) for one in headed]
        self._used: Counter[str] = Counter()
        self._alike: dict[str, list[int]] = {}
        for i, one in enumerate(headed):
            if one.level:
                self._alike.setdefault(self._texts[i].lower(), []).append(i)
        self._first = {text: min(places, key=lambda i: headed[i].part.depth) for text, places in self._alike.items()}
        self._above = self._list_above()

    def distinguish(self, at: int) -> str:
        """The heading of a part, with that above it where the module has the same heading already."""
        text, above = self._texts[at], self._above[at]
        alike = self._alike.get(text.lower(), ())
        if len(alike) > 1 and above and at != self._first[text.lower()]:
            text = f"{text} ({above})"
        self._used[text.lower()] += 1
        used = self._used[text.lower()]
        return text if used == 1 else f"{text} ({_ORDINALS[used - 2] if used - 2 < len(_ORDINALS) else used})"

    def _list_above(self) -> list[str]:
        """For each part, the nearest heading before it that is less deep and says something else; "" for none."""
        found: list[str] = []
        latest: dict[int, list[int]] = {}  # depth → the last part and the last one before it that says something else
        for i, one in enumerate(self._headed):
            others = [j for depth, places in latest.items() if depth < one.part.depth for j in places]
            nearest = max((j for j in others if self._texts[j] != self._texts[i]), default=None)
            found.append("" if nearest is None else self._texts[nearest])
            before = [j for j in latest.get(one.part.depth, ()) if self._texts[j] != self._texts[i]]
            latest[one.part.depth] = [i, *before[:1]]
        return found


def clean_heading(heading: str) -> str:
    """A heading's words without markup and final punctuation; what Markdown would read as markup becomes code."""
    text = strip_markup(" ".join(heading.split())).rstrip(":.;, ").replace("`", "")
    if is_plain_title(text):
        return text
    if re.search(r"[\w\]]\(.*\)|^\S*[_<*\[{]\S*$", text):
        return f"`{text}`"
    text = re.sub(r"<[^<>]*>|(?<![\w`])\S*(?:\w_\w|__|\*)\S*|\{[^{}]*\}", lambda found: f"`{found.group()}`", text)
    return re.sub(r"(?<!`)([<\[\]])(?!`)", r"\\\1", text)

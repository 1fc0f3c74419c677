"""What a lesson says in a form that can be asked: a subject, and what is said of it, with the lines that say so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.engine.offline.lesson import Listing, Prose, Said, Table
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.offline.writer_evidence import Span
from shared.engine.offline.writer_text import is_plain_title, rewrite_links, strip_markup
from shared.engine.types import GraphConcept

FactKind = Literal["does", "means", "described"]

_NOUNS = (
    "parameter|option|argument|flag|method|function|class|decorator|command|subcommand|attribute|property|module|object|"
    "type|keyword|field|setting|variable|file|directory|folder|hook|event|operator|macro|trait|crate|package|header|tag|"
    "plugin|component|service|server|client|key|value|name|helper|exception|error|interface|struct|enum|statement|"
    "expression|prefix|suffix|subject|stream|tool|library|instance|constructor|callback|handler|middleware|route|endpoint"
)
_VERBS = (
    "is|are|can|will|has|lets|allows|enables|controls|returns|prints|sets|creates|defines|specifies|takes|accepts|makes|"
    "provides|supports|contains|holds|runs|starts|stops|calls|adds|removes|converts|checks|validates|represents|"
    "describes|determines|tells|gives|reads|writes|sends|receives|loads|opens|closes|handles|raises|throws|shows|"
    "displays|stores|saves|registers|connects|wraps|uses|implements|inherits|extends|generates|builds|installs|"
    "configures|indicates|causes|means|refers|works|passes|parses|turns|changes|replaces|ensures|forces|prevents|ignores|"
    "enforces|performs|applies|executes|invokes|attaches|combines|compares|copies|counts|deletes|disables|exposes|fetches|"
    "filters|finds|formats|groups|initializes|inserts|joins|keeps|limits|lists|maps|marks|matches|moves|outputs|overrides|"
    "produces|publishes|pushes|queries|renders|requires|resolves|restricts|schedules|searches|selects|serializes|"
    "serves|signals|sorts|splits|subscribes|transforms|triggers|updates|waits|watches|yields|acts|behaves|happens|belongs|showcases|demonstrates"
)
_SUBJECT_FIRST = re.compile(
    rf"^(?:The |A |An )?(?P<subject>`[^`]+`)(?:\s+(?P<noun>{_NOUNS}))?\s+(?P<predicate>(?:{_VERBS})\s.+?)\.?$",
    re.DOTALL,
)
_LABELLED = re.compile(
    r"^(?P<subject>`[^`]+`|\*\*[^*`:]+\*\*)\s*(?:\((?:[^()]*)\)\s*)?(?::|—|–| - )\s*(?P<text>\S.+?)\.?$", re.DOTALL
)
_NO_NOUN = re.compile(r"(?:how|what|why|where|when|that|to|in|on|at|used|useful|based|called|like)\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:this|these|those|it|they|above|below|following|here|previous|earlier|same|latter|former|such|another|other|its|"
    r"their|them|we|our|us|I|see|etc)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:above|below|following|here|previous|earlier|latter|former|see|(?:the|this|for) example|etc|again|"
    r"we (?:have|had|saw)|notice|remember|let['’]?s)\b",
    re.IGNORECASE,
)
_LOADED = re.compile(
    r"\b(?:not|no|except|never|cannot|without|always|all|none|every|everything|nothing|only|entirely|completely|impossible|"
    r"often|usually|frequently|sometimes|occasionally|rarely|seldom|generally|typically|commonly|normally|mostly|probably|"
    r"possibly|likely|least|false|incorrect|perhaps|may|might|many|several|various|some|few|most)\b|n['’]t\b|___",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fact:
    """`subject` (Markdown) does, means or is described by `text`. `asks` names its sort; `group` its list or table."""

    kind: FactKind
    subject: str
    text: str
    asks: str
    sentence: str
    span: Span
    document_id: str
    section_id: str
    group: str = ""

    @property
    def name(self) -> str:
        """The subject as plain text."""
        return show_plain(self.subject)

    @property
    def form(self) -> str:
        """The outward form of the subject, as options of one item have it in common."""
        return describe_form(self.subject)


def find_facts(parts: Sequence[HeadedPart], concepts: Sequence[GraphConcept]) -> tuple[Fact, ...]:
    """All facts of the lesson in reading order, definitions of concepts first."""
    found: dict[tuple[str, str], Fact] = {}
    candidates = [*_read_concepts(concepts)]
    for one in parts:
        for p, passage in enumerate(one.part.passages):
            for c, chunk in enumerate(passage.chunks):
                group = f"{one.part.section_id}:{p}:{c}"
                match chunk:
                    case Prose(said):
                        candidates += [fact for s in said for fact in _read_sentence(s, one, "")]
                    case Listing(entries):
                        candidates += [fact for e in entries for fact in _read_entry(e.said, one, group)]
                    case Table():
                        candidates += _read_rows(chunk, one, group)
                    case _:
                        continue
    for fact in candidates:
        found.setdefault((fact.name.lower(), fact.text), fact)
    return tuple(found.values())


def is_clear(text: str) -> bool:
    """Whether words can be asked for by themselves: nothing stands for something else, nothing is loaded."""
    return is_askable(text) and not _UNCLEAR.search(re.sub(r"`[^`]*`", " ", text))


def is_askable(text: str) -> bool:
    """Whether a sentence can be asked about: of some length, nothing points to a place, is negated, vague, absolute."""
    plain = re.sub(r"`[^`]*`", " ", text)
    return (
        4 <= len(strip_markup(text).split()) <= 30
        and len(set(stem_content_words(strip_markup(text)))) >= 3
        and not _ELSEWHERE.search(plain)
        and not _LOADED.search(plain)
        and text.count("`") % 2 == 0
    )


def is_askable_phrase(text: str) -> bool:
    """Whether words of a table can be quoted in a question: nothing negated, vague or absolute."""
    return not _LOADED.search(re.sub(r"`[^`]*`", " ", text)) and text.count("`") % 2 == 0


def _read_concepts(concepts: Sequence[GraphConcept]) -> Iterator[Fact]:
    for concept in concepts:
        sentence = unlink(concept.definition.text)
        name = re.escape(strip_markup(concept.name))
        found = re.match(
            rf"^(?:(?:an?|the)\s+)?[*_`]*{name}[*_`]*\s+(?:is|are|means|refers to)\s+(?P<text>.+?)\.?$",
            sentence,
            re.IGNORECASE | re.DOTALL,
        )
        if not found or not is_clear(found.group("text")) or names_itself(concept.name, found.group("text")):
            continue
        if _NO_NOUN.match(found.group("text")):
            continue
        where = concept.definition.span
        span = Span(where.path, where.start_line, where.end_line)
        subject = strip_markup(concept.name)
        yield Fact(
            "means",
            subject,
            found.group("text"),
            "term",
            sentence,
            span,
            concept.document_id,
            concept.section_id,
            "concepts",
        )


def _read_sentence(said: Said, one: HeadedPart, group: str) -> Iterator[Fact]:
    text = unlink(said.text)
    found = _SUBJECT_FIRST.match(text) or _match_heading(text, strip_markup(one.part.heading))
    if found is None or said.span is None:
        return
    predicate = found.group("predicate")
    if not is_clear(predicate) or names_itself(found.group("subject"), predicate) or len(predicate.split()) < 5:
        return
    asks = found.groupdict().get("noun") or ""
    yield Fact(
        "does",
        found.group("subject"),
        predicate,
        asks,
        text,
        said.span,
        one.part.document_id,
        one.part.section_id,
        group,
    )


def _match_heading(text: str, heading: str) -> re.Match[str] | None:
    """A sentence whose subject is what its section is about."""
    if not is_plain_title(heading) or len(heading.split()) > 3:
        return None
    return re.match(
        rf"^(?:the |an? )?\**(?P<subject>{re.escape(heading)})\**\s+(?P<predicate>(?:{_VERBS})\s.+?)\.?$",
        text,
        re.IGNORECASE | re.DOTALL,
    )


def _read_entry(said: Sequence[Said], one: HeadedPart, group: str) -> Iterator[Fact]:
    if not said or said[0].span is None:
        return
    text = unlink(said[0].text)
    found = _LABELLED.match(text)
    if found is None:
        yield from _read_sentence(said[0], one, group)
        return
    subject, description = found.group("subject").strip("*"), found.group("text")
    if is_clear(description) and not names_itself(subject, description) and len(show_plain(subject).split()) <= 4:
        yield Fact(
            "described", subject, description, "", text, said[0].span, one.part.document_id, one.part.section_id, group
        )


def _read_rows(table: Table, one: HeadedPart, group: str) -> Iterator[Fact]:
    asks = show_plain(table.header.cells[0]).lower()
    for row in table.rows:
        cells = [unlink(cell) for cell in row.cells]
        if len(cells) < 2 or not cells[0] or len(show_plain(cells[0]).split()) > 4:
            continue
        cells[0] = cells[0].strip("*_ ")
        description = max(cells[1:], key=len).rstrip(".")
        if is_clear(description) and not names_itself(cells[0], description):
            yield Fact(
                "described", cells[0], description, asks if is_plain_title(asks) and len(asks.split()) <= 2 else "",
                f"{cells[0]}: {description}", row.span, one.part.document_id, one.part.section_id, group,
            )  # fmt: skip


def unlink(text: str) -> str:
    """The sentence without links, on one line."""
    return rewrite_links(" ".join(text.split()), lambda _: None)


def names_itself(subject: str, text: str) -> bool:
    """Whether the words that describe a subject give it away."""
    own = set(stem_content_words(show_plain(subject).replace("_", " ").replace("-", " ").replace(".", " ")))
    return (
        bool(own & set(stem_content_words(show_plain(text)))) or show_plain(subject).lower() in show_plain(text).lower()
    )

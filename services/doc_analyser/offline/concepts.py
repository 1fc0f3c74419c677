"""Concepts a document has a home for: glossary entries, defined terms, headings that name a thing, names of an API.

A candidate is a name, the section that is its home, and a gloss: the sentence that says what it is. Which candidates
become concepts is decided over all documents (graph.py), by where their names are used. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.doc_analyser.offline.definitions import defines, is_term, points_back, strip_marks
from services.doc_analyser.offline.phrase_grammar import is_thing
from shared.docs.model import Block, Document, Section, Sentence
from shared.engine.reading_order import is_news
from shared.engine.titles import is_generic
from shared.engine.types import CitedSentence, Concept, Span
from shared.ids import content_id
from shared.language.phrases import clean_heading
from shared.language.terms import mentions, plain, term_key
from shared.language.word_classes import classes_of

GLOSSARY, SUBJECT, MARKED, SAID = 4, 3, 2, 1
"""How good a home is: a glossary entry, the subject of a section, a marked term, a term a sentence defines."""

_MOST = 60
_GLOSSARY_WORDS = ("glossary", "terminology", "definitions", "key terms", "key concepts", "glossar", "glossaire")
_LEAST_WORDS = 4
# Talk with the reader about what comes next says of no term what it is.
_ADDRESSES = re.compile(
    r"(?:if|when|once|before|after|unless|while) (?:you|we|not)\b|let(?:['’]s| us)\b|as (?:we|you|with)\b|now\b"
    r"|please\b",
    re.IGNORECASE,
)
_BULLETS = "•·‣▪◦"  # what opens them is an item of a list that is set as a paragraph
_MOST_WORDS = 45
_MOST_NAME_WORDS = 4
_MOST_LINES = 8
_NEAR = 3
# "The `name()` function …", "`Name` is …": an identifier as the subject of a sentence.
_CODE_SUBJECT = re.compile(r"(?:The |An? )?`@?(?:[A-Za-z_]\w*(?:\.|::))*([A-Za-z_]\w{2,})(?:\(\))?`(?! or| and|,)\s+\w")
_API_NAME = re.compile(r"`(?:[A-Za-z_][\w]*(?:\.|::))*([A-Za-z_]\w{2,})(?:\(.*\))?`")


@dataclass(frozen=True)
class _Candidate:
    name: str
    strength: int
    sentence: Sentence
    section: Section
    place: int

    @property
    def key(self) -> str:
        return term_key(self.name)


def find_concepts(document: Document, document_id: str, language: str) -> tuple[Concept, ...]:
    """The candidates of a document, in its order; of several homes of one name the best, of equal ones the first."""
    if is_news(document.path, document.title):
        return ()
    best: dict[str, _Candidate] = {}
    for candidate in _candidates(document, language):
        known = best.get(candidate.key)
        if candidate.key and (known is None or candidate.strength > known.strength):
            best[candidate.key] = candidate
    kept = sorted(best.values(), key=lambda one: (-one.strength, one.place))[:_MOST]
    return tuple(_concept(one, document, document_id) for one in sorted(kept, key=lambda one: one.place))


def _candidates(document: Document, language: str) -> Iterator[_Candidate]:
    place = 0
    title_in_glossary = any(word in document.title.lower() for word in _GLOSSARY_WORDS)
    for section in document.sections:
        in_glossary = title_in_glossary or any(word in section.heading.lower() for word in _GLOSSARY_WORDS)
        found = [*_of_heading(section), *_of_code(section)]
        for block in section.blocks:
            found += _of_block(block, document.title, section, language, in_glossary)
        for name, strength, sentence in found:
            yield _Candidate(name, strength, sentence, section, place)
            place += 1


def _of_heading(section: Section) -> Iterator[tuple[str, int, Sentence]]:
    """A heading that names a thing, and the sentence near below it that says the name, else the first one."""
    near = [s for block in section.blocks[:_NEAR] if block.kind == "paragraph" for s in block.sentences]
    good = [sentence for sentence in near if _is_gloss(sentence)]
    if not good:
        return
    heading = section.heading.strip()
    code = _API_NAME.fullmatch(heading)
    if code:
        yield code[1], SUBJECT, good[0]
        return
    name = clean_heading(heading)
    if len(name.split()) > _MOST_NAME_WORDS or is_generic(name) or not is_term(name):
        return
    lowered = " ".join(word if word.isupper() else word[:1].lower() + word[1:] for word in name.split())
    if not is_thing(lowered):
        return
    said = next((sentence for sentence in good if mentions(sentence.text, term_key(name))), None)
    if said is not None:
        yield name, SUBJECT if said is near[0] else MARKED, said
    elif good[0] is near[0] and not _is_order(good[0]):
        yield name, MARKED, good[0]


def _is_order(sentence: Sentence) -> bool:
    """Whether a sentence tells the reader what to do, not what a thing is: "Click the button", not "Click shows"."""
    first, second = [*plain(sentence.text).lower().split(), "", ""][:2]
    has_subject = second.endswith("s") and "VERB" in classes_of(second)
    return "VERB" in classes_of(first) and not has_subject


def _of_code(section: Section) -> Iterator[tuple[str, int, Sentence]]:
    """The first name of an API that a sentence of a section begins with."""
    for block in section.blocks:
        for sentence in block.sentences if block.kind == "paragraph" else ():
            found = _CODE_SUBJECT.match(sentence.text)
            if found and _is_gloss(sentence):
                yield found[1], SAID, sentence
                return


def _of_block(
    block: Block, title: str, section: Section, language: str, in_glossary: bool
) -> Iterator[tuple[str, int, Sentence]]:
    match block.kind:
        case "definition" if block.sentences and _is_gloss(block.sentences[0]):
            term = strip_marks(block.term)
            code = _API_NAME.fullmatch(block.term.strip())
            if code:
                yield code[1], MARKED, block.sentences[0]
            elif term and is_term(term) and (in_glossary or _is_worded(block.term, term)):
                yield term, GLOSSARY if in_glossary else MARKED, block.sentences[0]
        case "list_item" if block.sentences and in_glossary and _is_gloss(block.sentences[0]):
            entry = _glossary_entry(block.sentences[0].text)
            if entry:
                yield entry, GLOSSARY, block.sentences[0]
        case "paragraph":
            yield from _of_paragraph(block, title, section, language, in_glossary)
        case _:
            return


def _of_paragraph(
    block: Block, title: str, section: Section, language: str, in_glossary: bool
) -> Iterator[tuple[str, int, Sentence]]:
    topics = {term_key(section.heading), term_key(title)}
    for sentence in block.sentences:
        found = defines(sentence.text, language) if _is_gloss(sentence) else None
        if found is None:
            continue
        if term_key(found.term) in topics:
            yield found.term, GLOSSARY if in_glossary else SUBJECT, sentence
        elif found.marked and (not found.term.islower() or len(found.term) > 3):
            yield found.term, MARKED, sentence
        elif found.indefinite:
            yield found.term, SAID, sentence


def _is_worded(written: str, term: str) -> bool:
    """Whether a definition list's term is worded: lists of parameters and settings have the same form."""
    return "`" not in written and "-" not in term and (" " in term or (term[0].isupper() and not term.isupper()))


def _glossary_entry(text: str) -> str | None:
    """The term of "**Term**: what it is" or "**Term** - what it is"."""
    for separator in (":", " - ", " – ", " — "):
        head, found, _ = text.partition(separator)
        head = head.strip()
        marked = found and head.startswith(("*", "_", "["))
        if marked and (term := strip_marks(head.rstrip("*:") + "*" * head.count("**"))):
            return term if is_term(term) else None
    return None


def _is_gloss(sentence: Sentence) -> bool:
    """Whether a sentence can stand alone as what says what a term is."""
    text = plain(sentence.text)
    return (
        _LEAST_WORDS <= len(text.split()) <= _MOST_WORDS
        and sentence.end_line - sentence.start_line < _MOST_LINES
        and not points_back(sentence.text)
        and (text[0].isupper() or (not text[0].isalpha() and text[0] not in _BULLETS) or sentence.text.startswith("`"))
        and not text.endswith((":", "?", "!", ",", "…", "..."))
        and not _ADDRESSES.match(text)
    )


def _concept(found: _Candidate, document: Document, document_id: str) -> Concept:
    sentence = found.sentence
    return Concept(
        id=content_id("k", document_id, found.key),
        name=plain(found.name),
        definition=CitedSentence(
            text=sentence.text,
            span=Span(path=sentence.path or document.path, start_line=sentence.start_line, end_line=sentence.end_line),
        ),
        section_id=found.section.id,
        evidence=found.strength,
    )

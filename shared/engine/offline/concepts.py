"""Concepts of one document: terms it defines, each with the sentence that does. Structure first. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.docs.model import Block, Document, Section, Sentence
from shared.engine.offline.definitions import defines, is_term, points_back, strip_marks
from shared.engine.reading_order import is_news
from shared.engine.terms import key_pattern, key_text, mentions, plain, term_key
from shared.engine.types import CitedSentence, Concept, Span
from shared.ids import content_id

MAX_CONCEPTS = 6
MAX_GLOSSARY_CONCEPTS = 40
_GLOSSARY_WORDS = ("glossary", "terminology", "definitions", "key terms", "key concepts", "glossar", "glossaire")
_MIN_DEFINITION_WORDS = 6
_MAX_DEFINITION_WORDS = 45
_MIN_USES, _MIN_IDENTIFIER_USES = 3, 6


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


def extract_concepts(document: Document, document_id: str, language: str) -> tuple[Concept, ...]:
    """The concepts a document defines, in the order it defines them; a glossary may give many, other documents few.

    Strength: 4 glossary or definition list, 3 the term its section is about, 2 a term set in bold, italics or code,
    1 a plain "A term is a …" of a term the document goes on to use.
    """
    best: dict[str, _Candidate] = {}
    if is_news(document.path, document.title):
        return ()
    for candidate in _candidates(document, language):
        known = best.get(candidate.key)
        if known is None or candidate.strength > known.strength:
            best[candidate.key] = candidate
    usages = _uses(document, best)
    kept = [c for c in best.values() if usages[c.key] >= _uses_needed(c)]
    glossary = [c for c in kept if c.strength == 4][:MAX_GLOSSARY_CONCEPTS]
    others = sorted((c for c in kept if c.strength < 4), key=lambda c: (-c.strength, -usages[c.key], c.place))
    chosen = sorted([*glossary, *others[: max(0, MAX_CONCEPTS - len(glossary))]], key=lambda c: c.place)
    names = {c.key: c.name for c in chosen}
    return tuple(_concept(c, document, document_id, names) for c in chosen)


def _uses_needed(candidate: _Candidate) -> int:
    """Plain sentences and identifiers are concepts only of documents that go on to use them."""
    is_identifier = "_" in candidate.name or re.search(r"[a-z][A-Z]", candidate.name) is not None
    if is_identifier:
        return _MIN_IDENTIFIER_USES
    return _MIN_USES if candidate.strength == 1 else 0


def _candidates(document: Document, language: str) -> Iterator[_Candidate]:
    place = 0
    for section in document.sections:
        in_glossary = any(word in section.heading.lower() for word in (*_GLOSSARY_WORDS,)) or any(
            word in document.title.lower() for word in _GLOSSARY_WORDS
        )
        first_prose = True
        for block in section.blocks:
            for name, strength, sentence in _of_block(block, section, document, language, in_glossary, first_prose):
                if _is_definition(sentence):
                    yield _Candidate(name, strength, sentence, section, place)
                    place += 1
            first_prose = first_prose and block.kind != "paragraph"


def _of_block(
    block: Block, section: Section, document: Document, language: str, in_glossary: bool, first_prose: bool
) -> Iterator[tuple[str, int, Sentence]]:
    if block.kind == "definition" and block.sentences:
        term = strip_marks(block.term)
        # A list of parameters or settings has the same form: only a glossary may define a bare lower-case word.
        if term and is_term(term) and (in_glossary or _is_worded(block.term, term)):
            yield term, 4 if in_glossary else 2, block.sentences[0]
        return
    if block.kind == "list_item" and block.sentences:
        entry = _glossary_entry(block.sentences[0].text) if in_glossary else None
        if entry:
            yield entry, 4, block.sentences[0]
        return
    if block.kind != "paragraph":
        return
    for index, sentence in enumerate(block.sentences):
        found = defines(sentence.text, language)
        if found is None:
            continue
        topics = {term_key(section.heading), term_key(document.title), _glossary_key(section, in_glossary)}
        if term_key(found.term) in topics and ((first_prose and index < 2) or in_glossary):
            yield found.term, 3, sentence
        elif (found.marked and not found.term.islower()) or (found.marked and len(found.term) > 3):
            yield found.term, 2, sentence
        elif found.indefinite:
            yield found.term, 1, sentence


def _is_worded(written: str, term: str) -> bool:
    return "`" not in written and "-" not in term and (" " in term or (term[0].isupper() and not term.isupper()))


def _glossary_key(section: Section, in_glossary: bool) -> str:
    return term_key(section.heading) if in_glossary else ""


def _glossary_entry(text: str) -> str | None:
    """The term of "**Term**: what it is" or "**Term** - what it is"."""
    for separator in (":", " - ", " – ", " — "):
        head, found, _ = text.partition(separator)
        head = head.strip()
        if (
            found
            and head.startswith(("*", "_", "["))
            and (term := strip_marks(head.rstrip("*:") + "*" * head.count("**")))
        ):
            return term if is_term(term) else None
    return None


def _is_definition(sentence: Sentence) -> bool:
    text = plain(sentence.text)
    return (
        _MIN_DEFINITION_WORDS <= len(text.split()) <= _MAX_DEFINITION_WORDS
        and sentence.end_line - sentence.start_line < 8
        and not points_back(sentence.text)
        and (text[0].isupper() or not text[0].isalpha() or sentence.text.startswith("`"))
        and not text.endswith((":", "?", ",", "…", "..."))
    )


def _uses(document: Document, best: dict[str, _Candidate]) -> dict[str, int]:
    """How often the document's prose uses each term."""
    joined = key_text(" ".join(s.text for part in document.sections for block in part.blocks for s in block.sentences))
    return {key: joined.count(key_pattern(key)) for key in best}


def _concept(found: _Candidate, document: Document, document_id: str, names: dict[str, str]) -> Concept:
    sentence = found.sentence
    return Concept(
        id=content_id("k", document_id, found.key),
        name=found.name,
        definition=CitedSentence(
            text=sentence.text,
            span=Span(path=document.path, start_line=sentence.start_line, end_line=sentence.end_line),
        ),
        section_id=found.section.id,
        evidence=found.strength,
        needs=tuple(names[key] for key in names if key != found.key and mentions(sentence.text, key)),
    )

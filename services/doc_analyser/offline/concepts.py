"""Concepts a document has a home for: glossary entries, defined terms, headings that name a thing, names of an API.

A candidate is a name, the section that is its home, and a gloss: the sentence that says what it is. Which candidates
become concepts is decided over all documents (graph.py), by where their names are used. Pure.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from services.doc_analyser.offline.definitions import defines, is_term, points_back
from services.doc_analyser.offline.subjects import find_subjects, heads
from shared.docs.model import Block, Document, Section, Sentence
from shared.docs.problems import NOT_SHOWN
from shared.engine.reading_order import is_apart, is_news
from shared.engine.titles import is_front_page
from shared.engine.types import CitedSentence, Concept, Span
from shared.kernel.ids import content_id
from shared.language.glosses import OTHER_VERSION, is_code_in, leaves_open, points_away, says_kind, split_entry, tells
from shared.language.headings import clean_heading
from shared.language.terms import STOPWORDS, mentions, plain, term_key, words_of
from shared.language.word_classes import is_common

ENTRY, SUBJECT, MARKED, SAID, NAMED = 4, 3, 2, 1, -1
"""How good a home is: an entry of a glossary, of a list or of the source's own documentation, the subject of a section,
a marked term, a term a sentence defines, a term that only the heading names.
"""

_MOST = 200
_NO_NAMES = STOPWORDS | {""}  # functions may be called so, and prose says the words in other senses
GLOSSARY = re.compile(r".*(?:glossa[ri]|terminology|用語集|术语).*|definitions|key (?:terms|concepts)", re.IGNORECASE)
_LEAST_WORDS = 4
# Talk with the reader about what comes next says of no term what it is.
_ADDRESSES = re.compile(
    r"(?:if|when|once|before|after|unless|while) (?:you|we|not)\b|let(?:['’]s| us)\b|as (?:we|you|with)\b|now\b"
    r"|please\b",
    re.IGNORECASE,
)
_MAIN_CLAUSE = r"(?:(?!(?:that|which|whose|who|when|from)\b)\S+\s+){1,8}?"
# A sentence about a change between versions ("was renamed") or of a setting does not say what a thing is.
_CHANGES = re.compile(
    r"(?:added|changed|deprecated|removed|renamed|fixed)\b"
    r"|.*\b(?:is|are|was|were|been) (?:now )?(?:added|deprecated|removed|renamed|stabili[sz]ed)\b|as of v?\d"
    rf"|{_MAIN_CLAUSE}(?:(?:is|are|has|have) (?:now|no longer|moved)|now (?:has|have|is|are|[a-z]+s))\b"
    r"|(?:\S+\s+){1,4}can be (?:installed|enabled|disabled|downloaded)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_OWN_PAGE = re.compile(r"[*_]*\[[^\[\]]*\]\((?!https?:)")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LEAST_BESIDE_LINKS = 2  # words
_ONLY_CODE = re.compile(r"`++[^`]++`++\W*+")
_IS_NAME = re.compile(r"`|[*_]+[\w.-]+[*_]+\s|\W*[a-z][A-Z]")  # it may be written small, or begin so: iPhone
_IS_KIND = re.compile(r"[^,;.]{2,60}? (?:is|are) (?!used\b)")
_MOST_WORDS = 45
_SHORT = 3
_MOST_LINES = 8
# "The `name()` function …", "`Name` is …", "Use `name` to …": an identifier that a sentence is about.
_CODE_SUBJECT = re.compile(
    r"(?:The |An? |Use (?:the )?)?`@?((?:[A-Za-z_]\w*(?:\.|::))*([A-Za-z_]\w{2,}))(?:\(\))?`(?! or| and|,)\s+\w"
)
# "… provides a `Name` class, which …": an identifier that a sentence introduces.
_CODE_APPOSED = re.compile(r" an? `(?:\w+(?:\.|::))*([A-Za-z_]\w{2,})(?:\(\))?` (?:\w+ )?\w+,? (?:which|that) ")
_API_NAME = re.compile(r"`(?:[A-Za-z_][\w]*(?:\.|::))*([A-Za-z_]\w{2,})(?:\(.*\))?`")
_OF_SEVERAL_WORDS = re.compile(r"[a-z][A-Z]|[A-Za-z]_[A-Za-z]")
_CALL = re.compile(r"`?@?\.?((?:\w+(?:\.|::))*([A-Za-z_]\w+))(?:\([^()]*\)| \[.*\])`?")
_MADE = re.compile(
    r"^[ \t]*(?:(?:export|public|private|static|final|pub|async|mutating) )*"
    r"(?:class|struct|enum|protocol|trait|interface|record|func|fn|fun|def|function|var|let|val) (\w{3,})",
    re.MULTILINE,
)
_DOTTED = re.compile(r"(?:[A-Za-z_]\w*(?:\.|::))*[A-Za-z_]\w+")
_SIGNATURE = re.compile(r"(?:@.*\n)*(?:async )?(?:class|def) ([A-Za-z]\w{2,})")
_METHOD = re.compile(r"\(\s*(?:self|cls)\b")


@dataclass(frozen=True)
class _Candidate:
    name: str  # inline CommonMark: `__name__` is no bold word
    strength: int
    sentence: Sentence
    section: Section
    place: int
    path: str

    @property
    def key(self) -> str:
        return term_key(self.name)

    @property
    def worth(self) -> tuple[bool, int]:
        """An entry, or the section that the name heads, before others; what they say may be its definition."""
        return self.strength == ENTRY or heads(self.name.strip("`"), self.section.heading), self.strength


def find_concepts(document: Document, document_id: str, language: str, project: str = "") -> tuple[Concept, ...]:
    """The candidates of a document, in its order; of several homes of one name the best, of equal ones the first.

    All documents are about the `project`: it is a concept only where a sentence of a first page says what it is. Pages
    on another version, and those in a folder of news or about people, name things that others do not need.
    """
    is_of_people = any(is_apart(folder, "") for folder in document.path.split("/")[:-1])
    if is_of_people or is_news(document.path, document.title) or OTHER_VERSION.search(document.title):
        return ()
    best: dict[str, _Candidate] = {}
    for candidate in _candidates(document, language, project):
        known = best.get(candidate.key)
        is_named = candidate.key not in {*_NO_NAMES, term_key(project)} or (
            candidate.key == term_key(project) != ""
            and is_front_page(document.path)
            and tells(candidate.name, candidate.sentence.text, language)
        )
        if is_named and (known is None or candidate.worth > known.worth):
            best[candidate.key] = candidate
    paragraphs = [block for section in document.sections for block in _paragraphs(section)]
    said = [one for block in paragraphs for one in block.sentences if stands_alone(one)]
    found = (_defined(one, said, language, project) for one in best.values())
    kept = sorted(found, key=lambda one: (-one.strength, one.place))[:_MOST]
    return tuple(_concept(one, document_id) for one in sorted(kept, key=lambda one: one.place))


def _defined(found: _Candidate, said: Sequence[Sentence], language: str, project: str) -> _Candidate:
    """The candidate with the best sentence of its section, else of its page, that says what it is: one with "is". Where
    none does, the first of a section that the name heads, unless that points away.
    """
    if found.strength == ENTRY or not language.startswith("en"):
        return found
    own = {id(one) for block in found.section.blocks for one in block.sentences}
    kept = () if leaves_open(found.name, found.sentence.text, language) else (found.sentence,)
    told = [one for one in said if one in kept or _says(found.name, one.text.removeprefix(f"{project} "), language)]
    first = (one for one in said if id(one) in own and found.worth[0] and not points_away(one.text))
    other = next(first, found.sentence)
    best = min(told, key=lambda one: (id(one) not in own, not _IS_KIND.match(one.text)), default=other)
    return replace(found, sentence=best)


def _says(name: str, text: str, language: str) -> bool:
    """Whether a sentence is about a term, and says what it is."""
    return mentions(text, term_key(name)) and tells(name, text, language) and not leaves_open(name, text, language)


def _candidates(document: Document, language: str, project: str) -> Iterator[_Candidate]:
    yield from (_Candidate(*found, 0, document.path) for found in _of_title(document))
    place = 1
    title = project if project and is_front_page(document.path) else document.title
    is_glossary = GLOSSARY.fullmatch(document.title) is not None
    made = {name for section in document.sections for block in section.blocks for name in _MADE.findall(block.code)}
    for section in document.sections:
        in_glossary = is_glossary or GLOSSARY.fullmatch(section.heading) is not None
        found = [*_of_heading(section, language, is_title=section is document.sections[0]), *_of_code(section, made)]
        if is_glossary and section is not document.sections[0]:
            found += _of_glossary(section, language)
        for block in section.blocks:
            found += _of_block(block, title, section, in_glossary)
        told = [(name, strength, sentence, document.path) for name, strength, sentence in found]
        for name, strength, sentence, path in [*told, *_of_signatures(section)]:
            yield _Candidate(name, strength, sentence, section, place, path)
            place += 1


def _of_heading(section: Section, language: str, *, is_title: bool) -> Iterator[tuple[str, int, Sentence]]:
    """The thing a heading names, with the sentence below it that says the name, else the first one.

    One word out of several says too little, unless the page is about it.
    """
    sentences = [s for block in _paragraphs(section) for s in block.sentences]
    good = [sentence for sentence in sentences if stands_alone(sentence)]
    heading = section.heading.strip()
    is_said = "." not in heading or any(heading in block.code for block in section.blocks)
    if is_said and _DOTTED.fullmatch(heading) and is_code_in(heading, "") and sentences:
        yield heading, MARKED if good else NAMED, (good or sentences)[0]
        return
    if not good:
        return
    code = _CALL.fullmatch(heading)
    if code and code[2].lower() not in STOPWORDS:  # prose says a common word in other senses, unless with its owner
        yield f"`{code[1 if is_common(code[2].lower()) or len(code[2]) < _SHORT else 2]}`", SUBJECT, good[0]
        return
    for name, is_whole in find_subjects(heading):
        if not (is_whole or is_title or " " in name):
            continue
        saying = [sentence for sentence in good if mentions(sentence.text, term_key(name))]
        telling = next((one for one in saying if tells(name, one.text, language)), None)
        said = telling or next(iter(saying), None)
        if said is not None:
            yield name, SUBJECT if is_whole and said == sentences[0] else MARKED if is_whole else SAID, said
        elif is_whole and good[0] == sentences[0]:
            yield name, MARKED, good[0]
        elif is_whole or is_title:
            yield name, NAMED, good[0]


def _of_glossary(section: Section, language: str) -> Iterator[tuple[str, int, Sentence]]:
    """The term that heads an entry of a glossary: "An implementation of …" says what it is without its name."""
    name = clean_heading(section.heading)
    sentences = [one for block in _paragraphs(section) for one in block.sentences]
    named = (one for one in sentences[:1] if stands_alone(one) and mentions(one.text, term_key(name)))
    whole = [one for one in sentences if stands_alone(one) and _IS_KIND.match(one.text)]
    telling = (one for one in whole if _says(name, one.text, language))
    said = next(chain(named, telling, sentences), None)
    if said and stands_alone(said) and is_term(name):
        yield name, ENTRY, said


def _of_title(document: Document) -> Iterator[tuple[str, int, Sentence, Section]]:
    """The things a page's title names, with the first sentence of the page that says the name."""
    written = [(one, section) for section in document.sections for block in section.blocks for one in block.sentences]
    told = [(one, section) for section in document.sections for block in _paragraphs(section)
            for one in block.sentences if stands_alone(one)]  # fmt: skip
    long = [one for one in written if _length(one[0].text) >= _LEAST_WORDS]
    for name, is_whole in find_subjects(document.title):
        said = next((one for one in told if mentions(one[0].text, term_key(name))), None)
        if said is not None:
            yield name, MARKED if is_whole else SAID, said[0], long[0][1] if is_whole else said[1]
        elif long:
            yield name, NAMED, *(told or long)[0]


def _paragraphs(section: Section) -> list[Block]:
    return [block for block in section.blocks if block.kind == "paragraph"]


def _of_code(section: Section, made: Container[str]) -> Iterator[tuple[str, int, Sentence]]:
    """The names of an API that sentences of a section are about or introduce; prose says a common word in other
    senses, and an example tells of what it has `made` itself.
    """
    for sentence in (one for block in section.blocks for one in block.sentences if stands_alone(one)):
        found = _CODE_SUBJECT.match(sentence.text)
        if found and found[2] not in made and not is_common(found[2].lower()):
            yield f"`{found[2 if _OF_SEVERAL_WORDS.search(found[2]) else 1]}`", SAID, sentence
        apposed = _CODE_APPOSED.search(sentence.text)
        if apposed and apposed[1] not in made and is_code_in(apposed[1], ""):
            yield f"`{apposed[1]}`", SAID, sentence


def _of_signatures(section: Section) -> Iterator[tuple[str, int, Sentence, str]]:
    """The classes and functions that a section shows from the source, and the first sentence of their docstrings."""
    for block, after in zip_longest(section.blocks, section.blocks[1:]):
        found = _SIGNATURE.match(block.code) if ":\n" not in block.code else None  # an example has a body
        if block.origin is None or found is None or _METHOD.match(block.code, found.end()):
            continue
        sentence = next(iter(after.sentences if after and after.origin else ()), None)
        if found[1].islower() and is_common(found[1]):
            continue  # Prose says the word in other senses.
        if sentence is not None and stands_alone(sentence):
            yield found[1], ENTRY, sentence, block.origin.path


def _of_block(block: Block, title: str, section: Section, in_glossary: bool) -> Iterator[tuple[str, int, Sentence]]:
    for term, told, sentence in _entries(block):
        name = plain(term)
        code = _API_NAME.fullmatch(term.strip())
        if sentence.path or not _is_whole(replace(sentence, text=told[:1].upper() + told[1:])):
            continue  # A docstring lists its parameters so.
        if "`" in term:  # prose says a plain word in other senses, and "Enter" is a key
            if code and not (code[1].isalpha() and (code[1].islower() or is_common(code[1].lower()))):
                yield f"`{code[1]}`", ENTRY, sentence
        elif (is_common(name.lower()) or _OWN_PAGE.match(sentence.text)) and not in_glossary:
            continue  # A key or a state is called so, such as "Enter"; and a list of pages only leads to what it names.
        elif is_term(name) and (in_glossary or (says_kind(told) and (name, True) in find_subjects(name))):
            yield name, ENTRY, sentence
    if block.kind == "paragraph":
        yield from _of_paragraph(block, title, section, in_glossary)


def _entries(block: Block) -> Iterator[tuple[str, str, Sentence]]:
    """The terms that a list, a table or the beginning of a paragraph says something of, what, and the sentence."""
    match block.kind:
        case "definition" if block.sentences:
            yield block.term, block.sentences[0].text, block.sentences[0]
        case "table":
            rows = zip(block.rows[1:], block.row_lines[1:], strict=True)
            yield from ((row[0], row[1], Sentence(row[1], *lines)) for row, lines in rows if len(row) > 1)
        case "list_item" | "paragraph" if block.sentences and (
            block.kind == "list_item" or block.sentences[0].text.startswith(("`", "*"))  # "INFO: A list …"
        ):
            yield *split_entry(block.sentences[0].text), block.sentences[0]
        case _:
            return


def _of_paragraph(block: Block, title: str, section: Section, in_glossary: bool) -> Iterator[tuple[str, int, Sentence]]:
    topics = (section.heading, title)
    for sentence in block.sentences:
        found = defines(sentence.text) if stands_alone(sentence) else None
        if found is None:
            continue
        key = term_key(found.term)
        if key in map(term_key, topics):
            yield found.term, ENTRY if in_glossary else SUBJECT, sentence
        elif sentence.text.startswith("`") and is_common(found.term):
            continue  # A field or a parameter is called so; prose says the word in other senses.
        elif any(mentions(one, key) for one in topics) or (
            found.marked and (not found.term.islower() or len(found.term) > 3)
        ):
            yield found.term, MARKED, sentence
        elif found.indefinite or not (" " in key or found.term.islower() or is_common(key)):
            yield found.term, SAID, sentence


def stands_alone(sentence: Sentence) -> bool:
    """Whether a sentence says something without what stands around it, as what tells what a term is has to."""
    return _is_whole(sentence) and not points_back(sentence.text)


def _is_whole(sentence: Sentence) -> bool:
    text = plain(sentence.text)
    return (
        _LEAST_WORDS <= _length(text) <= _MOST_WORDS
        and sentence.end_line - sentence.start_line < _MOST_LINES
        and (_IS_NAME.match(sentence.text) or not text[0].islower())
        and _length(" ".join(words_of(plain(_LINK.sub(" ", sentence.text))))) >= _LEAST_BESIDE_LINKS
        and not _ONLY_CODE.fullmatch(sentence.text)
        and not text.endswith((":", "?", "!", ",", "…", "...", NOT_SHOWN))
        and not any(pattern.match(text) for pattern in (_ADDRESSES, _CHANGES))
    )


def _length(text: str) -> int:
    """Words of a text; Chinese and Japanese have no blanks between them, and about two letters each."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def _concept(found: _Candidate, document_id: str) -> Concept:
    return Concept(
        id=content_id("k", document_id, found.key),
        name=re.sub(r"\b([A-Z]{2,})s$", r"\1", plain(found.name)),  # "SDKs": elsewhere it is said of one
        definition=cite(found.sentence, found.path),
        section_id=found.section.id,
        evidence=found.strength,
    )


def cite(sentence: Sentence, path: str) -> CitedSentence:
    """A sentence with the lines that say it, of the document at `path` if it does not come from another file."""
    span = Span(path=sentence.path or path, start_line=sentence.start_line, end_line=sentence.end_line)
    return CitedSentence(text=sentence.text, span=span)

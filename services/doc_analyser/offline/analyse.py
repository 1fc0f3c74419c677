"""Stage 2 of the offline engine: everything worth knowing of one document, from its own words."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

from services.doc_analyser.offline.concepts import cite, find_concepts, stands_alone
from services.doc_analyser.offline.for_whom import find_signs
from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.offline.language import detect_language
from services.doc_analyser.offline.levels import classify, judge_level, mark_sections
from services.doc_analyser.offline.sections import is_teachable, outline_sections
from shared.docs.links import AT_HOST
from shared.docs.model import Document, Section
from shared.docs.problems import shorten
from shared.engine.minutes import reading_minutes
from shared.engine.objectives import read_heading, word_objective
from shared.engine.titles import is_generic
from shared.engine.types import CitedSentence, DocumentAnalysis, LearningObjective
from shared.language.headings import clean_heading, is_general
from shared.language.phrases import learn_casing
from shared.language.terms import plain, singular, term_key, words_of

_MAX_LIST, _SENTENCES, _LONGEST_NAME = 8, 3, 4
_MAX_ITEM_CHARACTERS = 160
_BEFORE = re.compile(
    r"^(?:prerequisites?|requirements|before you (?:begin|start)|what you need|what you['’]ll need|you will need)$",
    re.IGNORECASE,
)
_DEEPEST_BEFORE = 2
"""Prerequisites below a deeper heading are those of one system or one example."""
_NO_TOPIC = re.compile(
    r"^(?:here|this|link|docs?|documentation|read more|more|https?:.*|.{0,2}|.*[`<>{}].*|edit.*|source.*|\W.*)$",
    re.IGNORECASE,
)
_ABOUT_A_SUBJECT = frozenset({"basic", "guide", "introduction", "overview", "reference", "tutorial"})


def analyse(file: DocumentFile, document: Document, project: str = "") -> DocumentAnalysis:
    """The analysis of a document that was read from a file; `project` is the project's bare name."""
    title = clean_heading(document.title) or document.title
    language = detect_language("\n".join(plain(one.text) for one in document.sentences))
    doc_type = classify(document, title)
    concepts = find_concepts(document, file.document_id, language, project)
    level = judge_level(document, title, doc_type)
    outlines = mark_sections(outline_sections(document), level, title, doc_type)
    return DocumentAnalysis(
        document_id=file.document_id, source_id=file.source_id, path=document.path, sha256=file.sha256, title=title,
        doc_type=doc_type, complexity_level=level, language=language, word_count=document.words,
        minutes=max(1, round(reading_minutes(outlines))),
        key_concepts=concepts,
        learning_objectives=find_objectives(document, title, project, language),
        summary=_summarise(document),
        prerequisites=_prerequisites(document.sections),
        related_topics=_related(document),
        makers_signs=find_signs(document, title),
        sections=outlines,
        links=tuple(sorted(set(_linked(document)))),
        code_languages=_languages(document),
        names=_names_of(document, title),
        problems=shorten(document.problems),
    )  # fmt: skip


def _linked(document: Document) -> Iterator[str]:
    """The files that it links to, by their addresses at a host too."""
    for link in document.links:
        yield from (path for path in (link.path, *AT_HOST.findall(link.target)) if path and path != document.path)


def _prerequisites(sections: Sequence[Section]) -> tuple[str, ...]:
    """Prerequisites that the document names: the items, else the one paragraph, of a section of that name; of a long
    one its first sentences.
    """
    found: list[str] = []
    for section in sections:
        if section.level <= _DEEPEST_BEFORE and _BEFORE.match(clean_heading(section.heading)):
            own = [block for block in section.blocks if block.kind != "quote"]  # what others said is asked of nobody
            whole = [block for block in own if block.kind == "list_item"] or own * (len(own) == 1)
            for block in whole:
                said = accumulate((plain(one.text) for one in block.sentences), "{} {}".format)
                fitting = takewhile(lambda text: len(text) <= _MAX_ITEM_CHARACTERS, said)
                found += [text.rstrip(".,;") for text in fitting if not text.endswith(":")][-1:]
    return tuple(dict.fromkeys(found))[:_MAX_LIST]


def _related(document: Document) -> tuple[str, ...]:
    """Topics the document points to: the words of its links to other documents."""
    texts = (clean_heading(plain(link.text)) for link in document.links if link.path not in (None, document.path))
    return tuple(dict.fromkeys(text for text in texts if len(text) <= 60 and not _NO_TOPIC.match(text)))[:_MAX_LIST]


def _languages(document: Document) -> tuple[str, ...]:
    found = {block.language.lower() for block in document.blocks if block.kind == "code"}
    return tuple(sorted(language for language in found if language))


def _summarise(document: Document) -> tuple[CitedSentence, ...]:
    """Up to three sentences that stand alone: of the first paragraph, and the first one of each other."""
    first, *others = [block.sentences for block in document.blocks if block.kind == "paragraph"] or [()]
    leading = [*first[:_SENTENCES], *(one for own in others for one in own[:1])]
    return tuple(cite(one, document.path) for one in leading if stands_alone(one))[:_SENTENCES]


def find_objectives(document: Document, title: str, project: str, language: str) -> tuple[LearningObjective, ...]:
    """At most eight objectives of the sections that teach, each text once, in their order; main sections first."""
    casing = learn_casing(document, project)
    found: dict[str, LearningObjective] = {}
    taught = [section for section in document.sections if is_teachable(section)]
    for section in sorted(taught, key=lambda one: (one.level, not one.code_blocks)):
        heading = title if section.level == 1 else section.heading
        if is_general(heading) or len(found) >= _MAX_LIST:
            continue
        written = read_heading(document, section)
        made = word_objective(clean_heading(heading) or heading, written, casing, language)
        objective = LearningObjective(text=made.text, bloom=made.bloom, section_id=section.id)
        found.setdefault(made.text.lower(), objective)
    order = {section.id: place for place, section in enumerate(taught)}
    return tuple(sorted(found.values(), key=lambda one: order[one.section_id]))


def _names_of(document: Document, title: str) -> tuple[str, ...]:
    """Term keys under which other documents speak of what this document is about, the full one first.

    A title that says nothing ("About") yields to the file's name, and that to the folder's.
    """
    *folders, file = document.path.split("/")
    written = [title, file.rsplit(".", 1)[0]]
    named = next((name for name in written if not is_generic(_spaced(name))), (folders or written)[-1])
    words = [singular(word) for word in words_of(_spaced(plain(named)))]
    if not words or len(words) > _LONGEST_NAME:
        return (term_key(named),) if words else ()
    subject = words[:-1] if words[-1] in _ABOUT_A_SUBJECT else []
    shorter = (" ".join(subject),) if subject else ()
    return (" ".join(words), *shorter)


def _spaced(name: str) -> str:
    return re.sub(r"[-_]+", " ", name)

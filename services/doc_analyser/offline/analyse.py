"""Stage 2 of the offline engine: everything worth knowing of one document, from its own words."""

import re
from collections.abc import Sequence
from itertools import accumulate, takewhile

from services.doc_analyser.offline.concepts import find_concepts
from services.doc_analyser.offline.evidence import names_of
from services.doc_analyser.offline.for_whom import find_signs
from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.offline.language import detect_language
from services.doc_analyser.offline.levels import classify, judge_level, mark_sections
from services.doc_analyser.offline.objectives import find_objectives
from services.doc_analyser.offline.sections import outline_sections
from services.doc_analyser.offline.summaries import summarise
from shared.docs.model import Document, Section
from shared.docs.problems import shorten
from shared.engine.minutes import reading_minutes
from shared.engine.types import DocumentAnalysis
from shared.language.headings import clean_heading
from shared.language.terms import plain

_MAX_LIST = 8
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


def analyse(file: DocumentFile, document: Document, project: str = "") -> DocumentAnalysis:
    """The analysis of a document that was read from a file; `project` is the project's bare name."""
    title = clean_heading(document.title) or document.title
    language = detect_language("\n".join(plain(one.text) for one in document.sentences))
    doc_type = classify(document, title)
    concepts = find_concepts(document, file.document_id, language, project)
    level = judge_level(document, title, doc_type)
    outlines = mark_sections(outline_sections(document), level, title, doc_type)
    return DocumentAnalysis(
        document_id=file.document_id,
        source_id=file.source_id,
        path=document.path,
        sha256=file.sha256,
        title=title,
        doc_type=doc_type,
        complexity_level=level,
        language=language,
        word_count=document.words,
        minutes=max(1, round(reading_minutes(outlines))),
        key_concepts=concepts,
        learning_objectives=find_objectives(document, title, project, language),
        summary=summarise(document),
        prerequisites=_prerequisites(document.sections),
        related_topics=_related(document),
        makers_signs=find_signs(document, title),
        sections=outlines,
        links=tuple(sorted({link.path for link in document.links if link.path and link.path != document.path})),
        code_languages=_languages(document),
        names=names_of(document, title),
        problems=shorten(document.problems),
    )


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

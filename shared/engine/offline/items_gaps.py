"""Items about what is missing or where it belongs: a name in a call or a sentence, a sentence under its topic."""

import re
from collections.abc import Iterator, Sequence

from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.engine.offline.items_facts import is_askable, names_itself, unlink
from shared.engine.offline.items_forms import Draft, Pool, describe_shape, name_part
from shared.engine.offline.items_options import Candidate, choose_options
from shared.engine.offline.lesson import Prose, Said, iter_said
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.offline.writer_evidence import LONGEST_SPAN, Evidence, Span
from shared.engine.offline.writer_noise import is_noise
from shared.engine.offline.writer_text import CODE_SPAN, end_sentence, leads_on, opens_by_itself, strip_markup

_GAP = "⟨?⟩"
_WORD = re.compile(r"\b[a-z]{6,}\b")


def miss_name(one: HeadedPart, pool: Pool) -> Iterator[Draft]:
    """A sentence that has lost the one name it turns on: to be chosen, or to be written down."""
    for said in _said(one):
        text = unlink(said.text)
        names = list(CODE_SPAN.finditer(text))
        if len(names) != 1 or said.span is None or not _can_be_asked(text) or len(text.split()) < 9:
            continue
        name = names[0].group()
        before, after = text[: names[0].start()], text[names[0].end() :]
        if names_itself(name, before + after) or describe_form(name) == "number":
            continue
        if re.fullmatch(r"`[\w.@()-]*[A-Za-z]{2}[\w.@()-]*`", name) and "*" not in text:
            yield _ask_gap(one, said, show_plain(name), before, after, text)
        kin = [Candidate(n, 1) for n in pool.names if describe_shape(n) == describe_shape(name)]
        chosen = choose_options(name, kin, pool.lines(said.span))
        if chosen is not None:
            shown = end_sentence(before + _GAP + after).rstrip(".")
            yield Draft(
                kind="single_choice",
                stem=f"One name is missing here: “{shown}”. Which one belongs at the mark?",
                options=tuple(chosen[0]),
                key=(chosen[1],),
                explanation=f"The documentation says: {end_sentence(text)}",
                spans=(said.span,),
                claims=("understand", "apply", "remember"),
                document_id=one.part.document_id,
                section_id=one.part.section_id,
                about=show_plain(name),
                worth=5,
                form="missing",
            )


def _ask_gap(one: HeadedPart, said: Said, name: str, before: str, after: str, text: str) -> Draft:
    assert said.span is not None
    return Draft(
        kind="cloze",
        stem=f"Complete the sentence: {end_sentence(before + '____' + after)}",
        options=(),
        key=(name,),
        explanation=f"The documentation says: {end_sentence(text)}",
        spans=(said.span,),
        claims=("remember", "understand"),
        document_id=one.part.document_id,
        section_id=one.part.section_id,
        about=name,
        worth=3,
        form="gap",
    )


def miss_word(one: HeadedPart, words: Sequence[str], evidence: Evidence) -> Iterator[Draft]:
    """A sentence that has lost its longest word: what is left to ask when a lesson names nothing."""
    for said in _said(one):
        text = "".join(part if i % 2 else part.replace("*", "") for i, part in enumerate(unlink(said.text).split("`")))
        if said.span is None or not _can_be_asked(said.text) or len(text.split()) < 8:
            continue
        word = _longest_word(text)
        if not word:
            continue
        chosen = choose_options(
            word, [Candidate(other, _share_ending(word, other)) for other in words], evidence.text(said.span)
        )
        if chosen is None:
            continue
        shown = text.replace(word, _GAP).rstrip(".")
        yield Draft(
            kind="single_choice",
            stem=f"One word is missing here: “{shown}”. Which one belongs at the mark?",
            options=tuple(chosen[0]),
            key=(chosen[1],),
            explanation=f"The documentation says: {end_sentence(text)}",
            spans=(said.span,),
            claims=("understand", "remember"),
            document_id=one.part.document_id,
            section_id=one.part.section_id,
            about=word,
            worth=0,
            form="word",
        )


def write_word(one: HeadedPart) -> Iterator[Draft]:
    """A sentence whose longest word has to be written down."""
    for said in _said(one):
        text = strip_markup(unlink(said.text))
        if said.span is None or "`" in said.text or not _can_be_asked(said.text) or len(text.split()) < 8:
            continue
        word = _longest_word(text)
        if not word:
            continue
        yield Draft(
            kind="short_answer",
            stem=f"Which word is missing here: “{text.replace(word, _GAP).rstrip('.')}”? Write it down.",
            options=(),
            key=(word,),
            explanation=f"The documentation says: {end_sentence(text)}",
            spans=(said.span,),
            claims=("understand", "remember"),
            document_id=one.part.document_id,
            section_id=one.part.section_id,
            about=word,
            worth=1,
            form="word",
        )


def _share_ending(one: str, other: str) -> int:
    """Letters two words have in common at their ends, at most four: words of one ending are of one sort."""
    return next((n for n in (4, 3, 2, 1) if one[-n:] == other[-n:]), 0)


def list_words(parts: Sequence[HeadedPart]) -> tuple[str, ...]:
    """Long plain words of the lesson's prose, each once."""
    said = (said for one in parts for said in _said(one))
    return tuple(dict.fromkeys(word for s in said for word in _WORD.findall(CODE_SPAN.sub(" ", unlink(s.text)))))


def _said(one: HeadedPart) -> Iterator[Said]:
    return (said for passage in one.part.passages for chunk in passage.chunks for said in iter_said(chunk))


def _longest_word(text: str) -> str:
    """The longest plain word, if it is long and stands there once; else ""."""
    word = max(_WORD.findall(CODE_SPAN.sub(" ", text)), key=len, default="")
    return word if len(re.findall(rf"\b{word}", text, re.IGNORECASE)) == 1 else ""


def _can_be_asked(text: str) -> bool:
    return is_askable(text) and not leads_on(text) and opens_by_itself(text) and not is_noise(text)


def tell_topics(one: HeadedPart, headings: Sequence[str], evidence: Evidence, starts: int) -> Iterator[Draft]:
    """Under which heading something is said. `starts` is the line of the section's heading."""
    topic = name_part(one)
    for said in (s for p in one.part.passages for c in p.chunks if isinstance(c, Prose) for s in c.said[:1]):
        if said.span is None or not _can_be_asked(said.text) or len(said.text.split()) < 7:
            continue
        text = unlink(said.text).rstrip(".")
        span = Span(said.span.path, min(starts, said.span.start), said.span.end)
        about = set(stem_content_words(strip_markup(text)))
        if span.lines > LONGEST_SPAN or about & set(stem_content_words(topic)):
            continue
        apart = [Candidate(h, 0) for h in headings if not about & set(stem_content_words(h))]
        chosen = choose_options(topic, apart, evidence.text(span))
        if chosen is None:
            continue
        yield Draft(
            kind="single_choice",
            stem=f"Under which of these topics does the documentation say: “{text}”?",
            options=tuple(chosen[0]),
            key=(chosen[1],),
            explanation=f"It stands under the heading {topic}: {end_sentence(text)}",
            spans=(span,),
            claims=("understand", "analyze"),
            document_id=one.part.document_id,
            section_id=one.part.section_id,
            about=topic,
            worth=3,
            form="topic",
        )

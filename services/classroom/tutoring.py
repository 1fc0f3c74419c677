"""What the tutor says to a learner: passages of the course, and none that tells the solution of a question. Pure."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.classroom.passages import Place
from shared.classroom.tutored import CriterionScore, TutorReply, TutorSentence
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.events.classroom import Criterion
from shared.events.content import Block, Link, Question
from shared.retrieval.passages import NOT_HELD, Passage

READ = "Read this part of the course again, and say in your own words what it asks of you."
NO_GRADES = "Nobody here grades an answer in words; somebody who teaches will."
_SHARE = 0.6
_SHORTEST = 4


@dataclass(frozen=True)
class Quoted:
    """A passage as it is said: `text` is empty where the passage would tell the solution and is named only."""

    task_id: str
    headings: tuple[str, ...]
    text: str
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """Where it stands."""
        return " › ".join(self.headings)


@dataclass(frozen=True)
class Reply:
    """What is said: the passages and words about them; or, where a model answers, `sentences` that name passages by
    their places, and `scores`.
    """

    passages: tuple[Quoted, ...]
    words: str
    is_refused: bool
    sentences: tuple[TutorSentence, ...] = ()
    scores: tuple[CriterionScore, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        if self.sentences:
            return " ".join(one.text for one in self.sentences)
        return "\n\n".join(filter(None, [*(one.text or one.name for one in self.passages), self.words]))


def reply(found: Sequence[Passage], places: Mapping[str, Place], question: Question | None, *, is_held: bool) -> Reply:
    """The answer with these passages, to a message about a question or a task. Where they do not hold what the message
    asks, they are those that the question is about.
    """
    solution = solution_of(question) if question is not None else ()
    asked = text_of(question) if question is not None else ""
    quoted: list[Quoted] = []
    said = ""
    for one in found:
        cited = tuple(places[mark] for mark in one.citation_ids if mark in places)
        headings = tuple("" if is_told(heading, solution, asked) else heading for heading in one.headings)
        is_kept = not is_told(f"{said}\n{one.text}", solution, asked)
        said += f"\n{one.text}" if is_kept else ""
        quoted.append(Quoted(one.module_id, tuple(filter(None, headings)), one.text if is_kept else "", cited))
    is_judged_by_people = question is not None and question.answer_kind is None
    words = [READ] if any(not one.text for one in quoted) else []
    words += [] if is_held else [NOT_HELD]
    words += [NO_GRADES] if is_judged_by_people else []
    return Reply(tuple(quoted), " ".join(words), is_refused=not is_held)


def with_mark(said: TutorReply, rows: Sequence[Criterion], mark: Criterion) -> TutorReply:
    """With the mark of an assignment as the last row of its scorecard: as near to the most as the points of the other
    rows together.
    """
    if not said.scorecard:
        return said
    most = sum(one.max_score - one.min_score for one in rows)
    got = sum(one.score for one in said.scorecard) - sum(one.min_score for one in rows)
    score = round(mark.min_score + (mark.max_score - mark.min_score) * (got / most if most else 1.0), 2)
    most_of = {one.name: one.max_score for one in rows}
    short = [one.category for one in said.scorecard if one.score < most_of[one.category]]
    wrong = f"Points are missing in: {', '.join(short)}" if short else ""
    row = CriterionScore(category=mark.name, score=score, wrong=wrong)
    return said.model_copy(update={"scorecard": (*said.scorecard, row)})


def of_model(said: TutorReply, near: Reply) -> Reply:
    """The answer of a model that was given the passages of `near`. It names passages, and quotes nothing itself."""
    passages = tuple(replace(one, text="") for one in near.passages)
    return Reply(passages, "", said.is_refused, said.sentences, said.scorecard)


def right_places(question: Question) -> tuple[int, ...]:
    """The places of the right ones of its options, where it is a choice."""
    if question.answer_kind != "choice":
        return ()
    return tuple(place for place, one in enumerate(question.options) if one.id in question.key)


def solution_of(question: Question) -> tuple[str, ...]:
    """What solves a question, in words, and what its author wrote for the tutor alone."""
    names = {one.id: one.text for one in question.options}
    keys = [[one] if isinstance(one, str) else one for one in question.key]
    by_key = (" ".join(names.get(one, one) for one in key) for key in keys)
    notes = _words(question.context.blocks) if question.context is not None else ""
    return tuple(text for text in (*by_key, _words(question.answer), notes) if text.strip())


def text_of(question: Question) -> str:
    """What a question says."""
    return f"{question.title}\n{_words(question.blocks)}"


def is_told(said: str, solution: Iterable[str], asked: str) -> bool:
    """Whether a text tells a solution: holds it, or most words of it that the question does not say itself."""
    plain, given = _squeezed(said), frozenset(stem_content_words(asked))
    heard = frozenset(stem_content_words(show_plain(said)))
    for text in solution:
        wanted = _squeezed(text)
        if len(wanted) >= _SHORTEST and wanted in plain and wanted not in _squeezed(asked):
            return True
        if 0 < len(wanted) < _SHORTEST and wanted in map(_squeezed, said.split()):
            return True
        own = set(stem_content_words(text)) - given
        if own and len(own & heard) >= max(1, _SHARE * len(own)):
            return True
    return False


def _squeezed(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text).casefold() if one.isalnum())


def _words(blocks: Collection[Block]) -> str:
    parts = []
    for block in blocks:
        for one in block.content:
            parts += [words.text for words in (one.content if isinstance(one, Link) else [one])]
        parts.append(_words(block.children))
    return "\n".join(filter(None, parts))

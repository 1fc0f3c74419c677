"""A learner's message becomes an answer from the course that does not tell the solution, and a scorecard.

A model is asked once, and once more when its answer would have told the solution or its scorecard cannot be used. Its
answers are stored before they are looked at, so the same message gets the same answer and is not paid for twice.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from services.tutor.guard import Solution
from services.tutor.prompts import ChatAnswer, GradeAnswer, ScoreByModel, ask_grade, ask_tutor
from shared.classroom.tutored import CriterionScore, TutorQuestion, TutorReply, TutorSentence
from shared.course.plain_text import show_plain
from shared.course.sentence_marks import split_pieces
from shared.course.wording import stem_content_words
from shared.engine.model.question import Model, Question
from shared.engine.types import Usage
from shared.kernel.errors import TransientError
from shared.retrieval.passages import NOT_HELD

M = TypeVar("M", ChatAnswer, GradeAnswer)
Told = Callable[[Usage], None]

_PIECES = 20
_CHARACTERS = 4_000
"""Of what is said at once: each piece is held against the solution together with those before it."""
_CHARACTERS_BEFORE = 16_000
_HELD = 0.5
DELAYS = (1.0, 3.0)
_LONGEST_WAIT = 10.0
_BUSY = frozenset({"engine_busy", "engine_unreachable"})
HINT = "Read the passage again, and say in your own words what it asks of you. Which part of it fits your question?"
_TOLD = (
    "Your last answer told the solution, or a part of it, or was written so that it could be decoded. Answer again and "
    "keep all of it to yourself: ask a question about the passages instead."
)
_BAD_SCORES = (
    "Your last scorecard could not be used. It needs one row for each criterion by its name, scores within the bounds, "
    "and `wrong` in each row whose score is below the most."
)
_ORDINARY_WORDS = (
    "add almost already answer approach ask attempt avoid back begin call case cause change check choose clear close "
    "code come compare condition consider contain correct course decide describe detail different does easy element "
    "empty end error exactly example expect explain far find first follow forget function give go good great happens "
    "hard have help idea important input keep kind know last learn leave limit line list little long look loop lose "
    "lost made mean meant method miss missing name need new next nice number once option order output own part "
    "passage place point possible problem program put question read reason remember result return right rule run said "
    "same say second see seem sentence setting show simple situation small solve sort speak start statement step "
    "stuck sure take task tell test text think time true try turn twice understand use value variable visit want way "
    "well wonder word work write wrong wrote"
)
"""Of a tutor who asks, and of no course."""


class Answering:
    """`spent` is told what each answer cost as soon as it is there. A model that is busy or away is asked again after
    each of the `delays` (seconds).
    """

    def __init__(self, chat: Model, grading: Model, spent: Told, delays: Sequence[float] = DELAYS) -> None:
        self._chat, self._grading, self._spent, self._delays = chat, grading, spent, delays
        self._usage = Usage()

    async def answer(self, question: TutorQuestion) -> TutorReply:
        """Raises the errors of a model."""
        if not question.passages and not question.asked:
            return TutorReply(sentences=(TutorSentence(text=NOT_HELD),), is_refused=True)
        solution = solution_of(question)
        scorecard = await self._scorecard(question, solution) if question.criteria else ()
        answer = await self._ask(self._chat, ask_tutor(question, scorecard), ChatAnswer)
        said, withheld = await asyncio.to_thread(let_through, question, solution, answer, scorecard)
        if withheld:
            answer = await self._ask(self._chat, ask_tutor(question, scorecard, _TOLD), ChatAnswer)
            said, more = await asyncio.to_thread(let_through, question, solution, answer, scorecard)
            withheld += more
        is_refused = not said and not withheld and not question.asked
        if is_refused:
            said = [TutorSentence(text=NOT_HELD)]
        elif withheld or not said:
            said.append(TutorSentence(text=HINT))
        return TutorReply(
            sentences=tuple(said), scorecard=tuple(scorecard), is_refused=is_refused, model=self._chat.model,
            usage=self._usage, withheld=withheld,
        )  # fmt: skip

    async def _scorecard(self, question: TutorQuestion, solution: Solution | None) -> Sequence[CriterionScore]:
        """Empty for a message that is no attempt, and for two scorecards that cannot be used."""
        rows = usable(question, await self._ask(self._grading, ask_grade(question), GradeAnswer))
        if rows is None:
            again = await self._ask(self._grading, ask_grade(question, _BAD_SCORES), GradeAnswer)
            rows = usable(question, again) or ()
        return await asyncio.to_thread(guarded, rows, solution)

    async def _ask(self, model: Model, question: Question, form: type[M]) -> M:
        for delay in self._delays:
            try:
                answer, usage = await model.ask(question, form)
                break
            except TransientError as error:
                if error.code not in _BUSY:
                    raise
                await asyncio.sleep(max(delay, min(error.retry_after_seconds or 0.0, _LONGEST_WAIT)))
        else:
            answer, usage = await model.ask(question, form)
        self._usage += usage
        self._spent(usage)
        return answer


def solution_of(question: TutorQuestion) -> Solution | None:
    """What must not be told; None where there is nothing."""
    if not question.solution and not question.right:
        return None
    before = "\n".join(one.content for one in question.history if one.role == "assistant")[-_CHARACTERS_BEFORE:]
    near = "\n".join(one.text for one in question.passages)
    return Solution(question.solution, question.options, frozenset(question.right), question.asked, near, before)


def let_through(
    question: TutorQuestion, solution: Solution | None, answer: ChatAnswer, scorecard: Iterable[CriterionScore] = ()
) -> tuple[list[TutorSentence], int]:  # fmt: skip
    """The sentences that the passages say and that do not tell the solution together with the scorecard and those
    before them, and how many would have told it.
    """
    kept: list[TutorSentence] = []
    rows = [text for one in scorecard for text in (one.correct, one.wrong) if text]
    withheld = 0
    for one in _sentences(question, answer):
        if solution is not None and solution.is_told_by(*rows, *(before.text for before in kept), one.text):
            withheld += 1
        elif _is_held(question, one):
            kept.append(one)
    return kept, withheld


def usable(question: TutorQuestion, answer: GradeAnswer) -> Sequence[ScoreByModel] | None:
    """The rows of the scorecard, in the order of the criteria; empty for no attempt, None where they cannot be used."""
    if not answer.is_attempt:
        return ()
    rows = {one.category: one for one in answer.scorecard}
    if len(rows) != len(answer.scorecard) or rows.keys() != {one.name for one in question.criteria}:
        return None
    for criterion in question.criteria:
        one = rows[criterion.name]
        if not criterion.min_score <= one.score <= criterion.max_score:
            return None
        if one.score < criterion.max_score and not one.wrong.strip():
            return None
    return [rows[criterion.name] for criterion in question.criteria]


def guarded(rows: Sequence[ScoreByModel], solution: Solution | None) -> list[CriterionScore]:
    """The rows, without the words that tell the solution together with those before them, and those that are too many
    to be held against it.
    """
    scores: list[CriterionScore] = []
    said: list[str] = []
    left = _CHARACTERS
    for number, row in enumerate(rows):
        correct, wrong = row.correct, row.wrong
        left -= len(correct) + len(wrong)
        so_far = (*said, correct), (*said, correct, wrong)
        if left < 0 or number >= _PIECES or (solution is not None and any(solution.is_told_by(*one) for one in so_far)):
            correct, wrong = "", HINT if row.wrong else ""
        else:
            said += filter(None, [correct, wrong])
        scores.append(CriterionScore(category=row.category, score=row.score, correct=correct, wrong=wrong))
    return scores


def longest_scorecard(question: TutorQuestion) -> Sequence[CriterionScore]:
    """As long as a scorecard of the question may get."""
    rows = [CriterionScore(category=one.name, wrong=HINT, score=one.max_score) for one in question.criteria]
    return [rows[0].model_copy(update={"correct": "…" * _CHARACTERS}), *rows[1:]] if rows else ()


def _sentences(question: TutorQuestion, answer: ChatAnswer) -> Iterable[TutorSentence]:
    """Its first sentences; the rest falls away."""
    left = _CHARACTERS
    pieces = ((one, piece.text) for one in answer.sentences for piece in split_pieces(one.text))
    for one, text in islice(pieces, _PIECES):
        left -= len(text)
        if left < 0:
            return
        cited = tuple(number for number in one.passages if 0 <= number < len(question.passages))
        yield TutorSentence(text=text, passages=cited)


def _is_held(question: TutorQuestion, sentence: TutorSentence) -> bool:
    """Whether the cited passages say it. One that cites nothing is a question, or about the learner's own words, and
    has more words of the course and the learner than others: other words can name everything.
    """
    words = set(stem_content_words(show_plain(sentence.text)))
    texts = [question.passages[number].text for number in sentence.passages]
    if not texts:
        is_question = sentence.text.rstrip("\"'”’)*_ ").endswith(("?", "？"))
        if not is_question and not question.asked:
            return False
        texts = [question.message, question.asked, _ORDINARY_WORDS]
        texts += [one.text for one in question.passages] if is_question else []
    held = words & set(stem_content_words(show_plain("\n".join(texts))))
    return not words or len(held) > _HELD * len(words) or (bool(sentence.passages) and len(held) == _HELD * len(words))

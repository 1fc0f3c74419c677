"""A solver that never saw the documentation does hardly better than a guess: nothing but the lesson gives answers.

It goes by what test-takers go by when they do not know: the longest option, the shortest option, the option that
repeats words of the question, and the option that is most like the question in meaning. A written answer has no
options to go by: there a guess is worth something only where the answer stands in the question.
"""

import re
from collections.abc import Callable, Sequence

import pytest

from services.modules.offline.items.find import list_questions
from services.modules.offline.items.question import Question
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.language.similarity import embed_words, likeness
from tests.unit.items.sample import teach, write_pages

ALLOWED = 0.10
FEWEST = 200
Rating = Callable[[Question], Sequence[float]]


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """The questions about an invented project that gives what some names do with many numbers."""
    taught = teach(*write_pages())
    return list_questions(taught, TaughtText(taught))


@pytest.fixture(scope="module")
def choices(questions: list[Question]) -> list[Question]:
    return [question for question in questions if question.options]


def test_there_are_enough_items_to_tell(questions: list[Question], choices: list[Question]) -> None:
    assert len(questions) >= FEWEST
    assert len(choices) >= FEWEST


def test_a_written_answer_does_not_stand_in_its_question(questions: list[Question]) -> None:
    for question in (question for question in questions if question.answers):
        assert not re.search(rf"(?<!\w){re.escape(question.answers[0])}(?!\w)", question.stem)


def test_the_longest_option_is_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_length) <= chance(choices) + ALLOWED


def test_the_shortest_option_is_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_shortness) <= chance(choices) + ALLOWED


def test_words_of_the_question_are_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_shared_words) <= chance(choices) + ALLOWED


def test_likeness_to_the_question_is_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_likeness) <= chance(choices) + ALLOWED


def test_all_clues_together_are_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_together) <= chance(choices) + ALLOWED


def test_the_solver_finds_a_key_that_is_given_away(choices: list[Question]) -> None:
    marked = [give_away(question) for question in choices]
    assert measure(marked, rate_shared_words) >= 0.9
    assert measure(marked, rate_length) >= 0.9
    assert measure(marked, rate_likeness) >= 0.9


def give_away(question: Question) -> Question:
    """The question with a key that repeats the whole stem."""
    options = tuple(
        option.__class__(f"{question.stem} {option.text}", option.feedback, option.spans, option.is_key)
        if option.is_key
        else option
        for option in question.options
    )
    return Question(**{**vars(question), "options": options})


def chance(questions: Sequence[Question]) -> float:
    """What a blind guess scores."""
    return sum(1 / len(question.options) for question in questions) / len(questions)


def measure(questions: Sequence[Question], rate: Rating) -> float:
    """The share of keys among the options that are rated best; a tie counts in part."""
    return sum(_score(question, rate(question)) for question in questions) / len(questions)


def _score(question: Question, ratings: Sequence[float]) -> float:
    best = [i for i, rating in enumerate(ratings) if rating >= max(ratings) - 1e-9]
    return sum(1 for i in best if question.options[i].is_key) / len(best)


def rate_length(question: Question) -> Sequence[float]:
    return [float(len(show_plain(option.text))) for option in question.options]


def rate_shortness(question: Question) -> Sequence[float]:
    return [-length for length in rate_length(question)]


def rate_shared_words(question: Question) -> Sequence[float]:
    asked = set(stem_content_words(show_plain(question.stem)))
    return [float(len(asked & set(stem_content_words(show_plain(option.text))))) for option in question.options]


def rate_likeness(question: Question) -> Sequence[float]:
    texts = [show_plain(question.stem), *(show_plain(option.text) for option in question.options)]
    vectors = embed_words([text.lower().split() for text in texts], lambda _: 1)
    return [float(value) for value in likeness(vectors[1:], vectors[:1])[:, 0]]


def rate_together(question: Question) -> Sequence[float]:
    """The sum of the ranks by each clue."""
    ranks = [0.0] * len(question.options)
    for rate in (rate_length, rate_shared_words, rate_likeness):
        ratings = rate(question)
        for i, rating in enumerate(ratings):
            ranks[i] += sum(1 for other in ratings if other < rating)
    return ranks

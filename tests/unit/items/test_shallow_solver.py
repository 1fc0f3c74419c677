"""A solver that never saw the documentation does hardly better than a guess: nothing but the lesson gives answers.

It goes by what test-takers go by when they do not know: the longest option, the shortest option, the option that
repeats words of the question, and the option that is most like the question in meaning.
"""

from collections.abc import Callable, Sequence

import pytest

from services.modules.offline.items.find import list_questions
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.course.scales import ItemForm
from shared.course.wording import stem_content_words
from shared.engine.types import Span
from shared.language.similarity import embed, likeness
from tests.unit.items.sample import read_material, teach_text

ALLOWED = 0.10
FEWEST = 50
LENGTHS = (7, 3, 4, 5, 6, 8, 9, 10, 11)
"""Of a key and of the wrong options, some shorter and some longer."""
Rating = Callable[[Question], Sequence[float]]


@pytest.fixture(scope="module")
def choices() -> list[Question]:
    taught = read_material()
    said = TaughtText(taught)
    return list_questions(taught, said)


def test_there_are_enough_items_to_tell(choices: list[Question]) -> None:
    assert len(choices) >= FEWEST
    assert len({question.form for question in choices}) >= 3


def test_the_longest_option_is_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_length) <= chance(choices) + ALLOWED


def test_the_shortest_option_is_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_shortness) <= chance(choices) + ALLOWED


@pytest.mark.parametrize("form", ["fill_call", "predict_output"])
@pytest.mark.parametrize("step", [1, -1], ids=["shorter ones first", "longer ones first"])
def test_of_many_wrong_options_those_are_taken_that_make_the_length_no_clue(form: ItemForm, step: int) -> None:
    (one,), said = teach_text("# Cranes\n\nA crane lifts a crate.\n")
    spans = (Span(path=one.path, start_line=3, end_line=3),)
    key, *wrong = (
        Choice(f"`{letter * length}`", "It is.", spans) for letter, length in zip("mabcdefgh", LENGTHS, strict=True)
    )
    stems = [f"What does the crane number {number} lift?" for number in range(FEWEST)]
    asked = [question for stem in stems for question in ask_choice(form, one, said, stem, key, wrong[::step])]
    assert len(asked) == FEWEST
    for rate in (rate_length, rate_shortness):
        assert measure(asked, rate) <= chance(asked) + ALLOWED
    assert len({sum(len(option.text) < len(key.text) for option in question.options) for question in asked}) > 1


def test_a_call_that_is_shorter_than_all_others_is_the_key_no_oftener_than_by_chance() -> None:
    (one,), said = teach_text("# Cranes\n\nA crane lifts a crate.\n")
    spans = (Span(path=one.path, start_line=3, end_line=3),)
    key, *wrong = (
        Choice(f"`{letter * length}`", "It is.", spans) for letter, length in zip("mabcd", (3, 4, 5, 6, 7), strict=True)
    )
    stems = [f"What lifts the crate number {number}?" for number in range(4 * FEWEST)]
    asked = [question for stem in stems for question in ask_choice("fill_call", one, said, stem, key, wrong)]
    assert 0 < len(asked) <= len(stems) * (1 / 4 + ALLOWED)


def test_words_of_the_question_are_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_shared_words) <= chance(choices) + ALLOWED


def test_likeness_to_the_question_is_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_likeness) <= chance(choices) + ALLOWED


def test_all_clues_together_are_no_clue(choices: list[Question]) -> None:
    assert measure(choices, rate_together) <= chance(choices) + ALLOWED


def test_the_solver_finds_a_key_that_is_given_away(choices: list[Question]) -> None:
    given = [question for question in choices if give_away(question) is not question]
    marked = [give_away(question) for question in given]
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
    vectors = embed([show_plain(question.stem), *(show_plain(option.text) for option in question.options)])
    return [float(value) for value in likeness(vectors[1:], vectors[:1])[:, 0]]


def rate_together(question: Question) -> Sequence[float]:
    """The sum of the ranks by each clue."""
    ranks = [0.0] * len(question.options)
    for rate in (rate_length, rate_shared_words, rate_likeness):
        ratings = rate(question)
        for i, rating in enumerate(ratings):
            ranks[i] += sum(1 for other in ratings if other < rating)
    return ranks

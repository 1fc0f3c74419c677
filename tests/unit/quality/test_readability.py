import pytest

from shared.course.quality_reading import is_fragment, is_in_band, list_graded, list_source
from shared.course.readability import count_syllables, grade_sentences, measure_long_sentence
from shared.docs.reader import read_document


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("cat", 1), ("water", 2), ("make", 1), ("makes", 1), ("boxes", 2), ("changes", 2), ("table", 2), ("walked", 1),
        ("wanted", 2), ("the", 1), ("program", 2), ("documentation", 5), ("configuration", 5), ("idea", 3),
        ("interface", 3), ("create", 2), ("media", 3), ("don't", 1), ("well-known", 2), ("simple", 2), ("rhythm", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_by_rule(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_short_words_in_short_sentences_have_a_low_grade() -> None:
    easy = grade_sentences(["The cat sat on the mat.", "It was warm."])
    hard = grade_sentences(["Incomprehensible terminology considerably complicates documentation."])
    assert easy is not None
    assert hard is not None
    assert easy < 2 < 16 < hard


def test_text_without_words_has_no_grade() -> None:
    assert grade_sentences(["12 34", ""]) is None


def test_the_longer_sentences_are_those_of_the_ninetieth_percentile() -> None:
    assert measure_long_sentence(["a " * n for n in range(1, 11)]) == 9
    assert measure_long_sentence([]) == 0


def test_a_text_no_harder_than_its_source_is_in_its_band() -> None:
    hard = ["Incomprehensible terminology considerably complicates documentation."]
    assert not is_in_band(hard, [], 10.0)
    assert is_in_band(hard, hard, 10.0)


def test_items_without_full_stops_are_read_as_one_long_sentence() -> None:
    assert not is_in_band(["a cat sits on a mat in the house of a man"] * 12, [], 10.0)


@pytest.mark.parametrize(
    "text",
    ["A whole one.", "`code` begins it.", "**Bold** begins it.", "It ends with:", "3 of them.", "*kettle* boils."],
)
def test_whole_sentences_are_no_fragments(text: str) -> None:
    assert not is_fragment(text, "kettle")


@pytest.mark.parametrize("text", ["no capital.", "No full stop", "**bold** without a capital.", "kettles boil."])
def test_a_fragment_lacks_its_capital_or_its_full_stop(text: str) -> None:
    assert is_fragment(text, "kettle")


def test_a_text_whose_sentences_are_split_a_little_otherwise_than_its_source_stays_in_the_band() -> None:
    words = "incomprehensible terminology complicates documentation"
    source = [f"{words} {words}."] * 20
    joined = [f"{words} {words} {words} {words}.", *source[2:]]
    harder = [f"{words} {words} {words} {words}."] * 10
    assert is_in_band(joined, source, 10.0)
    assert not is_in_band(harder, source, 10.0)


def test_a_source_is_read_with_the_words_of_its_links_and_its_code_as_a_course_is() -> None:
    raw = b"Kettle\n======\n\nSee :ref:`steam-pressure`, which ``__eq__`` compares.\n\nboil\n   Heats water.\n"
    assert list_source(read_document("a.rst", raw, {}).sections) == [
        "See [steam pressure](ref:steam-pressure), which `__eq__` compares.",
        "boil Heats water.",
    ]


def test_a_sentence_that_a_summary_says_again_is_graded_once_and_a_link_not_at_all() -> None:
    assert list_graded(["Water is hot.", "[Hot](a.md)", "Water is hot."]) == ["Water is hot."]

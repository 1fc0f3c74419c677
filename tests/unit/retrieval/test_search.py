"""Questions to a course: what is quoted, and what is refused."""

import pytest

from shared.retrieval.passages import Passage, passages_of
from shared.retrieval.search import Index
from tests.support.course_fixture import build_course

COURSE = build_course()
INDEX = Index(
    (passage for module in COURSE.modules for passage in passages_of(module.id, module.title, module.main_content)),
    COURSE.language,
)


@pytest.mark.parametrize(
    ("question", "says", "cites"),
    [
        ("How do I install it?", "pip install tidepool", "c3"),
        ("How can I put a job into a queue?", 'queue.put({"task": "resize", "width": 640})', "c6"),
        ("What happens when the block raises?", "If the block raises, the job goes back.", "c8"),
        ("What is a lease?", "A lease is a promise that a worker makes", "c10"),
        ("Why do two workers do the same job?", "shorter than the work makes two workers do the same job", "c13"),
        ("What is the default of attempts?", "| `attempts` | 5 |", "c12"),
        ("In which order do I move to longer leases?", "1. Stop the workers.", "c14"),
    ],
)
def test_a_question_gets_the_passage_that_holds_the_answer_with_its_lines(question: str, says: str, cites: str) -> None:
    best = INDEX.search(question)[0]
    assert says in best.text
    assert cites in best.citation_ids


@pytest.mark.parametrize(
    "question",
    [
        "How do I connect Tidepool to Kafka?",
        "What is the capital of Portugal?",
        "How do I encrypt messages with a password?",
        "How many euros does a subscription cost?",
        "",
        "and how?",
    ],
)
def test_a_question_that_no_passage_holds_is_refused(question: str) -> None:
    assert INDEX.search(question) == ()


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What is a laese?", "What is a lease?"),
        ("How do I intsall it?", "How do I install it?"),
        ("What is the defualt of atempts?", "What is the default of attempts?"),
    ],
)
def test_a_word_with_a_slip_is_read_as_the_word_of_the_course(question: str, meant: str) -> None:
    assert INDEX.search(question) == INDEX.search(meant) != ()


def test_a_word_that_the_course_lacks_is_not_taken_for_a_slip() -> None:
    assert INDEX.search("What is a please?") == ()


def test_the_name_of_a_course_makes_no_passage_near() -> None:
    """It stands everywhere, and says nothing of what is asked."""
    things = ("install", "queue", "pool", "lock", "timer", "router")
    lessons = (passages_of(one, one, f"Tidepool has a {one}. In Tidepool the {one} is small.[^c1]") for one in things)
    index = Index(one for passages in lessons for one in passages)
    assert index.search("Does Tidepool have a Tidepool button in Tidepool?") == ()
    assert index.search("Tidepool: what of the timer in Tidepool?")[0].module_id == "timer"


def test_a_passage_is_whole_and_shows_no_marks() -> None:
    (first, *_) = passages_of(
        "m", "Title", "## Use\n\nDo so:[^c1]\n\n```python cite=c2\na = 1\n\nb = 2\n```\n\n## Bare\n\nNo."
    )
    assert first.headings == ("Title", "Use")
    assert first.text == "Do so:\n\n```python\na = 1\n\nb = 2\n```"
    assert first.citation_ids == ("c1", "c2")


def test_code_that_is_too_long_to_quote_is_cut_at_a_blank_line() -> None:
    code = "\n\n".join("x = 1\n" * 40 for _ in range(20))
    found = [*passages_of("m", "Title", f"## API\n\n```python cite=c1\n{code}\n```")]
    assert max(len(one.text) for one in found) < 2_500
    assert all(one.text.startswith("```python\n") and one.text.endswith("\n```") for one in found)
    assert sum(one.text.count("x = 1") for one in found) == 800


def test_words_far_from_each_other_hold_nothing() -> None:
    filler = "A plain word follows another one here. " * 40
    far = f"The turbine spins.[^c1] {filler}It is painted.[^c1] {filler}Grass is green.[^c1]"
    index = Index(passages_of("m", "Title", far))
    assert index.search("Is the turbine painted green?") == ()
    assert index.search("Does the turbine spin?")


def test_a_course_of_common_words_alone_answers_nothing() -> None:
    index = Index(passages_of("m1", "It is", "It is what it is.[^c1]\n"))
    assert index.search("What is a callback?") == ()


def test_five_passages_are_quoted_where_they_can_be_read_at_once() -> None:
    def quoted(filler: str) -> int:
        texts = [f"A worker keeps the lease of {name} for a minute. {filler}" for name in ("oak", "elm", "fir", "ash")]
        texts += [f"Another lease is of {name}. {filler}" for name in ("yew", "fig", "box")]
        index = Index(Passage("m1", ("Leases", text[-9:]), text, ("c1",)) for text in texts)
        return len(index.search("How long does a worker keep the lease of oak?"))

    assert quoted("") == 5
    assert quoted("The tide comes in and goes out. " * 45) == 3


def test_a_passage_has_its_code_without_what_the_info_string_says_of_it() -> None:
    (passage,) = passages_of("m1", "Title", "```python cite=c1 adapted marked=2,4-5\nx = 1\n```\n")
    assert (passage.text, passage.citation_ids) == ("```python\nx = 1\n```", ("c1",))

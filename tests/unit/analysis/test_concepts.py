import pytest

from services.doc_analyser.offline.concepts import find_concepts
from services.doc_analyser.offline.definitions import defines
from shared.engine.types import Concept
from tests.unit.analysis.build import document


def concepts(text: str, path: str = "docs/page.md") -> dict[str, Concept]:
    return {concept.name: concept for concept in find_concepts(document(text, path), "d1", "en")}


def test_a_heading_and_the_sentence_that_defines_it_make_a_concept_with_its_exact_lines() -> None:
    found = concepts("# Storage\n\n## Streams\n\nStreams are message stores that keep\nevery message they are given.\n")
    assert list(found) == ["Streams"]
    span = found["Streams"].definition.span
    assert (span.path, span.start_line, span.end_line) == ("docs/page.md", 5, 6)
    assert found["Streams"].evidence == 3


def test_a_marked_term_in_the_middle_of_a_page_is_a_concept() -> None:
    found = concepts(
        "# Options\n\nRead this first, please, it matters.\n\nA **callback** is a function that runs after parsing.\n"
    )
    assert [c.evidence for c in found.values()] == [2]
    assert found["callback"].definition.text == "A **callback** is a function that runs after parsing."


def test_a_plain_definition_is_a_weak_home() -> None:
    found = concepts("# Page\n\nIt begins.\n\nA gadget is a small device that does one thing.\n")
    assert {name: concept.evidence for name, concept in found.items()} == {"gadget": 1}


def test_a_first_sentence_that_tells_the_reader_what_to_do_is_no_gloss() -> None:
    assert concepts("# Page\n\n## Square brackets\n\nOpen the file and look at its first line now.\n") == {}


def test_an_item_that_a_bullet_opens_and_the_furniture_of_a_specification_are_no_concepts() -> None:
    assert concepts("# Page\n\n## Type bounds\n\n• **Id** extends a `string` and is one too.\n") == {}
    assert concepts("# Page\n\n## Conformance\n\nThe key words of this page mean what RFC 2119 says of them.\n") == {}


@pytest.mark.parametrize(
    "talk",
    [
        "If you use a public plugin then check whether there is another one.",
        "If not you will need to write your own one.",
        "Let's take a look at all the changes you need to apply.",
        "As we know testing is integral to any piece of software.",
        "Testing is what every program in the world needs so much!",
    ],
)
def test_talk_with_the_reader_is_no_gloss(talk: str) -> None:
    assert concepts(f"# Page\n\n## Testing\n\n{talk}\n") == {}
    said = "Testing is the work of finding out whether a program does what it should."
    (found,) = concepts(f"# Page\n\n## Testing\n\n{talk} {said}\n").values()
    assert found.definition.text == said


def test_a_glossary_gives_all_its_entries() -> None:
    text = "# Glossary\n\n" + "\n".join(
        f"- **{name}**: the part of the system that deals with {name.lower()} work."
        for name in ("Broker", "Cluster", "Quorum")
    )
    assert list(concepts(text + "\n")) == ["Broker", "Cluster", "Quorum"]


def test_release_notes_define_nothing() -> None:
    text = "# Release notes\n\nA **stream** is a durable sequence of messages.\n"
    assert concepts(text, "docs/release-notes.md") == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a function that runs after parsing.",
        "It is a good idea to test your code before release.",
        "The following is a list of all known options.",
        "A callback is optional and runs after parsing has ended.",
        "The result is a list of integers in ascending order.",
        "The default is a value that nobody ever wants.",
        "A note is a thing to keep in mind for later.",
        "The `--force` flag is a way to skip the question.",
        "The file docs/page.md is a page about nothing at all.",
        "Streams are designed to keep messages for later use.",
        "There is a function that runs after all parsing.",
        "A callback is a function that runs after:",
        "What is a callback and why would one use it?",
    ],
)
def test_sentences_that_define_no_term_of_the_subject(sentence: str) -> None:
    assert defines(sentence, "en") is None


@pytest.mark.parametrize(
    ("sentence", "language", "term"),
    [
        ("A *durable consumer* is a consumer whose state survives restarts.", "en", "durable consumer"),
        ("Middleware refers to code that wraps every request.", "en", "Middleware"),
        ("Ein **Strom** ist eine dauerhafte Folge von Nachrichten.", "de", "Strom"),
        ("Un **flux** est une suite durable de messages ordonnés.", "fr", "flux"),
    ],
)
def test_sentences_that_define_a_term(sentence: str, language: str, term: str) -> None:
    found = defines(sentence, language)
    assert found is not None
    assert found.term == term


def test_a_term_in_bold_is_defined_by_any_noun() -> None:
    found = defines("A **priority** is a number that lets an urgent job go first.", "en")
    assert found is not None
    assert found.term == "priority"
    assert defines("A priority is a number that lets an urgent job go first.", "en") is None


def test_a_word_that_is_furniture_elsewhere_is_a_term_where_its_author_defines_it() -> None:
    found = defines("A **result** is the value that a worker stores when a job is done.", "en")
    assert found is not None
    assert (found.term, found.marked) == ("result", True)
    assert defines("A result is the value that a worker stores when a job is done.", "en") is None
    assert defines("The **result** is the value that a worker stores when a job is done.", "en") is None

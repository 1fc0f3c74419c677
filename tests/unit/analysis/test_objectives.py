import pytest

from shared.course.wording import verb_fits
from shared.engine.offline.objectives import find_objectives
from tests.unit.analysis.build import document

PROSE = "The tool reads its input from many places and writes what it finds to one file at the end.\n\n"
CODE = "```python\nprint(1)\n```\n\n"


def objective(heading: str, *, code: bool, title: str = "Widgets", table: bool = False) -> str | None:
    body = PROSE + (CODE if code else "") + ("| a | b |\n|---|---|\n| one | two |\n\n" if table else "")
    found = find_objectives(document(f"# {title}\n\n## {heading}\n\n{body}"), title, (), "widgets")
    assert all(verb_fits(one.text, one.bloom) for one in found)
    return found[0].text if found else None


@pytest.mark.parametrize(
    ("heading", "code", "text"),
    [
        ("Declaring Options", True, "Demonstrate how to declare options"),
        ("Declaring Options", False, "Explain how to declare options"),
        ("Using Callbacks", True, "Use callbacks"),
        ("Working with Files", True, "Use files"),
        ("Lazily Loading Subcommands", True, "Demonstrate how to load subcommands lazily"),
        ("Add a Database", True, "Demonstrate how to add a database"),
        ("2. Installing the Server", True, "Demonstrate how to install the server"),
        ("Step 3: Configuring TLS", True, "Configure TLS"),
        ("Option Decorator", True, "Use the option decorator"),
        ("Callback Evaluation Order", False, "Explain the callback evaluation order"),
        ("Exit Codes", True, "Use exit codes"),
        ("What is a consumer?", False, "Explain what a consumer is"),
        ("What are Streams?", False, "Explain what streams are"),
        ("How do I add a user?", True, "Demonstrate how to add a user"),
        ("Why use Widgets?", False, "Explain why one would use Widgets"),
        ("Streams vs Queues", False, "Compare streams with queues"),
        ("Testing Python Applications", True, "Demonstrate how to test Python applications"),
        ("Logging configuration", False, "Explain logging configuration"),
        ("Usage", True, "Use widgets"),
        ("The `--force` flag", True, "Use the `--force` flag"),
        ("Project: Building a Server", True, "Build a server"),
        ("Create Stream", True, "Demonstrate how to create a stream"),
        ("Turn Off Echo", True, "Demonstrate how to turn off the echo"),
        ("Creating, Updating and Deleting Rows", True, "Demonstrate how to create, update and delete rows"),
        ("Sorting of the Commands", True, "Demonstrate how to sort the commands"),
        ("Dereferencing a Raw Pointer", True, "Demonstrate how to dereference a raw pointer"),
        ("Print to Stdout", True, "Demonstrate how to print to stdout"),
        ("Improving Our Own Project", False, "Explain how to improve your own project"),
        ("Return Consistent Errors", True, "Demonstrate how to return consistent errors"),
        ("Loading and Error States", True, "Explain loading and error states"),
        ("Difference between Queues and Topics", False, "Distinguish queues from topics"),
        ("Comparing Apples to Pears", False, "Compare apples with pears"),
        ("Data Conversion", True, "Demonstrate data conversion"),
        ("The Decider Pattern", True, "Apply the decider pattern"),
        ("Troubleshooting Slow Consumers", True, "Troubleshoot slow consumers"),
        ("Stream Routing Walkthrough", True, "Demonstrate stream routing"),
        ("User Guide for typer.Argument()", True, "Use the user guide for `typer.Argument()`"),
    ],
)
def test_a_heading_becomes_an_objective_a_learner_can_be_tested_on(heading: str, code: bool, text: str) -> None:
    got = objective(heading, code=code)
    assert got is not None
    assert got.replace("widgets", "Widgets") == text.replace("widgets", "Widgets")


@pytest.mark.parametrize(
    "heading",
    [
        "Via the Profiling Port",
        "And so forth",
        "Just Modern Python",
        "Made to Measure",
        "Complex",
        "Step 3",
        "Support for Us and You",
        "Code of Conduct",
        "See also",
        "Next steps",
        "License",
        "Contributors",
        "Is it fast?",
        "Table of contents",
    ],
)
def test_headings_that_teach_nothing_give_no_objective(heading: str) -> None:
    assert objective(heading, code=False) is None


def test_a_table_without_code_is_to_be_known() -> None:
    assert objective("Available Settings", code=False, table=True) == "Identify available settings"


def test_a_word_that_is_noun_and_verb_is_read_as_the_headings_beside_it() -> None:
    alone = f"# Guide\n\n## Group Commands\n\n{PROSE}{CODE}"
    beside = f"{alone}## Creating a Store\n\n{PROSE}{CODE}## Delete Rows\n\n{PROSE}{CODE}"
    assert [one.text for one in find_objectives(document(alone), "Guide", ())] == ["Use group commands"]
    assert "Demonstrate how to group commands" in [one.text for one in find_objectives(document(beside), "Guide", ())]


def test_the_text_below_tells_a_doing_from_a_thing() -> None:
    doing = f"# Guide\n\n## Mock Slow Servers\n\nIn a test you mock slow servers with one call.\n\n{CODE}"
    thing = f"# Guide\n\n## Mock Slow Servers\n\nA mock slow server answers late, and says so to everybody.\n\n{CODE}"
    assert [o.text for o in find_objectives(document(doing), "Guide", ())] == ["Demonstrate how to mock slow servers"]
    assert [o.text for o in find_objectives(document(thing), "Guide", ())] == ["Use mock slow servers"]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            "You can use `prompt` to ask for a missing value, if there is none.",
            "Use `prompt` to ask for a missing value",
        ),
        ("`prompt` lets you ask for a missing value.", "Use `prompt` to ask for a missing value"),
        ("`prompt` is used for asking users for a value.", "Use `prompt` to ask users for a value"),
        ("To ask for a missing value, use `prompt` with a text.", "Use `prompt` to ask for a missing value"),
        ("Asks the user for a missing value.", "Use `prompt` to ask the user for a missing value"),
        ("You can use `prompt` to do this and that.", "Use `prompt`"),
        ("You can use `other` to ask for a missing value.", "Use `prompt`"),
    ],
)
def test_what_a_thing_is_for_is_taken_from_its_first_sentences(sentence: str, text: str) -> None:
    found = find_objectives(document(f"# Options\n\n## `prompt`\n\n{sentence}\n\n{CODE}"), "Options", ())
    assert [one.text for one in found] == [text]


def test_other_languages_are_quoted() -> None:
    text = f"# Anleitung\n\n## Daten sicher speichern\n\n{PROSE}{CODE}"
    found = find_objectives(document(text), "Anleitung", (), language="de")
    assert [one.text for one in found] == ["Explain “Daten sicher speichern”"]


def test_installing_names_the_project_as_the_document_does() -> None:
    text = f"# Guide\n\nMany people all over the world like WidgetWorks a lot.\n\n## Installation\n\n{PROSE}{CODE}"
    found = find_objectives(document(text), "Guide", (), "widgetworks")
    assert [one.text for one in found] == ["Demonstrate how to install WidgetWorks"]


def test_a_document_has_at_most_six_and_none_twice() -> None:
    headings = [
        "Opening a file",
        "Opening files",
        *[f"Reading {name} data" for name in ["red", "blue", "green", "black", "white", "gray"]],
    ]
    text = "# Files\n\n" + "".join(f"## {heading}\n\n{PROSE}{CODE}" for heading in headings)
    found = find_objectives(document(text), "Files", ())
    assert len(found) <= 6
    assert len({one.text for one in found}) == len(found)


def test_proper_names_keep_their_capitals() -> None:
    intro = "All of this runs on Zanzibar, and Zanzibar needs nothing else."
    text = f"# Setup\n\n{intro}\n\n## Starting Zanzibar Nodes\n\n{PROSE}{CODE}"
    found = find_objectives(document(text), "Setup", ())
    assert found[-1].text == "Demonstrate how to start Zanzibar nodes"

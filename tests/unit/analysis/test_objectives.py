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
        ("Callback Evaluation Order", False, "Describe the callback evaluation order"),
        ("Exit Codes", True, "Use exit codes"),
        ("What is a consumer?", False, "Explain what a consumer is"),
        ("What are Streams?", False, "Explain what streams are"),
        ("How do I add a user?", True, "Demonstrate how to add a user"),
        ("Why use Widgets?", False, "Explain why one would use Widgets"),
        ("Streams vs Queues", False, "Compare streams with queues"),
        ("Testing Python Applications", True, "Demonstrate how to test Python applications"),
        ("Logging configuration", False, "Describe logging configuration"),
        ("Usage", True, "Use widgets"),
        ("The `--force` flag", True, "Use the --force flag"),
        ("Project: Building a Server", True, "Demonstrate how to build a server"),
    ],
)
def test_a_heading_becomes_an_objective_a_learner_can_be_tested_on(heading: str, code: bool, text: str) -> None:
    got = objective(heading, code=code)
    assert got is not None
    assert got.replace("widgets", "Widgets") == text.replace("widgets", "Widgets")


@pytest.mark.parametrize(
    "heading", ["See also", "Next steps", "License", "Contributors", "Is it fast?", "Table of contents"]
)
def test_headings_that_teach_nothing_give_no_objective(heading: str) -> None:
    assert objective(heading, code=False) is None


def test_a_table_without_code_is_to_be_known() -> None:
    assert objective("Available Settings", code=False, table=True) == "Identify available settings"


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

from dataclasses import replace

import pytest

from services.doc_analyser.offline.analyse import find_objectives
from shared.course.wording import verb_fits
from shared.engine.objectives import word_objective
from tests.unit.analysis.build import document

PROSE = "The tool reads its input from many places and writes what it finds to one file at the end.\n\n"


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Declaring Options", "Demonstrate how to declare options"),
        ("Configuring TLS", "Configure TLS"),
        ("Merging of settings", "Demonstrate how to merge settings"),
        ("Disposing of handles", "Demonstrate how to dispose of handles"),
        ("2. Installing the Server", "Install the server"),
        ("How to Add a User", "Add a user"),
        ("What is a consumer?", "Explain what a consumer is"),
        ("Project: Building a Server", "Build a server"),
        ("Exit Codes", "Explain exit codes"),
        ("Clustering configuration", "Explain clustering configuration"),
        ("It is fast.", "Explain “It is fast”"),
        ("Why can't I just use a dict?", "Explain “Why can't I just use a dict?”"),
        ("Streaming & Iteration", "Explain “Streaming & Iteration”"),
    ],
)
def test_a_heading_becomes_an_objective(heading: str, text: str) -> None:
    made = word_objective(heading, "", {"tls": 1}, "en")
    assert made.text == text
    assert verb_fits(made.text, made.bloom)


def test_other_languages_are_quoted() -> None:
    assert word_objective("Daten sicher speichern", "", {}, "de").text == "Explain “Daten sicher speichern”"


def test_a_document_states_no_objective_twice_and_none_of_a_heading_that_fits_any_page() -> None:
    body = "".join(f"## {name}\n\n{PROSE}" for name in ("Opening Files", "Example", "Opening Files", "Exit Codes"))
    found = find_objectives(document(f"# Widgets\n\n{PROSE}{body}"), "Widgets", "widgets", "en")
    assert [one.text for one in found] == [
        "Explain Widgets",
        "Demonstrate how to open files",
        "Explain exit codes",
    ]


def test_a_section_read_from_a_longer_file_of_code_has_its_objective() -> None:
    read = document(f"# Widgets\n\n{PROSE}## Opening Files\n\n{PROSE}")
    short = replace(read, raw_lines=read.raw_lines[:2])
    assert find_objectives(short, "Widgets", "widgets", "en") == find_objectives(read, "Widgets", "widgets", "en")

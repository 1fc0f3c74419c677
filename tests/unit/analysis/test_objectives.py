from dataclasses import replace

import pytest

from services.doc_analyser.offline.objectives import find_objectives
from shared.course.scales import ItemForm
from shared.course.wording import verb_fits
from shared.engine.objectives import word_objective
from tests.unit.analysis.build import document

PROSE = "The tool reads its input from many places and writes what it finds to one file at the end.\n\n"


@pytest.mark.parametrize(
    ("heading", "form", "text"),
    [
        ("Declaring Options", "other", "Demonstrate how to declare options"),
        ("Configuring TLS", "other", "Configure TLS"),
        ("Merging of settings", "other", "Demonstrate how to merge settings"),
        ("Disposing of handles", "other", "Demonstrate how to dispose of handles"),
        ("2. Installing the Server", "other", "Install the server"),
        ("How to Add a User", "other", "Add a user"),
        ("What is a consumer?", "other", "Explain what a consumer is"),
        ("Project: Building a Server", "other", "Build a server"),
        ("Exit Codes", "other", "Explain exit codes"),
        ("Option Decorator", "what_happens", "Predict what happens with “Option Decorator”"),
        ("Exit Codes", "predict_output", "Predict results with “Exit Codes”"),
        ("Exit Codes", "choose", "Choose what to use from “Exit Codes”"),
        ("Compression modes", "choose", "Choose what to use from compression modes"),
        ("Exit Status Table", "choose", "Choose what to use from “Exit Status Table”"),
        ("Queues and Topics", "compare", "Compare “Queues and Topics”"),
        ("First Child Command", "fill_call", "Use the right call for “First Child Command”"),
        ("Run Benchmarks", "order", "Organize the steps of “Run Benchmarks”"),
        ("Timeouts", "find_wrong", "Diagnose problems with timeouts"),
        ("Clustering configuration", "other", "Explain clustering configuration"),
        ("Clustering configuration", "order", "Organize the steps of “Clustering configuration”"),
        ("Importing a Private Service", "what_happens", "Predict what happens when you import a private service"),
        ("Buffering Messages", "find_wrong", "Diagnose what goes wrong when you buffer messages"),
        ("It is fast.", "other", "Explain “It is fast”"),
    ],
)
def test_a_heading_becomes_an_objective_that_a_question_can_test(heading: str, form: ItemForm, text: str) -> None:
    made = word_objective(heading, "", {"tls": 1}, "en", form)
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

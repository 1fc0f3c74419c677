from services.modules.cited.crossings import Crossings
from services.modules.cited.definitions import with_titles
from shared.docs.reader import read_document
from shared.engine.types import CitedSentence, ConceptGraph, GraphConcept, Span

TEXT = """\
Logs
====

A log is set in :ref:`all-the-knobs`, or in :ref:`other-things`.

See :ref:`all-the-knobs`.

.. _all-the-knobs:

Settings of logs
================

Set them.
"""


def test_a_definition_has_the_title_of_a_place_and_not_its_label() -> None:
    documents = {"d": read_document("a.rst", TEXT.encode(), {})}
    told = CitedSentence(
        text="A log is set in all the knobs, or in other things.", span=Span(path="a.rst", start_line=4, end_line=4)
    )
    log = GraphConcept(id="c", name="log", document_id="d", section_id="s", definition=told)
    titled = with_titles(ConceptGraph(concepts=(log,)), documents, Crossings(documents, {"a.rst"}).find)
    assert titled.concepts[0].definition.text == "A log is set in Settings of logs, or in other things."

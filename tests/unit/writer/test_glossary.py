"""The glossary of a course says what stage 2 read, with what a document includes."""

from shared.course.export.markdown import build_markdown
from tests.support.whole_course import make_courses, teach

GUIDE = b"""= The broker
include::attributes.adoc[]

A guide to the parts of the system, for readers who are new to it.

== Glossary

Broker:: A broker is the {product} process that keeps the messages of a cluster.
"""
TOLD = "A broker is the Relay process that keeps the messages of a cluster."


def test_a_gloss_has_the_words_of_an_included_file() -> None:
    taught = teach({"guide.adoc": GUIDE}, {"attributes.adoc": b":product: Relay\n"})
    course = make_courses(taught)[0]
    assert [(concept.name, concept.gloss) for concept in course.concepts] == [("Broker", TOLD)]
    page = build_markdown(course, taught.files.__getitem__, {})["glossary.md"]
    assert f"- **Broker**: {TOLD}" in page.decode()

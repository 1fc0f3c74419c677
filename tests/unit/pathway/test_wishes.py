"""Wishes in a user's own words: what is understood, what the pathways make of it, and what is said to be of no use."""

import pytest

from services.doc_analyser.offline.graph import build_graph
from services.gateway.course.state import Offer
from services.gateway.stages.choice import choose_fitting
from services.gateway.stages.inputs import level_wished
from services.pathway.offline.wishes import list_unused
from shared.course.audience import Audience
from shared.docs.navigation import Navigation
from shared.engine.types import CitedSentence, DocumentAnalysis, GraphConcept, Pathway, Span
from shared.engine.wishes import Wishes, find_named, read_wishes
from shared.events import BlobRef
from tests.unit.pathway.build import page, propose, section

NAMES = ("Installing", "Routing", "Templates", "Windows consoles", "Deployment", "Caching", "Testing", "Sessions")


SKIPPED = ("testing", "deployment", "windows")


def documents() -> list[DocumentAnalysis]:
    return [
        page(f"docs/{at}.md", name, sections=[section(name, words=2500), section(f"More of {name}", words=2500)])
        for at, name in enumerate(NAMES)
    ]


def complete(text: str) -> Pathway:
    return propose(documents(), audience=Audience("intermediate", text))[0]


def titles(text: str) -> list[str]:
    return [module.title for module in complete(text).modules]


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("", Wishes()),
        ("routing without Windows or deployment", Wishes("routing", ("Windows", "deployment"))),
        ("Skip testing, deployment and windows. Then caching.", Wishes(", Then caching", SKIPPED)),
        ("Only routing and templates, please", Wishes(", please", (), ("routing", "templates"))),
        ("at most 2 hours", Wishes("at most", most_minutes=120)),
        ("1,5 h or half an hour", Wishes("", most_minutes=30)),
        ("two hours a week", Wishes("two hours a week")),
        ("Beginner-friendly with hands-on exercises", Wishes("with hands-on exercises", level="beginner")),
        ("for experts", Wishes("for", level="advanced")),
        ("from beginner to expert", Wishes("from  to")),
        ("skip the advanced topics", Wishes("", ("the advanced topics",))),
        ("without prior knowledge of Git", Wishes("prior knowledge of Git")),
        ("I only know Python", Wishes("I only know Python")),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, wishes: Wishes) -> None:
    found = read_wishes(text)
    assert (found.without, found.only, found.level, found.most_minutes) == (
        wishes.without, wishes.only, wishes.level, wishes.most_minutes,
    )  # fmt: skip
    assert found.topics.strip(", ").split() == wishes.topics.strip(", ").split()


def test_topics_stand_first_after_the_opening() -> None:
    assert titles("") == list(NAMES)
    assert titles("Focus on testing and caching") == [
        "Installing", "Caching", "Testing", "Routing", "Templates", "Windows consoles", "Deployment", "Sessions",
    ]  # fmt: skip


def test_a_topic_comes_after_what_it_builds_on() -> None:
    pages = documents()
    said = CitedSentence(text="x", span=Span(path="docs/4.md", start_line=1, end_line=1))
    bundle, store = (
        GraphConcept(
            id=name, name=name, document_id=pages[at].document_id, section_id=pages[at].sections[0].id,
            definition=said, prerequisites=needs,
        )
        for name, at, needs in (("bundle", 4, ()), ("store", 7, ("bundle",)))
    )  # fmt: skip
    graph = build_graph(pages, Navigation()).model_copy(update={"concepts": (bundle, store)})
    audience = Audience("intermediate", "sessions")
    (whole, *_) = propose(pages, audience=audience, graph=graph)
    found = [module.title for module in whole.modules]
    assert found[:3] == ["Installing", "Deployment", "Sessions"]


def test_what_is_to_be_skipped_is_in_no_pathway_and_the_rest_is() -> None:
    left = [name for name in NAMES if name not in {"Windows consoles", "Deployment"}]
    assert titles("without windows and deployment") == left
    for pathway in propose(documents(), audience=Audience("intermediate", "skip deployment")):
        assert not [ref for module in pathway.modules for ref in module.sections if "Deployment" in ref.heading]


def test_a_number_is_a_part_of_a_name() -> None:
    pages = [
        page(f"docs/{name[-1]}.md", name, sections=[section(name)]) for name in ("Use HTTP/1", "Use HTTP/2", "Use x")
    ]
    named = [sorted(find_named(one, "HTTP/2")) for one in pages]
    assert named == [[], [pages[1].sections[0].id], []]


def test_only_what_is_named_is_taught() -> None:
    assert titles("only routing and templates") == ["Routing", "Templates"]


def test_wishes_that_would_leave_nothing_or_name_nothing_change_nothing() -> None:
    assert titles("only quantum computing") == list(NAMES)
    assert titles("without " + ", ".join(NAMES)) == list(NAMES)


def test_what_was_of_no_use_is_named() -> None:
    text = "Routing in the morning, without Kubernetes and windows, only Fortran. At most 2 hours, for beginners"
    assert list_unused(documents(), text) == ["morning", "Kubernetes", "Fortran"]
    assert list_unused(documents(), "Focus on routing, skip windows") == []


def test_the_hours_decide_which_pathway_is_taken() -> None:
    ref = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
    offers = [
        Offer(kind, kind, kind, ref, minutes=minutes)
        for kind, minutes in (("complete", 440), ("task", 150), ("quickstart", 30))
    ]
    assert [choose_fitting(offers, level, "").kind for level in ("beginner", "intermediate", "advanced")] == [
        "quickstart",
        "task",
        "complete",
    ]
    assert choose_fitting(offers, "intermediate", "at most 3 hours").kind == "task"
    assert choose_fitting(offers, "beginner", "I have 10 hours").kind == "complete"
    assert choose_fitting(offers, "beginner", "10 minutes").kind == "quickstart"


def test_a_level_that_is_named_is_taken_where_no_level_is_given() -> None:
    assert level_wished("Beginner-friendly with hands-on exercises", "intermediate") == "beginner"
    assert level_wished("Short", "advanced") == "advanced"

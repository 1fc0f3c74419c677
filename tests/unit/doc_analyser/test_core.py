from hypothesis import given
from hypothesis import strategies as st

from services.doc_analyser.core import CORE, AnalyseDocuments, ConnectConcepts, Connected, State
from shared.events import BlobRef, Event, EventUsage
from shared.events.doc_analyser import DocsAnalysed, DocumentAnalysed, DocumentSkipped
from shared.events.gateway import CourseUpdated, DocsAnalysisRequested
from tests.support.scenario import given_run

REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
REQUEST = DocsAnalysisRequested(
    course_id="c1", run_id="r1", owner="o", complexity_level="beginner", documents=REF, documents_planned=2,
    project_name="widgets",
)  # fmt: skip


def analysed(document_id: str, calls: int = 0) -> DocumentAnalysed:
    return DocumentAnalysed(
        course_id="c1", run_id="r1", document_id=document_id, source_id="s1", path=f"{document_id}.md", sha256="0" * 64,
        title="T", doc_type="guide", complexity_level="beginner", word_count=9, analysis=REF, usage=EventUsage(model="m"
        if calls else "", calls=calls),
    )  # fmt: skip


def given_events(*events: Event) -> State:
    return given_run(CORE, *events).state


def skipped(document_id: str) -> DocumentSkipped:
    return DocumentSkipped(
        course_id="c1", run_id="r1", document_id=document_id, path=f"{document_id}.md", reason="no text"
    )


def test_a_fresh_run_analyses_everything() -> None:
    assert CORE.next_action(given_events(REQUEST)) == AnalyseDocuments(REQUEST, frozenset())


def test_a_restart_goes_on_with_what_is_missing() -> None:
    state = given_events(REQUEST, analysed("d1"))
    assert CORE.next_action(state) == AnalyseDocuments(REQUEST, frozenset({"d1"}))


def test_a_document_without_text_is_skipped_with_its_reason() -> None:
    given_run(CORE, REQUEST).when(skipped("d1")).then(skipped("d1"))


def test_a_document_recorded_once_is_not_recorded_again() -> None:
    run = given_run(CORE, REQUEST, analysed("d1"))
    run.when(analysed("d1")).then_nothing()
    run.when(skipped("d1")).then_nothing()


def test_concepts_are_connected_when_every_document_is_done_or_skipped() -> None:
    state = given_events(REQUEST, analysed("d1"), skipped("d2"))
    action = CORE.next_action(state)
    assert isinstance(action, ConnectConcepts)
    assert [event.document_id for event in action.analysed] == ["d1"]
    assert [event.reason for event in action.skipped] == ["no text"]


def test_the_end_counts_what_was_done_and_what_it_cost() -> None:
    state = given_events(REQUEST, analysed("d1", calls=2), analysed("d2", calls=3))
    (event,) = CORE.decide(state, Connected(REF, 7))
    assert isinstance(event, DocsAnalysed)
    assert (event.analysed, event.skipped, event.concepts, event.usage.calls) == (2, 0, 7, 5)
    ended = CORE.evolve(state, event)
    assert CORE.next_action(ended) is None
    assert CORE.decide(ended, Connected(REF, 7)) == ()


def test_events_of_other_runs_and_stages_change_nothing() -> None:
    state = given_events(REQUEST)
    foreign = DocumentSkipped(course_id="c1", run_id="other", document_id="d1", path="d1.md", reason="no text")
    assert CORE.evolve(state, foreign) == state
    assert CORE.evolve(state, CourseUpdated(course_id="c1", title="New")) == state
    assert CORE.evolve(state, REQUEST.model_copy(update={"run_id": "later"})) == state


def test_a_start_says_how_many_documents_are_planned() -> None:
    assert CORE.plan(given_events(REQUEST)) == {"documents_planned": 2}


@given(st.lists(st.sampled_from(["d1", "d2"]), max_size=8))
def test_any_order_and_any_duplicates_give_each_document_one_fact(order: list[str]) -> None:
    state = given_events(REQUEST)
    recorded: list[Event] = []
    for document_id in order:
        events = CORE.decide(state, analysed(document_id))
        recorded += events
        for event in (*events, *events):
            state = CORE.evolve(state, event)
    assert sorted(e.document_id for e in recorded if isinstance(e, DocumentAnalysed)) == sorted(set(order))

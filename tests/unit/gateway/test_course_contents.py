"""The contents of a course besides its runs, after its events: given, then."""

from typing import Any

from services.gateway.course.state import CourseState
from shared.events import BlobRef, Event, gateway
from shared.events.documents import DocumentRead
from shared.events.lectures import LectureTranscribed
from tests.unit.gateway.test_statuses import (
    ANALYSE,
    ANALYSED,
    ANALYSING,
    CLONE,
    CLONED,
    CLONING,
    CREATED,
    GENERATED,
    OFFER,
    PROPOSE,
    PROPOSED,
    PROPOSING,
    REF,
    WRITE,
    WRITING,
    WRITTEN,
    C,
    after,
)

OTHER = BlobRef(key="other", sha256="b" * 64, size=1, media_type="application/json")
READ: tuple[Event, ...] = (CREATED, CLONE, CLONING, CLONED, ANALYSE, ANALYSING, ANALYSED)
OFFERED: tuple[Event, ...] = (*READ, PROPOSE, PROPOSING, OFFER, PROPOSED)
SELECTED: tuple[Event, ...] = (*OFFERED, gateway.PathwaySelected(course_id=C, pathway_id="p1"))
FINISHED: tuple[Event, ...] = (*SELECTED, WRITE, WRITING, WRITTEN, GENERATED)
EDIT = gateway.PathwayRevised(
    course_id=C, pathway_id="p1", title="Mine", description="", change="edited", pathway=OTHER
)


def again(event: Event, run_id: str, **changed: Any) -> Event:
    return event.model_copy(update={"run_id": run_id, **changed})


def offered_again(*pathway_ids: str) -> tuple[Event, ...]:
    """A second run of stage 3, with these pathways."""
    return (
        again(PROPOSE, "r9"), again(PROPOSING, "r9"),
        *(again(OFFER, "r9", pathway_id=one) for one in pathway_ids),
        again(PROPOSED, "r9", pathway_ids=list(pathway_ids)),
    )  # fmt: skip


def analysed_again() -> tuple[Event, ...]:
    """A second run of stage 2, with other analyses."""
    return again(ANALYSE, "r8"), again(ANALYSING, "r8"), again(ANALYSED, "r8", analyses=OTHER)


def titles(state: CourseState) -> dict[str, str]:
    return {offer.pathway_id: offer.title for offer in state.offers}


def test_an_update_of_the_title_leaves_the_description() -> None:
    described = after(CREATED.model_copy(update={"description": "D"}), gateway.CourseUpdated(course_id=C, title="New"))
    assert (described.title, described.description) == ("New", "D")


def test_a_document_that_is_revised_again_keeps_its_other_fields_and_a_new_run_keeps_all_revisions() -> None:
    first = gateway.DocumentRevised(course_id=C, document_id="d", title="One")
    second = gateway.DocumentRevised(course_id=C, document_id="d", complexity_level="advanced")
    revised = after(*READ, first, second, *analysed_again()).revisions["d"]
    assert (revised["title"], revised["complexity_level"]) == ("One", "advanced")


def test_another_analysis_replaces_the_one_before() -> None:
    analysis = after(*READ, *analysed_again()).analysis
    assert analysis is not None
    assert analysis.analyses == OTHER


def test_a_selected_pathway_stays_selected_while_it_is_on_offer() -> None:
    assert after(*SELECTED, *offered_again("p1", "p2")).selected_pathway == "p1"
    assert after(*SELECTED, *offered_again("p2")).selected_pathway is None


def test_an_edited_pathway_stays_until_the_analyses_change() -> None:
    assert titles(after(*OFFERED, EDIT, *offered_again("p2"))) == {"p2": "All", "p1": "Mine"}
    assert titles(after(*OFFERED, EDIT, *analysed_again(), *offered_again("p1"))) == {"p1": "All"}


def test_a_run_of_modules_begins_with_those_it_keeps_and_no_others() -> None:
    for kept in ({}, {"m2": REF}):
        asked = again(WRITE, "r9", kept_modules=kept)
        assert after(*FINISHED, asked).written == kept
        assert after(*FINISHED, asked, again(WRITTEN, "r9", content=OTHER)).written == {**kept, "m1": OTHER}


def test_another_finished_course_replaces_the_one_before() -> None:
    ran = (again(WRITE, "r9"), again(WRITING, "r9"), again(WRITTEN, "r9"), again(GENERATED, "r9", edition="second"))
    generated = after(*FINISHED, *ran).generated
    assert generated is not None
    assert (generated.run_id, generated.edition) == ("r9", "second")


def test_the_sources_stand_in_the_order_in_which_they_were_added_whichever_was_read_first() -> None:
    added: tuple[Event, ...] = (
        gateway.LectureAdded(
            course_id=C, lecture_id="l1", session_id="l1", title="L", file_name="l.vtt", path="l.md", captions=REF
        ),
        gateway.DocumentUploaded(course_id=C, document_id="d1", file_name="d.pdf", path="d.md", blob=OTHER),
    )
    heard = LectureTranscribed(
        course_id=C, run_id="r5", lecture_id="l1", source_id="lecture", path="l.md", captions=REF, text=REF, times=REF,
        seconds=9, files=REF, folders=REF, reader="r",
    )  # fmt: skip
    read = DocumentRead(
        course_id=C, run_id="r6", document_id="d1", source_id="document", path="d.md", title="D", text=REF, pages=REF,
        page_count=1, files=REF, folders=REF, reader="r",
    )  # fmt: skip
    about: dict[str, Any] = {"course_id": C, "owner": "ann"}
    asked: tuple[Event, ...] = (
        gateway.LecturesRequested(**about, run_id="r5", lectures=[]),
        gateway.DocumentsRequested(**about, run_id="r6", documents=[]),
    )
    orders = [(CLONED, read, heard), (heard, read, CLONED), (read, CLONED, heard)]
    found = [after(CREATED, CLONE, *added, *asked, *order).sources for order in orders]
    assert {tuple(one.source_id for one in sources) for sources in found} == {("s1", "document", "lecture")}

"""Which documents are read, refused and left: a run takes up uploads meanwhile, and lets go of what is deleted."""

from services.documents.core import CORE, Ended, EndRun, ReadDocuments, State
from shared.events import BlobRef, Event
from shared.events.documents import DocumentRead, DocumentRefused, DocumentsRead
from shared.events.gateway import DocumentAsked, DocumentDeleted, DocumentsRequested, DocumentUploaded

REF = BlobRef(key="courses/c/ab/abc", sha256="ab" * 32, size=3, media_type="application/pdf")
ABOUT = {"course_id": "c", "run_id": "r"}


def asked(name: str) -> DocumentAsked:
    return DocumentAsked(document_id=name, file_name=f"{name}.pdf", path=f"{name}.pdf.md", blob=REF)


def uploaded(name: str) -> DocumentUploaded:
    return DocumentUploaded(course_id="c", **asked(name).model_dump())


def read(name: str, run_id: str = "r") -> DocumentRead:
    return DocumentRead(
        course_id="c", run_id=run_id, document_id=name, source_id="s", path=f"{name}.pdf.md", title="", text=REF,
        pages=REF, page_count=1, files=REF, folders=REF, reader="reader",
    )  # fmt: skip


def refused(name: str) -> DocumentRefused:
    return DocumentRefused(**ABOUT, document_id=name, error="pdf_empty", message="It is empty")


REQUEST = DocumentsRequested(**ABOUT, owner="ann", documents=[asked("a")])


def after(*events: Event) -> State:
    state = CORE.initial
    for event in events:
        state = CORE.evolve(state, event)
    return state


def test_documents_are_read_until_none_is_left() -> None:
    assert CORE.next_action(after(uploaded("a"))) is None
    assert CORE.next_action(after(REQUEST)) == ReadDocuments((asked("a"),))
    assert CORE.plan(after(REQUEST, read("a"), uploaded("b"))) == {"documents_planned": 2}
    done = after(REQUEST, read("a"))
    assert CORE.next_action(done) == EndRun()
    assert CORE.decide(after(REQUEST), read("a")) == (read("a"),)
    assert CORE.decide(done, Ended()) == (DocumentsRead(**ABOUT, read=1, refused=0),)
    assert CORE.next_action(after(REQUEST, read("a"), DocumentsRead(**ABOUT, read=1, refused=0))) is None


def test_an_upload_meanwhile_keeps_the_run_from_ending() -> None:
    state = after(REQUEST, read("a"), uploaded("b"))
    assert CORE.decide(state, Ended()) == ()
    assert CORE.next_action(state) == ReadDocuments((asked("b"),))


def test_a_document_that_was_deleted_meanwhile_is_not_recorded() -> None:
    state = after(REQUEST, DocumentDeleted(course_id="c", document_id="a", by="ann"))
    assert CORE.decide(state, read("a")) == CORE.decide(state, refused("a")) == ()
    assert CORE.next_action(state) == EndRun()


def test_a_refused_document_does_not_stop_the_others() -> None:
    assert CORE.decide(after(REQUEST), refused("a")) == (refused("a"),)
    state = after(REQUEST, uploaded("b"), refused("a"))
    assert CORE.next_action(state) == ReadDocuments((asked("b"),))
    assert CORE.decide(after(REQUEST, refused("a")), Ended()) == (DocumentsRead(**ABOUT, read=0, refused=1),)


def test_facts_of_another_run_leave_the_state_as_it_is() -> None:
    assert after(REQUEST, read("a", "other")) == after(REQUEST)
    assert after(REQUEST, DocumentsRead(course_id="c", run_id="other", read=1, refused=0)) == after(REQUEST)

"""The records of each stage, scenario by scenario: the facts of a run, an outcome, and the facts that follow."""

from services.doc_analyser import core as doc_analyser
from services.modules import core as modules
from services.pathway import core as pathway
from services.repo_clone import core as repo_clone
from shared.engine.types import Pathway
from shared.events import BlobRef, Event, EventUsage
from shared.events.doc_analyser import DocumentSkipped
from shared.events.modules import ModuleRejected
from shared.events.pathway import PathwayProposed, PathwaysProposed
from tests.support.scenario import given_run
from tests.unit.gateway.test_statuses import (
    ANALYSE,
    ANALYSED,
    CLONE,
    CLONED,
    GENERATED,
    PROPOSE,
    PROPOSED,
    WRITE,
    WRITTEN,
    C,
    document,
)

REF = BlobRef(key="k", sha256="a" * 64, size=1, media_type="application/json")
DOCUMENTS: list[Event] = [document(name) for name in "abcd"]
SECOND = WRITTEN.model_copy(update={"module_id": "m2"})
SCANNED = repo_clone.Scanned(
    source_id="s1", canonical_url="https://x.org/a/b", ref="", commit="0" * 40, default_branch="main", repo_name="b",
    files=REF, folders=REF, navigation=None, file_count=1, folder_count=0, document_count=1, bytes_fetched=1,
)  # fmt: skip
OFFERED = Pathway(
    id="p1", kind="complete", title="All", description="", complexity_level="beginner", estimated_minutes=9,
    prerequisites=(), modules=(),
)  # fmt: skip
PROPOSAL = PathwayProposed(
    course_id=C, run_id="r3", pathway_id="p1", kind="complete", title="All", description="", minutes=9, module_count=0,
    complexity_level="beginner", prerequisites=[], pathway=REF,
)  # fmt: skip


class TestRepoClone:
    def test_a_scan_is_the_one_fact_of_a_run(self) -> None:
        given_run(repo_clone.CORE, CLONE).when(SCANNED).then(CLONED)

    def test_a_scan_that_is_recorded_adds_nothing(self) -> None:
        given_run(repo_clone.CORE, CLONE, CLONED).when(SCANNED).then_nothing()

    def test_the_run_is_whole_when_the_scan_is_recorded(self) -> None:
        given_run(repo_clone.CORE, CLONE).then_next(repo_clone.CloneAndScan)
        given_run(repo_clone.CORE, CLONE, CLONED).then_next(None)

    def test_the_scan_of_another_run_is_not_of_this_one(self) -> None:
        other = CLONED.model_copy(update={"run_id": "r9"})
        given_run(repo_clone.CORE, CLONE, other).then_next(repo_clone.CloneAndScan)


class TestDocAnalyser:
    skipped = doc_analyser.Unteachable("a", "a", "no text")

    def test_a_document_without_text_is_skipped_with_its_reason(self) -> None:
        fact = DocumentSkipped(course_id=C, run_id="r2", document_id="a", path="a", reason="no text")
        given_run(doc_analyser.CORE, ANALYSE).when(self.skipped).then(fact)

    def test_a_document_that_is_analysed_is_not_skipped(self) -> None:
        given_run(doc_analyser.CORE, ANALYSE, document("a")).when(self.skipped).then_nothing()

    def test_concepts_are_connected_after_the_last_document(self) -> None:
        given_run(doc_analyser.CORE, ANALYSE, *DOCUMENTS[:3]).then_next(doc_analyser.AnalyseDocuments)
        given_run(doc_analyser.CORE, ANALYSE, *DOCUMENTS).then_next(doc_analyser.ConnectConcepts)

    def test_the_graph_ends_the_run(self) -> None:
        given_run(doc_analyser.CORE, ANALYSE, *DOCUMENTS).when(doc_analyser.Connected(REF, 1)).then(ANALYSED)
        given_run(doc_analyser.CORE, ANALYSE, *DOCUMENTS, ANALYSED).then_next(None)


class TestPathway:
    complete = pathway.OfferComplete(("p1",), 1.0, "", EventUsage())

    def test_a_pathway_is_recorded_once(self) -> None:
        proposed = pathway.Proposed(OFFERED, REF)
        given_run(pathway.CORE, PROPOSE).when(proposed).then(PROPOSAL)
        given_run(pathway.CORE, PROPOSE, PROPOSAL).when(proposed).then_nothing()

    def test_the_whole_offer_ends_the_run(self) -> None:
        given_run(pathway.CORE, PROPOSE, PROPOSAL).when(self.complete).then(PROPOSED)
        given_run(pathway.CORE, PROPOSE, PROPOSAL, PROPOSED).when(self.complete).then_nothing()
        given_run(pathway.CORE, PROPOSE, PROPOSAL, PROPOSED).then_next(None)

    def test_a_restart_proposes_again(self) -> None:
        given_run(pathway.CORE, PROPOSE, PROPOSAL).then_next(pathway.Propose)

    def test_the_offer_of_another_run_ends_nothing(self) -> None:
        other = PathwaysProposed(course_id=C, run_id="r9", pathway_ids=[], smallest_distance=1.0)
        given_run(pathway.CORE, PROPOSE, other).then_next(pathway.Propose)


class TestModules:
    rejected = modules.Rejected("m1", REF, 1)

    def test_a_round_that_is_rejected_is_recorded_once(self) -> None:
        fact = ModuleRejected(course_id=C, run_id="r4", module_id="m1", gate_report=REF, round=1)
        given_run(modules.CORE, WRITE).when(self.rejected).then(fact)
        given_run(modules.CORE, WRITE, fact).when(self.rejected).then_nothing()

    def test_a_module_that_is_written_is_not_rejected(self) -> None:
        given_run(modules.CORE, WRITE, WRITTEN).when(self.rejected).then_nothing()

    def test_a_course_is_put_together_after_the_last_module(self) -> None:
        given_run(modules.CORE, WRITE, WRITTEN).then_next(modules.WriteModules)
        given_run(modules.CORE, WRITE, WRITTEN, SECOND).then_next(modules.AssembleCourse)

    def test_the_course_ends_the_run(self) -> None:
        assembled = modules.Assembled("k", "e", REF, (), REF, "complete", 2, 1, "T", 30)
        ended = GENERATED.model_copy(update={"title": "T", "minutes": 30})
        given_run(modules.CORE, WRITE, WRITTEN, SECOND).when(assembled).then(ended)
        given_run(modules.CORE, WRITE, WRITTEN, SECOND, GENERATED).then_next(None)

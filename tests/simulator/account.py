"""What a course must be, asked of its events one question at a time: no fold, and no code of the gateway's.

`before` asks for the course as it was before a sequence.
"""

from typing import Any

from shared.event_log.port import Recorded
from shared.events.doc_analyser import DocsAnalysed, DocumentAnalysed, DocumentSkipped
from shared.events.gateway import (
    CourseCreated,
    CourseUpdated,
    DocsAnalysisRequested,
    DocumentRevised,
    ModulesRequested,
    PathwayRevised,
    PathwaySelected,
    PathwaysRequested,
    SourcesSelected,
)
from shared.events.modules import CourseGenerated, ModuleWritten
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.events.repo_clone import RepoCloned
from tests.simulator.heard import NOW, Heard


class Account(Heard):
    """Each answer is read off all the events anew."""

    # What users said

    def words(self, name: str) -> str:
        """The title or the description."""
        said = [getattr(event, name) for _, event in self.all(CourseUpdated)]
        given = [word for word in said if word is not None]
        return str(given[-1] if given else getattr(next(self.all(CourseCreated))[1], name))

    def selections(self, before: int = NOW) -> list[Any]:
        """The folders chosen last, by source."""
        found = self.last(SourcesSelected, before)
        return [] if found is None else [one.model_dump(mode="json") for one in found[1].selections]

    def revisions(self, before: int = NOW) -> dict[str, dict[str, Any]]:
        """Each field of a document as it was corrected last."""
        found: dict[str, dict[str, Any]] = {}
        for _, event in self.all(DocumentRevised, before):
            said = event.model_dump(mode="json", exclude={"course_id", "document_id"})
            found.setdefault(event.document_id, {}).update({k: v for k, v in said.items() if v is not None})
        return found

    # What is on offer

    def analysed_as(self, before: int = NOW) -> str:
        """The sha256 of the analyses there are."""
        found = self.last(DocsAnalysed, before)
        return "" if found is None else found[1].analyses.sha256

    def edit_of(self, pathway_id: str, before: int = NOW) -> PathwayRevised | None:
        """The latest edit of a pathway, unless pathways were proposed since from other analyses than it was made on."""
        edits = [item for item, event in self.all(PathwayRevised, before) if event.pathway_id == pathway_id]
        if not edits:
            return None
        made_on = self.analysed_as(edits[-1].seq)
        proposed = self.all(PathwaysProposed, before, edits[-1].seq)
        stays = all(self.analysed_as(item.seq) == made_on for item, _ in proposed)
        event = edits[-1].event
        return event if stays and isinstance(event, PathwayRevised) else None

    def offers(self, before: int = NOW) -> list[dict[str, Any]]:
        """What the latest run of stage 3 offers, in its order and as edited; then edited ones it does not offer."""
        found = self.last(PathwaysProposed, before)
        if found is None:
            return []
        (item, done), ids = found, list[str]()
        proposed = {event.pathway_id: event for _, event in self.all(PathwayProposed, item.seq)
                    if event.run_id == done.run_id}  # fmt: skip
        ids += [one for one in done.pathway_ids if one in proposed]
        had = [str(one["pathway_id"]) for one in self.offers(item.seq)]
        ids += [one for one in had if one not in ids and self.edit_of(one, item.seq + 1)]
        edits = {one: self.edit_of(one, before) for one in ids}
        shown = {one: edits[one] or proposed[one] for one in ids}
        return [
            {"pathway_id": one, "title": shown[one].title, "pathway": shown[one].pathway.key,
             "revised": edits[one] is not None}
            for one in ids
        ]  # fmt: skip

    def proposals(self) -> list[str]:
        """Pathways of a run of stage 3 that is not complete."""
        after = self.seq_of_last(PathwaysRequested, PathwaysProposed)
        return [event.pathway_id for _, event in self.all(PathwayProposed, after=after)]

    def lost_edits(self, proposed: Recorded) -> int:
        """How many edits ended with an offer."""
        had = [str(one["pathway_id"]) for one in self.offers(proposed.seq) if one["revised"]]
        return sum(self.edit_of(one, proposed.seq + 1) is None for one in had)

    def selected(self, before: int = NOW) -> str | None:
        """The pathway chosen last, if every offer since then has it."""
        found = self.last(PathwaySelected, before)
        if found is None:
            return None
        (item, event), offered = found, list[bool]()
        for proposed, _ in self.all(PathwaysProposed, before, item.seq):
            offered.append(any(one["pathway_id"] == event.pathway_id for one in self.offers(proposed.seq + 1)))
        return event.pathway_id if all(offered) else None

    # What the stages found

    def documents(self) -> tuple[dict[str, str], dict[str, str]]:
        """The runs that analysed and left out each document: of the latest run that was completed, and later ones."""
        done = self.last(DocsAnalysed)
        seq, run_id = (0, "") if done is None else (done[0].seq, done[1].run_id)
        counts = {item.seq for kind in (DocumentAnalysed, DocumentSkipped) for item, event in self.all(kind)
                  if item.seq > seq or event.run_id == run_id}  # fmt: skip
        found = [(item, event) for item, event in self.all(DocumentAnalysed) if item.seq in counts]
        read = {event.document_id: event.run_id for _, event in found}
        since = {event.document_id: item.seq for item, event in found}
        left = {
            event.document_id: event.run_id
            for item, event in self.all(DocumentSkipped)
            if item.seq in counts and item.seq > since.get(event.document_id, 0)
        }
        return read, left

    def pending_documents(self) -> str | None:
        """What stage 2 was given and has not done."""
        asked = self.last(DocsAnalysisRequested)
        return None if asked is None or self.seq_of_last(DocsAnalysed) > asked[0].seq else asked[1].documents.key

    def written(self, run_id: str | None = None) -> dict[str, str]:
        """The modules of a run of stage 4, without a name of the latest: those it keeps and those it has written."""
        asked = [event for _, event in self.all(ModulesRequested) if run_id in {None, event.run_id}]
        if not asked:
            return {}
        found = {module_id: ref.key for module_id, ref in asked[-1].kept_modules.items()}
        for _, event in self.all(ModuleWritten):
            if event.run_id == asked[-1].run_id:
                found[event.module_id] = event.content.key
        return found

    def contents(self) -> set[tuple[str, str]]:
        """Run and module of all that can be read: those of the finished course, and those of a run after it."""
        done, asked = self.last(CourseGenerated), self.last(ModulesRequested)
        found = set() if done is None else {(done[1].run_id, one) for one in self.written(done[1].run_id)}
        if asked is not None and (done is None or asked[0].seq > done[0].seq):
            run_id = asked[1].run_id
            found |= {(run_id, event.module_id) for _, event in self.all(ModuleWritten) if event.run_id == run_id}
        return found

    def given(self, stage: str, before: int = NOW) -> list[object]:
        """What a run of a stage rests on."""
        cloned = self.last(RepoCloned, before)
        if stage == "doc_analyser" and cloned is not None:
            source = cloned[1]
            mine = [one for one in self.selections(before) if one["source_id"] == source.source_id]
            return [source.commit, source.files.sha256, *mine[:1]]
        if stage in {"pathway", "modules"} and self.last(DocsAnalysed, before) is not None:
            rests: list[object] = [self.analysed_as(before), self.revisions(before)]
            if stage == "modules":
                selected = self.selected(before)
                rests += [one["pathway"] for one in self.offers(before) if one["pathway_id"] == selected]
            return rests
        return []

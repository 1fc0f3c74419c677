"""The request builder: turns the steps of a decision into events, with every input that a worker needs.

A blob is stored before the event that names it. Its key follows from its content, so a step that is built twice gives
the same event.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from services.gateway.course import commands
from services.gateway.course.product import Product
from services.gateway.course.state import AddedFile, CourseState
from services.gateway.stages.added import AddedStage, is_taught
from services.gateway.stages.product import PRODUCT
from services.gateway.stages.revisions import revise_all
from services.gateway.write.pathway_edits import edit, make
from shared.added.kinds import AddedKind
from shared.engine.payloads import AnalysisSet
from shared.engine.types import Pathway
from shared.events import BlobRef, Event
from shared.events.gateway import PathwayAdded, PathwayRevised
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound
from shared.kernel.ids import content_id, event_id

_MARKS = " #>*-|`"
_TELLING = 32
"""Characters of a line that two texts do not share by chance."""


@dataclass(frozen=True)
class RequestBuilder:
    """Builds events for steps. Raises PermanentError or Refused when a step cannot be carried out."""

    blobs: Blobs
    product: Product = PRODUCT

    async def build(self, state: CourseState, step: commands.Step, command_id: str) -> Event:
        """The event of a step for the course as it is after the steps before it."""
        match step:
            case commands.Emit(event):
                return event
            case commands.Start():
                side = self.product.by_name[step.stage]
                return await side.build(self.blobs, state, step, run_id(command_id, side.row.request))
            case commands.RevisePathway():
                return await self._change(state, step)
            case commands.AddPathway():
                return await self._make(state, step)
            case commands.AddFile():
                return await self._add(state, step)
            case commands.RemoveFile():
                return await self._remove(state, step)

    async def _change(self, state: CourseState, step: commands.RevisePathway) -> PathwayRevised:
        offer, analysis = state.offer(step.pathway_id), state.analysis
        assert offer is not None
        assert analysis is not None
        pathway = await self.blobs.get_model(offer.pathway, Pathway)
        analyses = await self.blobs.get_model(analysis.analyses, AnalysisSet)
        revised = revise_all(analyses, state.revisions)
        other = step.change.from_pathway_id if isinstance(step.change, commands.TakeModule) else ""
        changed, change = edit(
            pathway, step.change, {one.document_id: one for one in revised.analyses},
            await self._offered(state, {other} - {""}),
        )  # fmt: skip
        return PathwayRevised(
            course_id=state.course_id,
            pathway_id=step.pathway_id,
            title=changed.title,
            description=changed.description,
            pathway=await self.blobs.put_model(state.course_id, changed),
            change=change,
        )

    async def _make(self, state: CourseState, wanted: commands.AddPathway) -> PathwayAdded:
        assert state.analysis is not None
        known = await self._offered(state, {pathway_id for pathway_id, _ in wanted.modules})
        made = make(wanted, known, state.analysis.complexity_level)
        return PathwayAdded(
            course_id=state.course_id,
            pathway_id=made.id,
            kind=made.kind,
            title=made.title,
            description=made.description,
            complexity_level=made.complexity_level,
            minutes=made.estimated_minutes,
            prerequisites=list(made.prerequisites),
            pathway=await self.blobs.put_model(state.course_id, made),
        )

    def _kind(self, step: commands.AddFile | commands.RemoveFile) -> AddedKind:
        side = self.product.by_name[step.stage]
        assert isinstance(side, AddedStage)
        return side.kind

    async def _add(self, state: CourseState, wanted: commands.AddFile) -> Event:
        kind, course_id = self._kind(wanted), state.course_id
        about = {"course_id": course_id, kind.key: wanted.file_id}
        stored = {name: await store(self.blobs, course_id) for name, store in wanted.parts.items()}
        fields = {**wanted.fields, **stored, "file_name": wanted.file_name, "path": wanted.path}
        return kind.added.model_validate(about | fields)

    async def _remove(self, state: CourseState, wanted: commands.RemoveFile) -> Event:
        kind = self._kind(wanted)
        file = state.added(kind, wanted.file_id)
        assert file is not None
        about = {"course_id": state.course_id, kind.key: wanted.file_id, "by": wanted.by}
        if not is_taught(state, file):
            return kind.removed.model_validate(about)
        kept = await self._without(state, file)
        return kind.removed.model_validate({**about, "withheld": True, "kept_modules": kept})

    async def _without(self, state: CourseState, file: AddedFile) -> dict[str, BlobRef]:
        """The modules that neither name the document of the file's text nor hold a line of it."""
        names = {
            file.path,
            *(content_id("d", one.source_id, file.path) for one in state.sources if file.is_source(one)),
        }
        text = (await self._read(file.text)).decode() if file.text is not None else ""
        lines = {one for line in text.splitlines() if len(one := line.strip(_MARKS)) >= _TELLING}
        kept: dict[str, BlobRef] = {}
        for module_id, ref in state.written.items():
            module = await self._read(ref)
            said = set(_texts_in(json.loads(module))) if module else names
            if not names & said and not any(line in one for one in said for line in lines):
                kept[module_id] = ref
        return kept

    async def _read(self, ref: BlobRef) -> bytes:
        """The bytes; nothing for a blob that is lost, which keeps no file from being removed."""
        try:
            return await self.blobs.get(ref)
        except NotFound:
            return b""

    async def _offered(self, state: CourseState, pathway_ids: Collection[str]) -> dict[str, Pathway]:
        """The pathways on offer among these, by id."""
        offers = [offer for offer in state.offers if offer.pathway_id in pathway_ids]
        return {offer.pathway_id: await self.blobs.get_model(offer.pathway, Pathway) for offer in offers}


def _texts_in(value: Any) -> Iterator[str]:
    """Every text of a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            yield from (text for one in value.values() for text in _texts_in(one))
        case list():
            yield from (text for one in value for text in _texts_in(one))


def run_id(command_id: str, request: type[Event]) -> str:
    """The run a request starts is named by the request's own event id."""
    return event_id(command_id, request.__name__, "")

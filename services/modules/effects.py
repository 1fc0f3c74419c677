"""Stage 4's effects: write modules, let the gates judge them, assemble, measure and export the course."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from services.modules.core import Action, AssembleCourse, Assembled, Outcome, WriteModules
from services.modules.loaded import ROUNDS, MadeCourse, carried_files, load, load_planned
from services.modules.pages import show_pages
from services.modules.port import Writer
from shared.course.export.exported import Export, export_json
from shared.course.findings import GateReport, list_blocking, list_dropped
from shared.course.model import Module
from shared.engine.model.source import EngineSource
from shared.engine.types import PathwayModule, Usage
from shared.engine.written import WrittenModule
from shared.events import BlobRef
from shared.events.gateway import ModulesRequested
from shared.events.modules import ExportRef, ModuleRejected, ModuleWritten
from shared.kernel.blobs import JSON, Blobs
from shared.kernel.errors import Defect, EngineDeclined, PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.work import as_they_come
from shared.stage.port import Run
from shared.workers.away import away
from shared.workers.left_out import say_why
from shared.workers.limits import LimitPassed
from shared.workers.port import MOST_PIECES, Workers

if TYPE_CHECKING:
    from services.modules import material, writing
    from services.modules.offline import writer
else:
    material = away("services.modules.material")
    writing = away("services.modules.writing")
    writer = away("services.modules.offline.writer")


@dataclass(frozen=True)
class ModulesEffects:
    """Performs stage 4's actions. `parallelism` bounds modules at work at a time."""

    blobs: Blobs
    engines: EngineSource[Writer]
    parallelism: int

    async def _prepare(self, request: ModulesRequested, run: Run) -> tuple[PathwayModule, ...]:
        """Load what the run writes from, and have a worker process read it, unless that was done for this attempt.

        Gives the modules of the course, in its order.
        """
        if run.workers.is_prepared:
            return await load_planned(self.blobs, request)
        loaded = await load(self.blobs, request, run.workers)
        work = partial(material.read_material, loaded)
        await run.workers.prepare(work, about="The material", pieces=len(loaded.files))
        return loaded.modules

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        match action:
            case WriteModules():
                async with aclosing(self._write_all(action, run)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case AssembleCourse():
                yield await self._assemble(action, run)

    async def _write_all(self, action: WriteModules, run: Run) -> AsyncGenerator[Outcome, None]:
        request = action.request
        await run.progress("Reading the documents", 0)
        modules = await self._prepare(request, run)
        engine = await asyncio.to_thread(self.engines, request.engine, request.model, request.owner, run)
        planned = [m for m in modules if m.id in request.module_ids and m.id not in action.written]
        total, count = len(request.module_ids), len(action.written)

        def work(module: PathwayModule) -> AsyncGenerator[Outcome, None]:
            return self._write_bounded(module, modules.index(module), engine, run)

        async with aclosing(as_they_come(planned, work, self.parallelism)) as outcomes:
            async for outcome in outcomes:
                if isinstance(outcome, ModuleWritten):
                    count += 1
                    await run.progress(f"Wrote {outcome.title} ({count} of {total})", 95 * count // max(1, total))
                yield outcome

    async def _write_bounded(
        self, planned: PathwayModule, position: int, engine: Writer, run: Run
    ) -> AsyncGenerator[Outcome, None]:
        """The module; past a limit or after a defect an empty one that says so: the others are not lost with it, and
        nothing is published that was not checked.
        """
        try:
            async with aclosing(self._write(planned, engine, run)) as outcomes:
                async for outcome in outcomes:
                    yield outcome
        except (LimitPassed, Defect) as error:
            module = _unwritten(planned, position, say_why("write", error))
            report = GateReport(module_id=planned.id, checked=0)
            yield await self._stored(module, report, 1, Usage(), run)

    async def _write(self, planned: PathwayModule, engine: Writer, run: Run) -> AsyncGenerator[Outcome, None]:
        """One module through at most three rounds. Errors that are left after them are dropped or named.

        A round that fails the gates is an outcome before the next round begins: the log has it if this process dies.
        """
        desk = _Desk(run.workers, planned)
        declined = ""
        try:
            module, usage = await engine.write_module(planned)
        except EngineDeclined as error:
            # The author's own words, chosen by the program, serve a learner better than a gap; the course says so.
            declined = error.message
            module, usage = await desk.extract(), error.spent or Usage()
        report = await desk.check(module)
        number = 1
        while report.findings and number < ROUNDS and not declined:
            stored = await self.blobs.put_model(run.course_id, report)
            yield ModuleRejected(
                course_id=run.course_id, run_id=run.run_id, module_id=planned.id, gate_report=stored, round=number
            )
            try:
                revised, cost = await engine.revise_module(planned, module, report)
            except EngineDeclined as error:
                usage += error.spent or Usage()
                break  # what was written stands, less what the gates found
            usage += cost
            number += 1
            module = revised
            report = await desk.check(module)
        if list_dropped(report):
            module, report = await desk.drop_findings(module, report)
        if not module.citations and not declined:
            declined = "The checks left nothing of the lesson"
            module = await desk.extract()
            module, report = await desk.drop_findings(module, await desk.check(module))
        module = _with_verdict(module, report, declined)
        yield await self._stored(module, report, number, usage, run)

    async def _stored(self, module: Module, report: GateReport, number: int, usage: Usage, run: Run) -> ModuleWritten:
        content = WrittenModule(module=module, report=report, rounds=number, usage=usage)
        texts = (module.introduction, module.main_content, module.conclusion, module.summary)
        stored = await self.blobs.put_model(run.course_id, content)
        reached(KillPoint.effect_half_done, "modules")
        return ModuleWritten(
            course_id=run.course_id, run_id=run.run_id, module_id=module.id, order=module.order, title=module.title,
            content=stored,
            gate_report=await self.blobs.put_model(run.course_id, report), round=number, status=module.status,
            words=sum(len(text.split()) for text in texts), items=len(module.assessment),
            usage=usage.cost, answer_keys=list(usage.answer_keys),
        )  # fmt: skip

    async def _assemble(self, action: AssembleCourse, run: Run) -> Assembled:
        request = action.request
        await run.progress("Putting the course together", 95)
        modules = await self._load_modules(action.written, await self._prepare(request, run))
        find = partial(writing.used_pictures, modules=modules)
        shown = await run.workers.run_prepared(
            find, list[tuple[str, BlobRef]], about="The pictures", pieces=MOST_PIECES
        )
        pictures = {name: await self.blobs.get(ref) for name, ref in shown}
        for name, ref in carried_files(request.sources):
            pictures[name] = await self.blobs.get(ref)
        pages = await show_pages(self.blobs, request, modules, run)
        engine = await asyncio.to_thread(self.engines, request.engine, request.model, request.owner, run)
        work = partial(writing.make_course, modules=modules, engine=engine.info, boxes=pages.boxes)
        made = await run.workers.run_prepared(work, MadeCourse, about="The whole course", pieces=MOST_PIECES)
        await run.progress("Saving the course", 98)
        stored = [await self._put(export_json(made.text), run)]
        for kind in made.folders:  # one after the other: each holds the whole course once more
            export = partial(writing.export, kind=kind, text=made.text, pictures=pictures | pages.pictures)
            done = await run.workers.run_prepared(export, Export, about="The whole course", pieces=MOST_PIECES)
            stored.append(await self._put(done, run))
        return Assembled(
            course_key=made.course_key, edition=made.edition,
            course=next(export.blob for export in stored if export.kind == "json"), exports=tuple(stored),
            quality=await self.blobs.put(request.course_id, made.quality, JSON),
            status="complete" if made.is_complete else "incomplete", modules=len(modules), items=made.items,
            title=made.title, minutes=sum(module.estimated_minutes for module in modules), pages=pages.stored,
        )  # fmt: skip

    async def _put(self, export: Export, run: Run) -> ExportRef:
        ref = await self.blobs.put(run.course_id, export.data, export.media_type)
        reached(KillPoint.effect_half_done, "modules")
        return ExportRef(kind=export.kind, blob=ref)

    async def _load_modules(self, written: dict[str, BlobRef], planned: Sequence[PathwayModule]) -> list[Module]:
        """The written modules in the course's order."""
        ids = [module.id for module in planned if module.id in written]
        if not ids:
            raise PermanentError("The pathways have no modules to write", code="no_modules")
        return [(await self.blobs.get_model(written[i], WrittenModule)).module for i in ids]


@dataclass(frozen=True)
class _Desk:
    """The work of worker processes on one module, with the material they were prepared with."""

    workers: Workers
    planned: PathwayModule

    @property
    def _about(self) -> str:
        return f"The module “{self.planned.title}”"

    async def extract(self) -> Module:
        work = partial(writer.write, module_id=self.planned.id)
        return await self.workers.run_prepared(work, Module, about=self._about, key=self.planned.id)

    async def check(self, module: Module) -> GateReport:
        work = partial(writing.check, module=module)
        return await self.workers.run_prepared(work, GateReport, about=self._about, key=self.planned.id)

    async def drop_findings(self, module: Module, report: GateReport) -> tuple[Module, GateReport]:
        work = partial(writing.drop_findings, module=module, report=report)
        return await self.workers.run_prepared(work, tuple[Module, GateReport], about=self._about, key=self.planned.id)


def _with_verdict(module: Module, report: GateReport, declined: str) -> Module:
    problems = sorted({f"{finding.gate}: {finding.detail}" for finding in list_blocking(report)})
    if declined:
        problems.insert(0, f"{declined}; this module holds the source's own sentences instead")
    return module.model_copy(update={"status": "incomplete" if problems else "complete", "problems": problems})


def _unwritten(planned: PathwayModule, position: int, reason: str) -> Module:
    return Module(
        id=planned.id, order=position + 1, title=planned.title, description=planned.description,
        estimated_minutes=planned.estimated_minutes, status="incomplete", problems=[f"not written: {reason}"],
        objectives=[], prerequisites=[], document_ids=list(planned.document_ids), introduction="", main_content="",
        conclusion="", summary="", assessment=[], citations=[],
    )  # fmt: skip

"""Stage 4's effects: write modules, let the gates judge them, assemble, measure and export the course."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from services.modules.core import Action, AssembleCourse, Assembled, Outcome, Rejected, WriteModules, Written
from services.modules.material import Material, load_material
from shared.blobs import JSON, Blobs
from shared.course.assemble import CourseParts, assemble_course, with_quality
from shared.course.export import build_exports
from shared.course.gates import GateContext, check_module, list_blocking
from shared.course.model import Audience, Course, Module, Source
from shared.course.naming import automatic_title
from shared.course.quality import measure
from shared.course.schema import validate_course
from shared.engine.choose import EngineSource
from shared.engine.offline.titles import project_title
from shared.engine.offline.writer import revise_module as drop_findings
from shared.engine.offline.writer import write_module as extract_module
from shared.engine.port import Engine, ModuleBrief
from shared.engine.types import GateReport, PathwayModule, Usage, WrittenModule
from shared.errors import EngineDeclined, PermanentError
from shared.events import BlobRef, EventUsage
from shared.events.gateway import ModulesRequested
from shared.events.modules import ExportRef
from shared.kill_points import KillPoint, reached
from shared.payloads import DocumentInputs
from shared.stage_port import Run
from shared.work import as_ready

_ROUNDS = 3


@dataclass(frozen=True)
class ModulesEffects:
    """Performs stage 4's actions. `parallelism` bounds modules at work at a time."""

    blobs: Blobs
    engines: EngineSource
    parallelism: int
    loaded: dict[str, Material] = field(default_factory=dict)

    async def _material(self, request: ModulesRequested) -> Material:
        """What the run writes from; the last run's is kept, because assembling follows writing."""
        if request.run_id not in self.loaded:
            self.loaded.clear()
            self.loaded[request.run_id] = await load_material(self.blobs, request)
        return self.loaded[request.run_id]

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        """See Effects.perform."""
        match action:
            case WriteModules():
                outcomes = self._write_all(action, run)
                try:
                    async for outcome in outcomes:
                        yield outcome
                finally:
                    await outcomes.aclose()
            case AssembleCourse():
                yield await self._assemble(action, run)

    async def _write_all(self, action: WriteModules, run: Run) -> AsyncGenerator[Outcome, None]:
        request = action.request
        await run.progress("Reading the documents", 0)
        material = await self._material(request)
        engine = await asyncio.to_thread(self.engines, request.engine, request.owner, request.course_id, request.run_id)
        planned = [m for m in material.selected.modules if m.id in request.module_ids and m.id not in action.written]
        total, count = len(request.module_ids), len(action.written)

        async def work(module: PathwayModule) -> tuple[Outcome, ...]:
            return await self._write(module, engine, material)

        results = as_ready(planned, work, self.parallelism)
        try:
            async for outcomes in results:
                count += 1
                for outcome in outcomes:
                    if isinstance(outcome, Written):
                        await run.progress(f"Wrote {outcome.title} ({count} of {total})", 95 * count // max(1, total))
                    yield outcome
        finally:
            await results.aclose()

    async def _write(self, planned: PathwayModule, engine: Engine, material: Material) -> tuple[Outcome, ...]:
        """One module through at most three rounds; what is still wrong after them is dropped or named."""
        course_id = material.request.course_id
        brief = material.brief(planned)
        outcomes: list[Outcome] = []
        declined = ""
        try:
            module, usage = await engine.write_module(brief)
        except EngineDeclined as error:
            # The author's own words, chosen by the program, serve a learner better than a gap; the course says so.
            declined = error.message
            module, usage = await asyncio.to_thread(extract_module, brief), Usage()
        report = await asyncio.to_thread(check_module, module, _context(material, module))
        number = 1
        while report.findings and number < _ROUNDS and not declined:
            outcomes.append(Rejected(planned.id, await self.blobs.put_model(course_id, report), number))
            try:
                revised, cost = await engine.revise_module(brief, module, report)
            except EngineDeclined:
                break  # what was written stands, less what the gates found
            usage += cost
            number += 1
            module = revised
            report = await asyncio.to_thread(check_module, module, _context(material, module))
        if list_blocking(report):
            module, report = await asyncio.to_thread(_without_findings, brief, module, report, material)
        module = _with_verdict(module, report, declined)
        outcomes.append(await self._stored(module, report, number, usage, course_id))
        return tuple(outcomes)

    async def _stored(self, module: Module, report: GateReport, number: int, usage: Usage, course_id: str) -> Written:
        content = WrittenModule(module=module, report=report, rounds=number, usage=usage)
        texts = (module.introduction, module.main_content, module.conclusion, module.summary)
        stored = await self.blobs.put_model(course_id, content)
        reached(KillPoint.effect_half_done, "modules")
        return Written(
            module_id=module.id, order=module.order, title=module.title,
            content=stored,
            gate_report=await self.blobs.put_model(course_id, report), round=number, status=module.status,
            words=sum(len(text.split()) for text in texts), items=len(module.assessment),
            usage=EventUsage(**usage.model_dump(exclude={"answer_keys"})), answer_keys=usage.answer_keys,
        )  # fmt: skip

    async def _assemble(self, action: AssembleCourse, run: Run) -> Assembled:
        request = action.request
        await run.progress("Putting the course together", 95)
        material = await self._material(request)
        modules = await self._load_modules(action.written, material)
        pictures = {
            name: await self.blobs.get(ref)
            for name, ref in sorted(material.pictures.values(), key=lambda picture: picture[0])
            if any(name in module.main_content or name in module.introduction for module in modules)
        }
        inputs = (await self.blobs.get_model(request.documents, DocumentInputs)).documents
        engine = await asyncio.to_thread(self.engines, request.engine, request.owner, request.course_id, request.run_id)
        parts = CourseParts(
            title=_title(material),
            description=request.course_description,
            source=Source(
                id=request.source.source_id,
                url=request.source.url,
                ref=request.source.ref,
                commit=request.source.commit,
            ),
            engine=engine.info,
            audience=Audience(complexity_level=request.complexity_level, additional_info=request.additional_info),
            listing=material.listing,
            chosen_paths=frozenset(entry.path for entry in inputs),
            analyses=material.known.analyses,
            skipped=material.known.skipped,
            graph=material.known.graph,
            pathways=material.pathways,
            selected_id=request.pathway_id,
            modules=modules,
        )
        course = await asyncio.to_thread(_finish, parts, material)
        await run.progress("Exporting", 98)
        exports = await asyncio.to_thread(build_exports, course, material.raw, pictures)
        stored = []
        for export in exports:
            ref = await self.blobs.put(request.course_id, export.data, export.media_type)
            stored.append(ExportRef(kind=export.kind, blob=ref))
            reached(KillPoint.effect_half_done, "modules")
        quality = json.dumps(course.quality, sort_keys=True, ensure_ascii=False).encode()
        return Assembled(
            course_key=course.course_key, edition=course.edition,
            course=next(export.blob for export in stored if export.kind == "json"), exports=tuple(stored),
            quality=await self.blobs.put(request.course_id, quality, JSON),
            status="complete" if all(module.status == "complete" for module in course.modules) else "incomplete",
            modules=len(course.modules), items=sum(len(module.assessment) for module in course.modules),
        )  # fmt: skip

    async def _load_modules(self, written: dict[str, BlobRef], material: Material) -> list[Module]:
        """The written modules in the pathway's order."""
        ids = [module.id for module in material.selected.modules if module.id in written]
        if not ids:
            raise PermanentError("The selected pathway has no modules to write", code="no_modules")
        return [(await self.blobs.get_model(written[i], WrittenModule)).module for i in ids]


def _title(material: Material) -> str:
    """The user's title; one made from the repository's name is written as the project writes itself."""
    request = material.request
    if request.course_title != automatic_title(request.source.repo_name):
        return request.course_title
    name = project_title(
        request.project_name or request.source.repo_name, material.known.analyses, request.overview_document
    )
    return automatic_title(name)


def _context(material: Material, module: Module) -> GateContext:
    ids = [planned.id for planned in material.selected.modules]
    return GateContext(
        raw=material.raw,
        known_modules=frozenset(ids),
        assets=material.assets,
        language=next((a.language for a in material.known.analyses if a.document_id in module.document_ids), "en"),
        order={module_id: position for position, module_id in enumerate(ids)},
    )


def _without_findings(
    brief: ModuleBrief, module: Module, report: GateReport, material: Material
) -> tuple[Module, GateReport]:
    """The module without what the gates still find: no output is published unchecked, whoever wrote it."""
    for _ in range(_ROUNDS):
        module = drop_findings(brief, module, report)
        report = check_module(module, _context(material, module))
        if not list_blocking(report):
            break
    return module, report


def _with_verdict(module: Module, report: GateReport, declined: str) -> Module:
    problems = sorted({f"{finding.gate}: {finding.detail}" for finding in list_blocking(report)})
    if declined:
        problems.insert(0, f"{declined}; this module holds the source's own sentences instead")
    return module.model_copy(update={"status": "incomplete" if problems else "complete", "problems": problems})


def _finish(parts: CourseParts, material: Material) -> Course:
    """The course measured by the program that anybody can run, and valid against its published schema."""
    course = assemble_course(parts)
    course = with_quality(course, measure(course, material.raw, list(material.documents.values())))
    validate_course(course)
    return course

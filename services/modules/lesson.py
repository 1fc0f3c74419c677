"""From a model's lesson to a module: numbers become citations, and code comes from the source.

Pure; done by worker processes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.modules.answers import BlockAnswer, ItemAnswer, LessonAnswer, OptionAnswer, PartAnswer, StatementAnswer
from services.modules.cited.brief import Briefs, ModuleBrief
from services.modules.cited.citing import LONGEST_SPAN, Citations, count_lines, joined, touches
from services.modules.offline.frame import list_prerequisites
from services.modules.offline.homes import Homes, link_first_mentions
from services.modules.offline.inline import open_links
from services.modules.offline.render import SectionRenderer
from services.modules.prompts import Surroundings, lesson_task, revision
from shared.course.findings import GateReport
from shared.course.model import Item, Module, NotTaught, Objective, Option
from shared.course.terms import mentions
from shared.docs.model import Document, Section
from shared.engine.model.material import Material
from shared.engine.model.question import Question
from shared.engine.types import GraphConcept, Span
from shared.kernel.ids import content_id

_MARK = re.compile(r"\[\^[^\]]*\]|\[[hb]?\d+(?:,\s*\d+)*\]")
_NEAR_LINES = 8
_TOKENS = 12000
_IDEAS = 20
_LEFT = "the lesson leaves it to the documentation"


def ask_for_module(briefs: Briefs, module_id: str, last: Module | None, report: GateReport | None) -> Question:
    """The question for a lesson; a later round shows the last version, and what the gates found in it."""
    brief = briefs.brief(module_id)
    objectives = [objective.text for objective in brief.module.learning_objectives]
    material = _material(brief)
    task = lesson_task(brief.audience, brief.module, objectives, _surroundings(brief, material))
    return Question(
        shared=f"{task}\n{material.render()}",
        own=revision(last, report.findings) if last and report else "Write the module.",
        max_tokens=_TOKENS,
    )


def build_module(briefs: Briefs, module_id: str, answer: LessonAnswer) -> Module:
    """The module of a model's lesson."""
    brief = briefs.brief(module_id)
    citations = Citations(brief.module.id, brief.source_id, brief.raw)
    return LessonBuilder(brief, _material(brief), citations).build(answer)


def _material(brief: ModuleBrief) -> Material:
    """The module's whole sections as the prompt shows them, and the known ideas they build on: what an answer's
    numbers mean.
    """
    material = Material()
    for document_id, sections in _chosen(brief):
        material.add(document_id, brief.documents[document_id], sections)
    known = [(concept, home) for concept in _needed(brief) if (home := Homes(brief).earlier(concept))]
    material.add_known((f"known from the module {home.title}", concept.definition) for concept, home in known)
    return material


def _needed(brief: ModuleBrief) -> list[GraphConcept]:
    """The concepts that those at home in the module build on."""
    needed = {i for one in Homes(brief).own for i in one.prerequisites}
    return [one for one in brief.graph.concepts if one.id in needed]


def _surroundings(brief: ModuleBrief, material: Material) -> Surroundings:
    modules, homes = brief.pathway.modules, Homes(brief)
    names = {one.id: one.name for one in brief.graph.concepts}
    ideas = []
    for concept in homes.own[:_IDEAS]:
        number = material.number_of(concept.definition.span)
        needs = [names[i] for i in concept.prerequisites if i in names]
        ideas.append(
            concept.name + (f" [{number}]" if number else "") + (f", builds on {', '.join(needs)}" if needs else "")
        )
    shown = "\n".join(material.text)
    later = [one.name for one in brief.graph.concepts if homes.later(one) and mentions(shown, one.name.strip("`"))]
    return Surroundings(
        position=brief.position + 1,
        count=len(modules),
        before=modules[brief.position - 1].title if brief.position else "",
        after=modules[brief.position + 1].title if brief.position + 1 < len(modules) else "",
        ideas=ideas,
        later=later[:_IDEAS],
    )


def _chosen(brief: ModuleBrief) -> list[tuple[str, list[Section]]]:
    """The module's sections by document, in the pathway's order."""
    chosen: dict[str, list[Section]] = {}
    for ref in brief.module.sections:
        document: Document | None = brief.documents.get(ref.document_id)
        if document is not None:
            chosen.setdefault(ref.document_id, []).extend(s for s in document.sections if s.id == ref.section_id)
    return list(chosen.items())


@dataclass
class LessonBuilder:
    """Builds one module; `citations` collects those of the module."""

    brief: ModuleBrief
    material: Material
    citations: Citations

    def build(self, answer: LessonAnswer) -> Module:
        """The module of an answer. Statements that name unknown numbers keep the known ones."""
        planned = self.brief.module
        objectives = [
            Objective(id=content_id("o", planned.id, o.text), text=o.text, bloom=o.bloom)
            for o in planned.learning_objectives
        ]
        items = [item for item in (self._item(a, objectives) for a in answer.items) if item is not None]
        introduction = self._paragraph(answer.introduction)
        blocks, _ = link_first_mentions([block for part in answer.parts for block in self._part(part)], self.brief)
        return Module(
            id=planned.id,
            order=self.brief.position + 1,
            title=planned.title,
            description=planned.description,
            estimated_minutes=planned.estimated_minutes,
            status="complete",
            problems=[],
            objectives=list({objective.id: objective for objective in objectives}.values()),
            prerequisites=list_prerequisites(self.brief),
            document_ids=list(planned.document_ids),
            introduction=introduction,
            main_content="\n\n".join(blocks),
            conclusion=self._paragraph(answer.conclusion),
            summary="\n".join(f"- {text}" for text in (self._statement(s) for s in answer.summary) if text),
            assessment=_distinct(items),
            citations=self.citations.listed(),
            not_taught=[
                NotTaught(document_id=document_id, heading=section.heading, reason=_LEFT)
                for number in dict.fromkeys(answer.left_out)
                for document_id, section in filter(None, [self.material.sections.get(number)])
            ],
        )

    def _part(self, part: PartAnswer) -> list[str]:
        blocks = [text for text in (self._block(block) for block in part.blocks) if text]
        heading = _inline(part.heading).lstrip("# ").rstrip(".")
        return [f"## {heading}", *blocks] if blocks and heading else []

    def _block(self, block: BlockAnswer) -> str:
        match block.kind:
            case "paragraph":
                return self._paragraph(block.statements)
            case "list":
                return "\n".join(f"- {text}" for text in (self._statement(s) for s in block.statements) if text)
            case "source":
                return self._whole(block.block)

    def _whole(self, number: int | None) -> str:
        """The author's code, table or picture, whole and verbatim."""
        found = self.material.blocks.get(number or 0)
        if found is None:
            return ""
        document = self.brief.documents[found.document_id]
        links = open_links(self.brief, document, {})
        renderer = SectionRenderer(document.path, self.citations, links, self.brief.picture)
        return "\n\n".join(renderer.render([replace(found.block, within=())]))

    def _paragraph(self, statements: Sequence[StatementAnswer]) -> str:
        return " ".join(text for text in (self._statement(s) for s in statements) if text)

    def _statement(self, statement: StatementAnswer) -> str:
        text = _inline(statement.text)
        return text + "".join(self.citations.mark(span) for span in self._spans(statement.evidence)) if text else ""

    def _spans(self, numbers: Sequence[int]) -> list[Span]:
        """The lines of what is named; neighbours become one span while it stays narrow."""
        spans: list[Span] = []
        known = [span for n in sorted(set(numbers)) if (span := self.material.span_of(n))]
        for span in known:
            if spans and touches(spans[-1], span) and count_lines(joined(spans[-1], span)) <= _NEAR_LINES:
                spans[-1] = joined(spans[-1], span)
            elif self.citations.holds(span) and count_lines(span) <= LONGEST_SPAN:
                spans.append(span)
        return spans

    def _item(self, answer: ItemAnswer, objectives: Sequence[Objective]) -> Item | None:
        spans = self._spans(answer.evidence)
        if not spans or not 0 <= answer.objective < len(objectives):
            return None
        stem = _inline(answer.stem)
        options = [self._option(stem, option) for option in answer.options]
        if answer.kind in {"cloze", "short_answer"}:
            key = [_inline(text) for text in answer.accepted if text.strip()]
            options = []
        else:
            key = [options[position].id for position in answer.key if 0 <= position < len(options)]
        if not key or len({option.id for option in options}) != len(options):
            return None
        return Item(
            id=content_id("i", self.citations.module_id, stem, *key),
            kind=answer.kind,
            stem=stem,
            options=options,
            form=answer.form,
            key=[key] if answer.kind == "ordering" else key,
            explanation=_inline(answer.explanation),
            objective_ids=[objectives[answer.objective].id],
            bloom=answer.bloom,
            citation_ids=[self.citations.cite(span) for span in spans],
        )

    def _option(self, stem: str, answer: OptionAnswer) -> Option:
        text = _inline(answer.text)
        cited = [self.citations.cite(span) for span in self._spans(answer.evidence)]
        return Option(
            id=content_id("x", stem, text), text=text, feedback=_inline(answer.feedback), citation_ids=cited
        )  # fmt: skip


def _inline(text: str) -> str:
    """One line of CommonMark inline text: no marks of the model's own, no HTML outside code."""
    text = " ".join(_MARK.sub("", text).split())
    pieces = re.split(r"(`+[^`]*`+)", text)
    return "".join(piece if piece.startswith("`") else piece.replace("<", "\\<") for piece in pieces).strip()


def _distinct(items: Sequence[Item]) -> list[Item]:
    return list({item.id: item for item in items}.values())

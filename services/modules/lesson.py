"""From a model's lesson to a module: numbers become citations, and code comes from the source.

Pure; done by worker processes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby

from services.modules.answers import BlockAnswer, ItemAnswer, LessonAnswer, OptionAnswer, PartAnswer, StatementAnswer
from services.modules.assembly.minutes import estimate_module
from services.modules.cited.brief import Briefs, ModuleBrief
from services.modules.cited.citing import LONGEST_SPAN, Citations, count_lines, joined, touches
from services.modules.offline.frame import list_prerequisites
from services.modules.offline.homes import Homes, link_first_mentions
from services.modules.offline.inline import open_links
from services.modules.offline.render import SectionRenderer
from services.modules.prompts import LAST, Surroundings, lesson_task, revision
from shared.course.basis import label_of, strip_label, with_label
from shared.course.findings import GateFinding, GateReport
from shared.course.model import Item, ItemKind, Module, NotTaught, Objective, Option
from shared.course.terms import mentions
from shared.docs.model import Document, Section
from shared.engine.model.material import Material
from shared.engine.model.question import Question
from shared.engine.types import Span
from shared.kernel.ids import content_id

_MARK = re.compile(r"\[\^[^\]]*\]|\[[hb]?\d+(?:,\s*\d+)*\]")
_KINDS: dict[str, ItemKind] = {"order": "ordering", "fill_call": "short_answer"}
_NEAR_LINES = 8
_TOKENS = 12000
_IDEAS = 20
_LEFT = "the lesson leaves it to the documentation"


def ask_for_module(briefs: Briefs, module_id: str, last: LessonAnswer | None, report: GateReport | None) -> Question:
    """The question for a lesson; a later round shows the last answer, and what the gates found in it."""
    brief = briefs.brief(module_id)
    material = _material(brief)
    task = lesson_task(brief.audience, _surroundings(brief, material))
    return Question(
        shared=f"{task}\n{material.render()}",
        own=revision(last, _builder(brief).place(last, report)) if last and report else LAST,
        max_tokens=_TOKENS,
    )


def build_module(briefs: Briefs, module_id: str, answer: LessonAnswer) -> Module:
    """The module of a model's lesson."""
    return _builder(briefs.brief(module_id)).build(answer)


def _builder(brief: ModuleBrief) -> "LessonBuilder":
    return LessonBuilder(brief, _material(brief), Citations(brief.module.id, brief.source_id, brief.raw))


def _material(brief: ModuleBrief) -> Material:
    """The module's whole sections as the prompt shows them, and the known ideas they build on: what an answer's
    numbers mean.
    """
    material = Material()
    for document_id, sections in _chosen(brief):
        material.add(document_id, brief.documents[document_id], sections)
    known = Homes(brief).known()
    material.add_known((f"known from the module {home.title}", concept.definition) for concept, home in known)
    return material


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
    later = [one.name for one in brief.graph.concepts if homes.is_later(one) and mentions(shown, one.name.strip("`"))]
    return Surroundings(
        title=brief.module.title,
        objectives=[objective.text for objective in brief.module.learning_objectives],
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
        planned, objectives = self.brief.module, self._objectives
        items = [item for item in (self._item(a, objectives) for a in answer.items) if item is not None]
        introduction = self._paragraph(answer.introduction)
        blocks = link_first_mentions([block for part in answer.parts for block in self._part(part)], self.brief)
        module = Module(
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
            summary=self._list(BlockAnswer(kind="list", statements=answer.summary)),
            assessment=_distinct(items),
            citations=self.citations.listed(),
            not_taught=[
                NotTaught(document_id=document_id, heading=section.heading, reason=_LEFT)
                for number in dict.fromkeys(answer.left_out)
                for document_id, section in filter(None, [self.material.sections.get(number)])
            ],
        )
        return module.model_copy(update={"estimated_minutes": estimate_module(module)})

    @property
    def _objectives(self) -> list[Objective]:
        module = self.brief.module
        return [
            Objective(id=content_id("o", module.id, o.text), text=o.text, bloom=o.bloom)
            for o in module.learning_objectives
        ]

    def place(self, answer: LessonAnswer, report: GateReport) -> list[tuple[str, GateFinding]]:
        """The findings of the gates that another answer can mend, each with the place in the answer it is about."""
        objectives = self._objectives
        items = [self._item(one, objectives) for one in answer.items]
        names = {one.id: f"items[{position}]" for position, one in enumerate(items) if one is not None}
        names |= {one.id: f"objective {position}" for position, one in enumerate(objectives)}
        names |= {"main_content": "parts"} | {name: name for name in ("introduction", "conclusion", "summary")}
        found = [(names[finding.where], finding) for finding in report.findings if finding.where in names]
        return [(_path_of(answer, where, finding.sentence), finding) for where, finding in found]

    def _part(self, part: PartAnswer) -> list[str]:
        blocks = [text for text in (self._block(block) for block in part.blocks) if text]
        heading = _inline(part.heading).lstrip("# ").rstrip(".")
        return [f"## {heading}", *blocks] if blocks and heading else []

    def _block(self, block: BlockAnswer) -> str:
        match block.kind:
            case "paragraph":
                return self._paragraph(block.statements)
            case "list" | "steps":
                return self._list(block)
            case "taken":
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
        """A paragraph, and a quote with a label for each run of sentences that do not stand on the source."""
        written: list[str] = []
        for basis, run in groupby(statements, key=lambda one: one.basis):
            text = " ".join(text for text in map(self._statement, run) if text)
            written.append(text if basis == "source" or not text else f"> {with_label(text, basis)}")
        return "\n\n".join(text for text in written if text)

    def _list(self, block: BlockAnswer) -> str:
        """A list. One label stands above items that share it, else each item has its own."""
        said = [(one.basis, text) for one in block.statements if (text := self._statement(one))]
        bases = {basis for basis, _ in said}
        shared = bases.pop() if len(bases) == 1 else "source"
        items = [text if basis == shared else with_label(text, basis) for basis, text in said]
        marks = ("-" if block.kind == "list" else f"{number}." for number in count(1))
        lines = [f"{mark} {text}" for mark, text in zip(marks, items, strict=False)]
        if shared == "source":
            return "\n".join(lines)
        return "\n".join(f"> {line}".rstrip() for line in (label_of(shared), "", *lines))

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
        """The item of an answer. Its options stand in the order of their ids, which are made from their texts: their
        places in the answer say nothing.
        """
        shown = self.material.blocks.get(answer.block or 0)
        spans = self._spans([*answer.explanation.evidence, *([answer.block] if answer.block else [])])
        if not spans or not 0 <= answer.objective < len(objectives):
            return None
        stem, kind = _inline(answer.stem), _KINDS.get(answer.form, "single_choice")
        if shown is not None and shown.block.code and "```" not in shown.block.code:
            stem += f"\n\n```{shown.block.language}\n{shown.block.code}\n```"
        options = [] if kind == "short_answer" else [self._option(stem, option) for option in answer.options]
        ids = [option.id for option in options]
        accepted = [_inline(text) for text in answer.accepted if text.strip()]
        if len({*ids}) != len(ids) or not (accepted if kind == "short_answer" else ids):
            return None
        key = {"short_answer": accepted, "single_choice": ids[:1]}.get(kind, ids)
        return Item(
            id=content_id("i", self.citations.module_id, stem, *key),
            kind=kind,
            stem=stem,
            options=sorted(options, key=lambda option: option.id),
            form=answer.form,
            key=[key] if kind == "ordering" else key,
            explanation=with_label(_inline(answer.explanation.text), answer.explanation.basis),
            objective_ids=[objectives[answer.objective].id],
            bloom=objectives[answer.objective].bloom,
            citation_ids=[self.citations.cite(span) for span in spans],
        )

    def _option(self, stem: str, answer: OptionAnswer) -> Option:
        text, feedback = _inline(answer.text), with_label(_inline(answer.feedback), answer.basis)
        cited = [self.citations.cite(span) for span in self._spans(answer.evidence)]
        return Option(id=content_id("x", stem, text), text=text, feedback=feedback, citation_ids=cited)


def _path_of(answer: LessonAnswer, where: str, sentence: str) -> str:
    """The place in the answer of a finding's sentence; of a question, whose finding has the stem, the question."""
    said = _inline(strip_label(sentence))
    texts = _texts(answer.model_dump(include={where}), "")
    return next((path for path, text in texts if said and said in _inline(text)), where)


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Each text of an answer with its path."""
    match value:
        case str():
            yield path, value
        case dict():
            for name, one in value.items():
                yield from _texts(one, f"{path}.{name}".lstrip("."))
        case list():
            for position, one in enumerate(value):
                yield from _texts(one, f"{path}[{position}]")


def _inline(text: str) -> str:
    """One line of CommonMark inline text: no marks of the model's own, no HTML outside code."""
    text = " ".join(_MARK.sub("", text).split())
    pieces = re.split(r"(`+[^`]*`+)", text)
    return "".join(piece if piece.startswith("`") else piece.replace("<", "\\<") for piece in pieces).strip()


def _distinct(items: Sequence[Item]) -> list[Item]:
    return list({item.id: item for item in items}.values())

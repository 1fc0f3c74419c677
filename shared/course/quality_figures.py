"""The shape of a figure: what was found, what is wanted, whether that is met; and the material figures are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.course.evidence import Evidence
from shared.course.gates import GateContext, check_parts
from shared.course.model import Course, Module
from shared.course.statements import FieldText, Statement, read_module
from shared.docs.model import Document
from shared.engine.types import GateFinding

DIGITS = 4

Figure = dict[str, Any]
"""what, value, target, ok; a share has numerator and denominator as well. `ok` is None where there is no target."""

Figures = dict[str, Figure]


@dataclass(frozen=True)
class ModuleFacts:
    """A module read once: its texts, its evidence and what the gates find in it."""

    module: Module
    texts: tuple[FieldText, ...]
    evidence: Evidence
    findings: tuple[GateFinding, ...]

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Statements of the four fields in reading order."""
        return tuple(statement for text in self.texts for statement in text.statements)

    def count(self, *gates: str) -> int:
        """Findings of these gates."""
        return sum(1 for finding in self.findings if finding.gate in gates)


@dataclass(frozen=True)
class CourseFacts:
    """A course with its modules read and its documents by path."""

    course: Course
    modules: tuple[ModuleFacts, ...]
    documents: dict[str, Document]

    @property
    def offline(self) -> bool:
        """Whether the stricter targets of the offline engine apply."""
        return self.course.engine.name == "offline"

    def documents_of(self, module: Module) -> list[Document]:
        """The parsed documents a module is made of."""
        found = (self.documents.get(self._paths.get(i, "")) for i in module.document_ids)
        return [document for document in found if document is not None]

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {entry.id: entry.path for entry in self.course.documents}


def read_course(course: Course, raw: Callable[[str], bytes], documents: Sequence[Document]) -> CourseFacts:
    """Read every module of a course and run the gates over it."""
    context = GateContext(
        raw=raw,
        known_modules=frozenset(module.id for module in course.modules),
        language=course.language,
        order={module.id: module.order for module in course.modules},
        verbatim=course.engine.name == "offline",
    )
    facts = []
    for module in course.modules:
        texts, evidence = read_module(module), Evidence(module.citations, raw, course.language)
        facts.append(ModuleFacts(module, texts, evidence, check_parts(module, texts, evidence, context)))
    return CourseFacts(course, tuple(facts), {document.path: document for document in documents})


def at_least(what: str, numerator: int, denominator: int, target: float) -> Figure:
    """A share that is to reach a target; nothing to count is met."""
    value = numerator / denominator if denominator else 1.0
    return _share(what, numerator, denominator, value, f">= {_percent(target)}", ok=value >= target)


def at_most(what: str, numerator: int, denominator: int, target: float) -> Figure:
    """A share that is not to pass a target; nothing to count is met."""
    value = numerator / denominator if denominator else 0.0
    return _share(what, numerator, denominator, value, f"<= {_percent(target)}", ok=value <= target)


def is_number(what: str, value: float, target: str, *, ok: bool | None) -> Figure:
    """A plain number with its target in words."""
    return {"what": what, "value": round(value, DIGITS), "target": target, "ok": ok}


def is_none(what: str, value: int) -> Figure:
    """A count that is to be nought."""
    return is_number(what, value, "0", ok=value == 0)


def _share(what: str, numerator: int, denominator: int, value: float, target: str, *, ok: bool) -> Figure:
    return {
        "what": what,
        "value": round(value, DIGITS),
        "numerator": numerator,
        "denominator": denominator,
        "target": target,
        "ok": ok,
    }


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g} %"

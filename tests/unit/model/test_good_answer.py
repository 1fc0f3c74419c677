"""An answer as a good teacher would give it, recorded, becomes a module that passes the gates as it is."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.modules.answers import BlockAnswer, LessonAnswer, StatementAnswer
from services.modules.cited.brief import ModuleBrief
from services.modules.lesson import ask_for_module, build_module
from shared.course.audience import Audience
from shared.course.findings import DROPPED, GateFinding, GateReport
from shared.course.gates import check_module
from shared.course.model import Module
from shared.course.reading import GateContext
from shared.course.sources import Sources
from shared.docs.reader import read_document
from shared.engine.port import ProjectFacts
from shared.engine.types import (
    CitedSentence,
    ConceptGraph,
    GraphConcept,
    LearningObjective,
    Pathway,
    PathwayModule,
    SectionRef,
    Span,
)

_FOLDER = Path(__file__).parent / "good"
_FILES = {path.name: path.read_bytes() for path in sorted(_FOLDER.glob("*.md"))}
_DOCUMENTS = {name: read_document(name, data, {}) for name, data in _FILES.items()}
_AIMS = (
    ("Use `retries` to run a failed job again", "apply"),
    ("Explain the delay between retries", "understand"),
    ("Predict what happens when retries are used up", "apply"),
)


def _module(name: str, title: str, aims: tuple[tuple[Any, Any], ...] = ()) -> PathwayModule:
    refs = [SectionRef(document_id=name, section_id=one.id, heading=one.heading) for one in _DOCUMENTS[name].sections]
    return PathwayModule(
        id=name.removesuffix(".md"), title=title, description="", estimated_minutes=5, document_ids=(name,),
        learning_objectives=tuple(LearningObjective(text=text, bloom=bloom, section_id="") for text, bloom in aims),
        sections=tuple(refs),
    )  # fmt: skip


def _concept(name: str, document_id: str, line: int, text: str, *needs: str) -> GraphConcept:
    span = Span(path=document_id, start_line=line, end_line=line)
    return GraphConcept(
        id=name, name=name, document_id=document_id, section_id=_DOCUMENTS[document_id].sections[0].id,
        definition=CitedSentence(text=text, span=span), prerequisites=needs,
    )  # fmt: skip


def brief() -> ModuleBrief:
    """The second module of a course, which builds on the first."""
    modules = (_module("jobs.md", "Jobs"), _module("retries.md", "Retries", _AIMS))
    concepts = (
        _concept("job", "jobs.md", 3, "A job is a function that the kettle runs."),
        _concept("retry", "retries.md", 4, "A retry is another run of a job that failed.", "job"),
        _concept("delay", "retries.md", 18, "A delay is the time before the next retry.", "retry"),
    )
    way = Pathway(
        id="p", kind="complete", title="Kettle", description="", complexity_level="beginner", estimated_minutes=16,
        modules=modules,
    )  # fmt: skip
    return ModuleBrief(
        audience=Audience("beginner"), project=ProjectFacts("kettle"), source_id=lambda _: "s1", pathway=way,
        module=modules[1], position=1, documents={"retries.md": _DOCUMENTS["retries.md"]}, analyses={},
        graph=ConceptGraph(concepts=concepts), raw=_FILES.__getitem__, find=lambda *_: None, link=lambda _: None,
        picture=lambda _: None, modules=modules,
        homes={(i, one.id): i.removesuffix(".md") for i, found in _DOCUMENTS.items() for one in found.sections},
    )  # fmt: skip


def _answer() -> LessonAnswer:
    return LessonAnswer.model_validate(json.loads((_FOLDER / "answer.json").read_text(encoding="utf-8")))


def _build(answer: LessonAnswer) -> tuple[Module, list[tuple[str, str, str, str]]]:
    """The module, and what the gates find in it."""
    briefs: Any = SimpleNamespace(brief=lambda _: brief())
    module = build_module(briefs, "retries", answer)
    context = GateContext(
        raw=_FILES.__getitem__, sources=Sources(_DOCUMENTS), assets=frozenset(), language="en", own_words=True,
        known_modules=frozenset({"jobs", "retries"}), order={"jobs": 0, "retries": 1},
        concepts={one.name: (one.definition.span.path, one.definition.span.start_line, one.definition.span.end_line)
                  for one in brief().graph.concepts},
        planned=tuple((ref.document_id, ref.heading) for ref in brief().module.sections),
        paths={name: name for name in _DOCUMENTS},
    )  # fmt: skip
    findings = check_module(module, context).findings
    return module, [(one.gate, one.where, one.detail, one.sentence) for one in findings]


def test_a_good_answer_passes_the_gates_as_it_is() -> None:
    briefs: Any = SimpleNamespace(brief=lambda _: brief())
    asked = ask_for_module(briefs, "retries", None, None).shared
    assert "[13] A job is a function that the kettle runs. (known from the module Jobs)" in asked
    assert "What is marked as known from a module was taught there" in asked
    module, findings = _build(_answer())
    assert findings == []
    assert len(module.assessment) == 3
    assert module.prerequisites == ["jobs"]


def _say(text: str, *evidence: int) -> StatementAnswer:
    return StatementAnswer(text=text, evidence=list(evidence))


def test_a_model_may_choose_and_say_it_in_its_own_words() -> None:
    """It leaves out a table and a sentence, and says the last section in words that the source does not have."""
    answer = _answer()
    answer.parts[1].blocks = [
        BlockAnswer(kind="paragraph", statements=[_say("Each wait is twice the one before it: the delay doubles.", 7)])
    ]
    answer.parts[2].blocks = [
        BlockAnswer(kind="paragraph", statements=[_say("Past the limit, `JobFailed` ends the whole run.", 12)])
    ]
    _, findings = _build(answer)
    assert [found for found in findings if found[0] in DROPPED] == []


@pytest.mark.parametrize(
    ("stem", "is_repeated"),
    [
        ("A kettle is made with `Kettle(retries=2)`, and its job fails on every run. How many runs are there?", True),
        ("The setting `delay` is 5. How long does the kettle wait before the second retry?", True),
        ("A kettle has `retries=2` and `delay` 5. How long does it wait for a job that never succeeds?", False),
        ("A kettle is made with `Kettle(retries=7)`. How many runs does a job have at most?", False),
    ],
)
def test_a_question_is_a_case_that_the_lesson_has_not_worked_out(stem: str, is_repeated: bool) -> None:
    answer = _answer()
    answer.items[2].stem = stem
    _, findings = _build(answer)
    assert ("the stem has the values of a case that the lesson works out or asks" in {f[2] for f in findings}) == (
        is_repeated
    )


def test_a_later_round_shows_the_whole_answer_and_each_finding_at_its_place() -> None:
    answer = _answer()
    answer.parts[0].blocks[0].statements[0].text = "A job that failed is run 7 times."
    answer.items[1].explanation.text = "It waits."
    module, findings = _build(answer)
    made = [GateFinding(gate=g, where=w, detail=d, sentence=s) for g, w, d, s in findings]
    made.append(GateFinding(gate="W1", where=module.citations[0].id, detail="a citation of 41 lines"))
    briefs: Any = SimpleNamespace(brief=lambda _: brief())
    report = GateReport(module_id="retries", checked=1, findings=tuple(made))
    own = ask_for_module(briefs, "retries", answer, report).own
    sent = own.split("<answer>\n")[1].split("\n</answer>")[0]
    assert LessonAnswer.model_validate_json(sent) == answer
    listed = own.split("<findings>\n")[1].split("\n</findings>")[0]
    assert (
        "1. parts[0].blocks[0].statements[0].text: not in the cited lines: 7. In: “A job that failed is run 7 times.”"
        in listed
    )
    assert "items[1]: the last option that the explanation names has to be the key" in listed
    assert "41 lines" not in listed, "no answer mends it"


def test_a_planned_section_that_a_model_neither_teaches_nor_names_is_found() -> None:
    answer = _answer()
    answer.introduction, answer.conclusion, answer.summary = answer.introduction[:1], [], answer.summary[:1]
    answer.parts, answer.items, answer.left_out = answer.parts[:1], [], [2]
    _, findings = _build(answer)
    forgotten = "the section “When retries are used up” is neither taught nor named as left out"
    assert [found[2] for found in findings if found[0] == "K1"] == [forgotten]

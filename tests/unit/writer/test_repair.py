import pytest

from shared.course.findings import GateFinding, GateReport
from shared.engine.offline.lesson_repair import drop_from_markdown, repair_module, split_blocks
from shared.engine.offline.writer import write_module

from .sample import check, make_brief


@pytest.mark.parametrize(
    ("markdown", "offending", "wanted"),
    [
        ("One is. Two is.[^c1]", "One is.", "Two is.[^c1]"),
        ("One is. Two is.[^c1]", "Two is.", "One is.[^c1]"),
        ("One is.[^c1] It runs.[^c2] Two is.[^c3]", "One is.", "Two is.[^c3]"),
        ("## H\n\nOne is.[^c1]", "One is.", ""),
        ("## H\n\nOne is.[^c1]\n\n### I\n\nTwo is.[^c2]", "One is.", "## H\n\n### I\n\nTwo is.[^c2]"),
        ("- One.[^c1]\n- Two.[^c2]", "Two.", "- One.[^c1]"),
        (
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\n[^c1]",
            "1 | 2",
            "| a | b |\n| --- | --- |\n| 3 | 4 |\n\n[^c1]",
        ),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |\n\n[^c1]\n\nNext.[^c2]", "1 | 2", "Next.[^c2]"),
        ("Do this:[^c1]\n\n```py cite=c2\nx = 1\n```\n\nNext.[^c3]", "x = 1", "Next.[^c3]"),
        ("> **Note:** One is. Two is.[^c1]", "One is.", "> **Note:** Two is.[^c1]"),
        ("One is.[^c1]\n\nThis helps.[^c2]\n\nTwo is.[^c3]", "One is.", "Two is.[^c3]"),
    ],
)
def test_what_was_found_goes_and_nothing_is_left_dangling(markdown: str, offending: str, wanted: str) -> None:
    assert drop_from_markdown(markdown, [offending]) == wanted


def test_text_without_findings_stays_as_it_is() -> None:
    text = "One   is.\n\n\nTwo."
    assert drop_from_markdown(text, []) == text


def test_a_fence_with_blank_lines_is_one_block() -> None:
    assert split_blocks("a\n\n```x\nb\n\nc\n```\n\nd") == ["a", "```x\nb\n\nc\n```", "d"]


def test_items_objectives_and_citations_that_nothing_needs_any_more_go() -> None:
    brief = make_brief()
    module = write_module(brief)
    bad = module.assessment[0]
    sentence = next(s for s in module.main_content.split("\n\n") if "acknowledgement of the server" in s)
    first = sentence.split(". ")[0] + "."
    report = GateReport(
        module_id=module.id,
        checked=1,
        findings=(
            GateFinding(gate="Q11", where=bad.id, detail="wrong key"),
            GateFinding(gate="Q3", where="main_content", detail="anchor", sentence=first),
        ),
    )
    repaired = repair_module(module, report)
    assert bad.id not in {item.id for item in repaired.assessment}
    assert first not in repaired.main_content
    tested = {objective for item in repaired.assessment for objective in item.objective_ids}
    assert {objective.id for objective in repaired.objectives} == tested
    assert not [f for f in check(brief, repaired).findings if f.gate in ("Q1", "Q2", "Q3", "Q5", "Q19", "L1")]

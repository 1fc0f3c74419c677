from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.course.code_provenance import equals_run
from shared.course.findings import BLOCKING, list_blocking
from shared.course.gates import check_module
from shared.course.model import Item, Module
from shared.docs.citations import span_sha256, split_lines
from shared.kernel.errors import NotFound

from .sample import context, modules
from .sample_modules import errors_module, plans_module, start_module
from .sample_repository import cite


def _gates(module: Module) -> set[str]:
    found = {finding.gate for finding in check_module(module, context(module)).findings}
    return found - {"K6-recall"}


def _find_nothing(path: str) -> bytes:
    raise NotFound(f"No file {path}")


def _with(module: Module, **changes: object) -> Module:
    return module.model_copy(update=changes)


def _adding(text: str) -> Module:
    module = start_module()
    return _with(module, main_content=f"{module.main_content}\n\n{text}")


def _with_item(index: int, **changes: object) -> Module:
    module = start_module()
    items: list[Item] = list(module.assessment)
    items[index] = items[index].model_copy(update=changes)
    return _with(module, assessment=items)


@pytest.mark.parametrize("module", modules(), ids=lambda module: str(module.id))
def test_a_true_module_passes_every_gate(module: Module) -> None:
    assert _gates(module) == set()


def test_a_report_counts_what_was_checked() -> None:
    assert check_module(errors_module(), context(errors_module())).checked == 12


def _citation(**changes: object) -> Module:
    module = start_module()
    first, *rest = module.citations
    return _with(module, citations=[first.model_copy(update=changes), *rest])


FAILURES: dict[str, tuple[str, Callable[[], Module]]] = {
    "a path that is not there": ("Q1", lambda: _citation(path="docs/none.md")),
    "lines beyond the file": ("Q1", lambda: _citation(start_line=900, end_line=901)),
    "lines that were shifted": ("Q1", lambda: _citation(start_line=4, end_line=4)),
    "another hash": ("Q1", lambda: _citation(sha256="0" * 64)),
    "a mark of no citation": ("Q1", lambda: _adding("Kettle is small.[^none]")),
    "an item that cites nothing known": ("Q1", lambda: _with_item(0, citation_ids=["none"])),
    "an uncited flag": ("Q2", lambda: _adding("You pass --force to it.")),
    "an uncited number": ("Q2", lambda: _adding("You need 5 minutes for this module.")),
    "an uncited claim": ("Q2-claim", lambda: _adding("Water boils quickly in a kettle.")),
    "a number the lines lack": ("Q3", lambda: _adding("Install Kettle on Python 3.12 or newer.[^s3]")),
    "a name the lines lack": ("Q3", lambda: _adding("Run the command `kettle freeze` to heat the water.[^s5]")),
    "a quotation the lines lack": ("Q3", lambda: _adding("The command is said “to cool the water”.[^s5]")),
    "an explanation with another flag": (
        "Q3",
        lambda: _with_item(1, explanation="The flag `--hours` sets how long the water boils."),
    ),
    "words the lines lack": ("Q4", lambda: _adding("Giraffes wander quietly across distant savannas.[^s5]")),
    "code without a source": ("Q5", lambda: _adding("```sh\nkettle status\n```")),
    "code that was changed": ("Q5", lambda: _adding("```sh cite=s6\nkettle boil --minutes 9\n```")),
    "a prerequisite that comes later": ("Q7", lambda: _with(start_module(), prerequisites=["m-plans"])),
    "a prerequisite that is unknown": ("Q7", lambda: _with(start_module(), prerequisites=["m-none"])),
    "an objective without an item": ("Q9", lambda: _with_item(1, objective_ids=["o-start-1"])),
    "an objective without a verb": (
        "Q9",
        lambda: _with(
            start_module(),
            objectives=[
                start_module().objectives[0].model_copy(update={"text": "Knowledge of the program"}),
                start_module().objectives[1],
            ],
        ),
    ),
    "an item far above its objective": ("Q9", lambda: _with_item(1, bloom="create")),
    "an item with two flaws": (
        "Q10",
        lambda: _with_item(0, stem="Which command does usually not heat the water?"),
    ),
    "a key the lines lack": ("Q11", lambda: _with_item(0, key=["a"])),
    "two items alike": (
        "Q11",
        lambda: _with(
            start_module(),
            assessment=[*start_module().assessment, start_module().assessment[0].model_copy(update={"id": "i-x"})],
        ),
    ),
    "filler": ("Q19", lambda: _adding("More content is coming soon.")),
    "an empty lesson": ("Q19", lambda: _with(start_module(), main_content="")),
    "an empty heading": ("Q19", lambda: _adding("## What else")),
    "a section that stands twice": ("Q19", lambda: _with(start_module(), summary=start_module().conclusion)),
    "an item without explanation": ("Q19", lambda: _with_item(0, explanation="")),
    "a link to nowhere": ("L1", lambda: _adding("See [this](#nowhere) in the next module.")),
    "a relative link": ("L1", lambda: _adding("See [this](guide.md) in the next module.")),
    "a link without encryption": ("L1", lambda: _adding("See [this](http://example.org) in the next module.")),
    "a link to a host nobody names": (
        "L1",
        lambda: _adding("See [this](https://made.example) in this module."),
    ),
    "a script": ("L1", lambda: _adding("See [this](javascript:alert) in the next module.")),
    "a remote picture": ("L1", lambda: _adding("![a kettle](https://example.org/k.png)")),
    "raw HTML": ("L1", lambda: _adding("See <b>this</b> in the next module.")),
    "raw HTML in an option": (
        "L1",
        lambda: _with_item(0, explanation="Run the command `kettle boil` to <i>heat</i> the water."),
    ),
    "an opening that points back": ("R4", lambda: _adding("## More\n\nIt is a small module.")),
    "wrong minutes": ("K9", lambda: _with(start_module(), estimated_minutes=20)),
    "a sentence that fits any module": ("K10-lesson", lambda: _adding("You have come some way already.")),
    "an item that asks where": ("K6", lambda: _with_item(0, stem="Under which of these topics does it stand?")),
    "a summary of something else": ("K5", lambda: _with(start_module(), summary="- Water is wet and warm.[^s1]")),
    "leftover markup": ("R4", lambda: _adding("::: tip\nKettle is a small program.[^s1]")),
    "a leftover role": ("R4", lambda: _adding("Kettle is a small :term:`program`.[^s1]")),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_gate_bites(name: str) -> None:
    gate, build = FAILURES[name]
    assert gate in _gates(build())


def test_an_item_that_restates_a_sentence_is_found_and_kept() -> None:
    module = _with_item(0, form="other")
    report = check_module(module, context(module))
    assert ("K6-recall", "i-start-1") in {(finding.gate, finding.where) for finding in report.findings}
    assert list_blocking(report) == ()


def test_a_citation_longer_than_forty_lines_is_found() -> None:
    module = plans_module()
    files = {"docs/plans.md": b"x\n" * 50}
    digest = span_sha256(split_lines(files["docs/plans.md"]), 1, 41)
    wide = module.citations[0].model_copy(update={"start_line": 1, "end_line": 41, "sha256": digest})
    report = check_module(_with(module, citations=[wide]), context(module, raw=lambda path: files[path]))
    assert ("W1", "p1") in {(finding.gate, finding.where) for finding in report.findings}


def test_a_row_is_held_to_its_own_line_of_the_table() -> None:
    module = plans_module()
    files = {"t.md": b"| name | code |\n|---|---|\n| `a` | 404 |\n| `b` | 500 |\n"}
    digest = span_sha256(split_lines(files["t.md"]), 1, 4)
    citation = module.citations[0].model_copy(update={"path": "t.md", "start_line": 1, "end_line": 4, "sha256": digest})
    table = "| name | code |\n|---|---|\n| `a` | 500 |\n| `b` | 500 |\n\n[^p1]"
    wrong = _with(module, main_content=table, citations=[citation])
    found = check_module(wrong, context(module, raw=lambda path: files[path])).findings
    assert [f.sentence for f in found if f.gate == "Q3" and f.where == "main_content"] == ["`a` | 500"]


def test_a_number_put_where_another_one_of_the_same_lines_belongs_is_found() -> None:
    module = start_module()
    files = {"docs/start.md": b"Since 1.0 it boils, since 2.0 it also cools.\n"}
    digest = span_sha256(split_lines(files["docs/start.md"]), 1, 1)
    citation = module.citations[0].model_copy(update={"start_line": 1, "end_line": 1, "sha256": digest})
    wrong = _with(module, introduction="Since 1.0 it boils, since 1.0 it also cools.[^s1]", citations=[citation])
    found = check_module(wrong, context(module, raw=lambda path: files[path])).findings
    assert "not in the cited lines: 1.0" in [f.detail for f in found if f.gate == "Q3"]


def test_adapted_code_with_a_source_passes() -> None:
    assert "Q5" not in _gates(_adding("```sh cite=s6 adapted\nkettle boil --minutes 9\n```"))


def test_code_may_lose_its_common_indentation() -> None:
    assert "Q5" not in _gates(_adding("```sh cite=s6\nkettle status\n```"))


def test_tags_are_seen_through_only_in_lines_that_open_with_pre() -> None:
    assert equals_run("x of y", "<pre>\n<b>x</b> of y\n</pre>")
    assert not equals_run("Vec", "let a: Vec<u8>;\nVec<u8>")
    assert not equals_run("x of z", "<pre>\n<b>x</b> of y\n</pre>")


@pytest.mark.parametrize(
    ("code", "cited"),
    [("x", "> ```sh\n> x\n> ```"), ("x\n\ny", "> > x\n> >\n> > y"), (">>> 1+1\n2", "> >>> 1+1\n> 2"), ("> x", "> x")],
)
def test_code_may_lose_the_marks_of_a_quotation(code: str, cited: str) -> None:
    assert equals_run(code, cited)


@pytest.mark.parametrize(
    ("code", "cited"),
    [("1+1", ">>> 1+1"), ("1+1\n2", ">>> 1+1\n2"), ("x\ny", "> x\ny"), ("x\ny", "x\n> y"), ("1+1", "> >>> 1+1")],
)
def test_a_prompt_is_not_a_quotation_and_neither_are_lines_that_are_quoted_in_part(code: str, cited: str) -> None:
    assert not equals_run(code, cited)


def test_a_signpost_without_facts_needs_no_citation() -> None:
    assert _gates(_adding("In the next module you learn more of [plans](#m-plans).")) == set()


def test_a_question_needs_no_citation() -> None:
    assert _gates(_adding("What does `kettle boil` do?")) == set()


def test_a_finding_quotes_the_sentence_as_it_stands_with_its_marks() -> None:
    sentence = "Install Kettle on Python 3.12 or newer.[^s3]"
    module = _adding(f"Kettle is a small program.[^s1] {sentence}")
    (finding,) = [f for f in check_module(module, context(module)).findings if f.gate == "Q3"]
    assert finding.sentence == sentence
    assert finding.sentence in module.main_content
    assert "3.12" in finding.detail


def test_an_incomplete_module_may_have_empty_parts() -> None:
    module = _with(start_module(), status="incomplete", problems=["Q19: empty"], summary="")
    assert "Q19" not in _gates(module)


def test_only_honest_gates_block_publication() -> None:
    module = _adding("## More\n\nIt is a small program. You pass --force to it.")
    report = check_module(module, context(module))
    assert {finding.gate for finding in list_blocking(report)} == {"Q2"}
    assert "R4" not in BLOCKING


def test_a_file_of_another_commit_does_not_resolve() -> None:
    module = start_module()
    report = check_module(module, context(module, raw=_find_nothing))
    assert len([finding for finding in report.findings if finding.gate == "Q1"]) == len(module.citations)


def test_the_sample_cites_what_it_says_it_cites() -> None:
    citation = cite("x", "docs/start.md", "kettle boil", "kettle status")
    assert citation.end_line - citation.start_line == 1


@pytest.mark.parametrize("own_words", [True, False])
def test_what_is_not_shown_is_named_by_what_its_lines_lead_to(own_words: bool) -> None:
    module = _adding("`Entry` and `Schedule` are not shown here.[^s1]")
    found = check_module(module, replace(context(module), own_words=own_words)).findings
    assert any(one.gate == "Q3" and "Entry" in one.sentence for one in found) is own_words
    claimed = check_module(
        _adding("The moon has 9000 `Craters`, which are not shown here.[^s1]"), context(module)
    ).findings
    assert any(one.gate == "Q3" and "9000" in one.sentence for one in claimed)


def test_what_is_empty_is_named() -> None:
    module = modules()[0].model_copy(update={"title": "", "main_content": " "})
    found = [finding.detail for finding in check_module(module, context(module)).findings if finding.gate == "Q19"]
    assert {"its title is empty", "its main content is empty"} <= set(found)

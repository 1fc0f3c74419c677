from collections.abc import Callable
from dataclasses import replace

import pytest

from services.modules.offline.revise import drop_findings
from shared.course.evidence import Evidence
from shared.course.findings import GateFinding, GateReport, list_dropped_of_author
from shared.course.model import Course, Module, NotTaught
from shared.course.quality import measure
from shared.course.quality_figures import read_course
from shared.course.raw_lines import find_text_lines
from shared.course.source_units import is_link_only, read_sections
from shared.course.sources import Sources
from shared.course.spans import join_words, says
from shared.course.taught import Lesson
from shared.course.whole_gates import LOST, name_gaps
from shared.docs.citations import span_sha256, split_lines
from shared.docs.reader import read_document
from tests.support.processor_time import processor_seconds

from .sample import course
from .sample_repository import FILES, read_raw

DOCUMENTS = [read_document(path, data, {}) for path, data in FILES.items()]


def _edit(number: int, change: Callable[[Module], Module]) -> Course:
    made = course()
    modules = [change(module) if i == number else module for i, module in enumerate(made.modules)]
    return made.model_copy(update={"modules": modules})


def _replace(number: int, field: str, before: str, after: str) -> Course:
    def change(module: Module) -> Module:
        text = getattr(module, field)
        assert before in text
        return module.model_copy(update={field: text.replace(before, after)})

    return _edit(number, change)


def _findings(made: Course, *gates: str) -> list[GateFinding]:
    return [f for m in read_course(made, read_raw, DOCUMENTS).modules for f in m.findings if f.gate in gates]


def _figure(made: Course, metric: str, name: str) -> tuple[int, int]:
    figure = measure(made, read_raw, DOCUMENTS)[metric][name]
    return figure["numerator"], figure["denominator"]


def test_a_whole_course_has_no_finding_and_says_how_many_sections() -> None:
    assert _findings(course(), "K1", "K2", "K2-number", "K3", "K5") == []
    assert _figure(course(), "K1", "whole") == (10, 10)
    assert _figure(course(), "K4", "lines") == (32, 32)


def test_a_section_without_one_of_its_sentences_is_not_whole_and_says_where() -> None:
    cut = _replace(0, "main_content", "The flag `--minutes` sets how long the water boils.[^s7] ", "")
    (finding,) = _findings(cut, "K1")
    assert "of the section “Start a boil” 4 of 5" in finding.detail
    assert _figure(cut, "K1", "whole") == (9, 10)


def test_a_section_in_the_authors_words_stays_where_a_check_misses_some_and_is_named() -> None:
    cut = _replace(0, "main_content", "The flag `--minutes` sets how long the water boils.[^s7] ", "")
    found = read_course(cut, read_raw, DOCUMENTS).modules[0]
    missed = tuple(f for f in found.findings if f.gate == "K1")
    dropped = drop_findings(found.module, GateReport(module_id="", checked=0, findings=missed))
    assert (len(missed), dropped.main_content) == (1, found.module.main_content)
    planned = tuple((one, "Start a boil") for one in found.module.document_ids)
    named = name_gaps(found.module, replace(found.context, planned=planned))
    assert [(one.heading, one.reason) for one in named.not_taught[-1:]] == [
        ("Start a boil", "a check did not find all of it above")
    ]
    after = cut.model_copy(update={"modules": [named, *cut.modules[1:]]})
    assert (_findings(after, "K1"), len(_findings(after, "K1-named"))) == ([], 1)


def test_no_section_goes_for_a_link_and_a_row_of_headings_stays() -> None:
    text = (
        "## One\n\nSee [it](https://a.example/) here.\n\n### two\n\n### three\n\n## Bad\n\nIt is 4.\n\n## Up\n\n### Bad"
    )
    module = _edit(0, lambda one: one.model_copy(update={"main_content": text})).modules[0]
    found = (("L1", "https://a.example/"), ("Q2", "It is 4."), ("Q19", "### Bad"))
    findings = tuple(GateFinding(gate=gate, where="main_content", detail="", sentence=said) for gate, said in found)
    dropped = drop_findings(module, GateReport(module_id="", checked=0, findings=findings))
    assert dropped.main_content == "## One\n\nSee it here.\n\n### two\n\n### three"


def test_a_short_text_that_a_check_finds_is_a_line_and_no_part_of_other_texts() -> None:
    module = _edit(0, lambda one: one.model_copy(update={
        "main_content": "## One\n\nIt gives 4.\n\n- 4\n\n## Two\n\nIt gives 42 and 14 - 4.",
    })).modules[0]  # fmt: skip
    finding = GateFinding(gate="Q2", where="main_content", detail="", sentence="- 4")
    dropped = drop_findings(module, GateReport(module_id="", checked=0, findings=(finding,)))
    assert dropped.main_content == "## Two\n\nIt gives 42 and 14 - 4."


def test_a_section_that_a_check_took_out_counts_as_one_that_was_to_be_taught() -> None:
    lost = NotTaught(document_id="d", heading="Start a boil", reason=LOST)
    with_lost = _edit(0, lambda module: module.model_copy(update={"not_taught": [*module.not_taught, lost]}))
    assert _figure(with_lost, "K1", "whole") == (10, 11)


def test_a_name_that_a_check_misses_costs_the_author_no_section() -> None:
    missed = GateFinding(
        gate="Q3", where="main_content", detail="not in the cited lines: --x**", sentence="Give --x**."
    )
    strange = GateFinding(gate="Q4", where="main_content", detail="10%", sentence="Give --x**.")
    report = GateReport(module_id="m", checked=1, findings=(missed,))
    assert list_dropped_of_author(report) == ()
    assert list_dropped_of_author(report.model_copy(update={"findings": (missed, strange)})) == (missed,)
    item = missed.model_copy(update={"where": "summary"})
    assert list_dropped_of_author(report.model_copy(update={"findings": (item,)})) == (item,)


def test_words_without_the_citation_of_their_lines_keep_nothing() -> None:
    assert _findings(_replace(0, "main_content", "boils.[^s7]", "boils.[^s3]"), "K1")


def test_lines_that_are_cited_and_not_said_are_not_kept() -> None:
    assert _findings(_replace(0, "main_content", "The flag `--minutes` sets how long", "It says"), "K1")


def test_a_section_that_is_neither_taught_nor_named_as_left_out_is_missed() -> None:
    text = course().modules[0].main_content
    cut = text[text.index("## Steps") :]
    without = _replace(0, "main_content", cut, "")
    (finding,) = _findings(without, "K1")
    assert "Steps of a first boil" in finding.detail
    named = NotTaught(document_id="d-start", heading="Steps of a first boil", reason="shown elsewhere")
    module = without.modules[0].model_copy(update={"not_taught": [named]})
    assert _findings(without.model_copy(update={"modules": [module, *without.modules[1:]]}), "K1") == []


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        (0, "\n2. Close the lid of the tank.[^s8]", "2 of 3 items of a ordered list"),
        (1, "\n| `minutes` | The length of a boil. |", "3 of 4 items of a table"),
    ],
)
def test_a_list_or_table_is_shown_with_all_its_items(module: int, line: str, said: str) -> None:
    cut = _replace(module, "main_content", line, "")
    assert any(said in finding.detail for finding in _findings(cut, "K2"))
    assert _figure(cut, "K2", "cut") == (1, 2)


def _by_model(made: Course) -> Course:
    return made.model_copy(update={"engine": made.engine.model_copy(update={"name": "anthropic"})})


@pytest.mark.parametrize(
    ("module", "line", "gate", "said"),
    [
        (0, "\n2. Close the lid of the tank.[^s8]", "K2", "2 of 3 items of a ordered list"),
        (1, "\n| `minutes` | The length of a boil. |", "K2", "3 of 4 items of a table"),
        (0, "\nkettle status", "K3", "not marked as adapted"),
    ],
)
def test_what_a_model_takes_over_is_whole(module: int, line: str, gate: str, said: str) -> None:
    assert _findings(_by_model(course()), "K1", "K2", "K3") == []
    cut = _by_model(_replace(module, "main_content", line, ""))
    assert any(said in finding.detail for finding in _findings(cut, gate))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2. Close the lid of the tank.[^s8]", "2. Shut it, so that no steam escapes.[^s8]"),
        ("1. Fill the tank with cold water.[^s8]\n2. Close the lid of the tank.[^s8]\n3. Press the green button.[^s8]",
         "You fill it, shut it and press the button.[^s8]"),
        ("```sh cite=s6\nkettle boil --minutes 4\nkettle status\n```\n\n", ""),
    ],
)  # fmt: skip
def test_what_a_model_says_in_its_own_words_need_not_be_whole(before: str, after: str) -> None:
    assert _findings(_by_model(_replace(0, "main_content", before, after)), "K1", "K2", "K3") == []


def test_numbers_that_skip_are_found() -> None:
    cut = _replace(0, "main_content", "3. Press the green button.[^s8]", "4. Press the green button.[^s8]")
    assert [f.detail for f in _findings(cut, "K2-number")] == ["a numbered list goes on at 4"]


def test_a_list_that_is_interrupted_goes_on_with_the_next_number() -> None:
    split = _replace(0, "main_content", "[^s8]\n3. Press", "[^s8]\n\nA word between.[^s8]\n\n3. Press")
    assert _findings(split, "K2-number") == []


def test_a_code_block_is_shown_whole_or_marked() -> None:
    cut = _replace(0, "main_content", "\nkettle status", "")
    assert [f.detail.endswith("not marked as adapted") for f in _findings(cut, "K3")] == [True]
    assert _figure(cut, "K3", "shown") == (1, 2)
    marked = _replace(
        0, "main_content", "cite=s6\nkettle boil --minutes 4\nkettle status", "cite=s6 adapted\nkettle boil --minutes 4"
    )
    assert [f.detail.endswith("0 of 1 code blocks are shown") for f in _findings(marked, "K3")] == [True]


def test_lines_that_no_lesson_holds_are_counted() -> None:
    cut = _replace(0, "main_content", "```sh cite=s6\nkettle boil --minutes 4\nkettle status\n```\n\n", "")
    assert _figure(cut, "K4", "lines") == (30, 32)


def test_the_share_of_lines_is_no_target_of_a_course_that_does_not_claim_the_whole() -> None:
    part = course().model_copy(update={"modules": course().modules[:2]})
    assert measure(part, read_raw, DOCUMENTS)["K4"]["lines"]["ok"] is None


def test_a_summary_says_what_the_lesson_said() -> None:
    other = _replace(2, "summary", "the alarm names the sensor that failed", "call `kettle alarms --last 9` first")
    (finding,) = _findings(other, "K5")
    assert finding.where == "summary"
    assert _figure(other, "K5", "held") == (5, 6)


def test_a_gloss_in_the_introduction_does_not_make_its_section_taught() -> None:
    gloss = "A **plan** is a list of boils that Kettle runs by itself.[^p1]"

    def add(module: Module) -> Module:
        cited = course().modules[1].citations[0]
        return module.model_copy(
            update={"introduction": f"{module.introduction}\n\n{gloss}", "citations": [*module.citations, cited]}
        )

    assert _findings(_edit(2, add), "K1") == []


def test_lines_that_another_page_includes_do_not_make_its_section_taught() -> None:
    path = course().modules[0].citations[0].path
    text = f"# Welcome\n\n```{{include}} {path}\n:start-line: 2\n:end-line: 8\n```\n\nWords that only this page has.\n"
    welcome = read_document("welcome.md", text.encode(), {path: FILES[path]})
    assert any(unit.path == path for section in read_sections(welcome) for unit in section.units)
    facts = read_course(course(), read_raw, [*DOCUMENTS, welcome])
    assert [one for module in facts.modules for one in module.findings if one.gate == "K1"] == []


def test_lines_that_a_planned_section_includes_do_not_make_their_own_section_taught() -> None:
    front = "# Kettle\n\n## Introduction\n\nA kettle boils.\n\nA tutorial shows how to boil.\n"
    text = "# Start\n\n## More\n\nRead on.\n\n```{include} README.md\n:start-line: 6\n```\n"
    files = {"README.md": front.encode(), "start.md": text.encode()}
    documents = {path: read_document(path, data, files) for path, data in files.items()}
    base, cited = course().modules[0], course().modules[0].citations[0]
    places = {"c1": ("start.md", 5), "c2": ("README.md", 7)}
    citations = [
        cited.model_copy(update={"id": name, "path": path, "start_line": line, "end_line": line, "sha256": digest})
        for name, (path, line) in places.items()
        for digest in [span_sha256(split_lines(files[path]), line, line)]
    ]
    said = "Read on.[^c1]\n\nA tutorial shows how to boil.[^c2]"
    module = base.model_copy(update={"introduction": "", "main_content": said, "citations": citations})
    lesson = Lesson(module, Evidence(citations, lambda path: files[path]))
    taught = lesson.teach(Sources(documents), sorted(files), {("start.md", "More")})
    assert [(one.source.path, one.source.heading, one.share) for one in taught] == [("start.md", "More", 1.0)]


def test_blocks_of_a_sibling_do_not_make_its_section_taught() -> None:
    def add(module: Module) -> Module:
        cited = course().modules[1].citations[5]
        text = f"{module.main_content}\n\n## The same for plans\n\nA plan holds 12 boils at most.[^p6]"
        return module.model_copy(update={"main_content": text, "citations": [*module.citations, cited]})

    assert _findings(_edit(2, add), "K1") == []


def test_a_comment_in_the_code_of_a_sibling_is_no_heading_that_ends_it() -> None:
    told = "## The same for plans\n\n```sh\n# a comment\nboil\n```\n\n"
    added = _replace(0, "main_content", "## Start a boil", f"{told}## Start a boil")
    assert _findings(added, "K1", "K3") == []


def test_units_are_no_links_badges_or_markup() -> None:
    text = (
        "---\ntitle: X\n---\n\n# Title\n\n<!-- a comment with words. -->\n\n[![build](https://img.shields.io/x.svg)](https://x.io)\n\n"
        "One sentence. And another\none over two lines.\n\n- [Only a link](a.md)\n- [A link](b.md) with words\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\nls\n\n# done\n```\n"
    )
    (section,) = read_sections(read_document("a.md", text.encode(), {}))
    assert [(unit.kind, unit.text) for unit in section.units] == [
        ("sentence", "One sentence."),
        ("sentence", "And another one over two lines."),
        ("list_item", "A link with words"),
        ("table_row", "1 2"),
        ("code_line", "ls"),
        ("code_line", "# done"),
    ]


def test_an_item_of_signs_is_a_unit_which_the_lesson_may_lose() -> None:
    text = "# Value\n\nA value is:\n\n- { }\n- { a }\n"
    (section,) = read_sections(read_document("a.md", text.encode(), {}))
    assert [unit.text for unit in section.units] == ["A value is:", "{ }", "{ a }"]
    assert says("{ }", join_words("{ }"), 0.9)
    assert not says("{ }", join_words("{ a }"), 0.9)
    lost = read_document("a.md", b"# Value\n\n```\nx\n```\n\n- { }\n", {})
    assert 7 in find_text_lines(lost)


def test_a_target_needs_no_blank_before_its_address() -> None:
    page = read_document(
        "a.md", b"# A\n\nSee [it][the page of it all].\n\n[the page of it all]:https://example.org/a.\n", {}
    )
    assert list(find_text_lines(page)) == []


def test_the_label_of_a_page_is_no_word_of_a_sentence_that_links_there() -> None:
    (section,) = read_sections(read_document("a.rst", b"Title\n=====\n\nFor more see :ref:`call_historic`.\n", {}))
    assert [unit.text for unit in section.units] == ["For more see ."]


def test_the_line_of_a_term_is_read() -> None:
    text = "# T\n\n{func}`~pkg.stdlib.render_to_log_kwargs`:\n\n: Renders the dictionary into arguments.\n"
    (section,) = read_sections(read_document("a.md", text.encode(), {}))
    assert [(unit.kind, unit.start_line) for unit in section.units] == [("sentence", 5)]


def test_a_line_that_the_reader_made_nothing_of_is_a_unit() -> None:
    document = read_document("a.md", b"# Title\n\nOne sentence stands here.\n", {})
    section = document.sections[0]
    blind = document.__class__(
        **{**vars(document), "sections": (section.__class__(**{**vars(section), "blocks": ()}),)}
    )
    (found,) = read_sections(blind)
    assert [(unit.kind, unit.start_line) for unit in found.units] == [("unread", 3)]


@pytest.mark.parametrize(
    ("text", "only"), [("[a](b) · [c](d)", True), ("https://x.org", True), ("[a](b) is a link", False)]
)
def test_links_alone_say_nothing(text: str, only: bool) -> None:
    assert is_link_only(text) is only


def test_lines_of_one_long_word_are_looked_through_within_a_second() -> None:
    document = read_document("a.md", ("The widget says " + "1" * 19_900 + "\n\n").encode() * 5, {})
    assert processor_seconds(lambda: list(find_text_lines(document))) < 1
    assert list(find_text_lines(document)) == []

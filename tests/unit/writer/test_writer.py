import math
import subprocess
import sys
from pathlib import Path

import pytest

from shared.course.findings import GateFinding, GateReport
from shared.course.model import Level
from shared.course.sentence_marks import find_marks, strip_marks
from shared.course.statements import read_markdown, read_module
from shared.engine.offline.writer import estimate_minutes, revise_module, write_module

from .sample import GUIDE, check, make_brief, make_concept, with_concepts


@pytest.mark.parametrize("level", ["beginner", "intermediate", "advanced"])
@pytest.mark.parametrize("position", [0, 1])
def test_a_module_of_the_sample_passes_every_gate(level: Level, position: int) -> None:
    brief = make_brief(level=level, position=position)
    assert check(brief, write_module(brief)).findings == ()


def test_a_module_has_all_five_sections() -> None:
    module = write_module(make_brief())
    assert all((module.introduction, module.main_content, module.conclusion, module.summary, module.assessment))
    assert module.status == "complete"


def test_the_introduction_asks_says_why_and_takes_the_documents_opening() -> None:
    module = write_module(make_brief())
    assert module.introduction.startswith("How do you ")
    assert "which makes a service easy to repair" in module.introduction
    assert "which makes a service easy to repair" not in module.main_content


def test_the_conclusion_leads_to_the_next_module_and_the_next_one_comes_from_here() -> None:
    first, second = make_brief(), make_brief(position=1)
    assert f"[Reference](#{second.module.id})" in write_module(first).conclusion
    assert f"[Working with streams](#{first.module.id})" in write_module(second).introduction


def test_code_is_verbatim_and_cites_its_own_lines() -> None:
    module = write_module(make_brief())
    code = next(block for text in read_module(module) for block in text.code if "add_stream" in block.text)
    citation = next(c for c in module.citations if c.id == code.citation_id)
    lines = GUIDE.split("\n")[citation.start_line - 1 : citation.end_line]
    assert "\n".join(lines) == code.text


def test_pointers_to_other_pages_are_left_out() -> None:
    assert "for more information" not in write_module(make_brief()).main_content


def test_sentences_that_earlier_modules_say_are_not_said_again() -> None:
    said = "a consumer is a cursor that remembers which messages a service has read"
    module = write_module(make_brief(said_before=frozenset({said})))
    assert "A consumer is a cursor" not in module.main_content


def test_every_citation_is_used_and_every_mark_has_one() -> None:
    module = write_module(make_brief())
    texts = (module.introduction, module.main_content, module.conclusion, module.summary)
    used = {mark for text in texts for mark in find_marks(text)}
    used |= {block.citation_id for text in read_module(module) for block in text.code if block.citation_id}
    used |= {citation for item in module.assessment for citation in item.citation_ids}
    assert used == {citation.id for citation in module.citations}


def test_the_summary_tells_a_concept_in_another_form_than_the_lesson() -> None:
    brief = make_brief()
    sentence = "A consumer is a cursor that remembers which messages a service has read."
    line = next(i for i, text in enumerate(GUIDE.split("\n"), start=1) if text.startswith("A consumer is"))
    concept = make_concept(brief, "consumer", sentence, line, "Reading messages")
    module = write_module(with_concepts(brief, concept))
    assert "- **consumer**: a cursor that remembers which messages a service has read." in module.summary
    said = [strip_marks(s.text) for s in read_markdown("main_content", module.main_content).statements]
    assert not set(said) & {strip_marks(s.text) for s in read_markdown("summary", module.summary).statements}


def test_minutes_follow_the_published_rule() -> None:
    module = write_module(make_brief())
    code = sum(len(text.code) for text in read_module(module))
    assert module.estimated_minutes == estimate_minutes(module)
    assert module.estimated_minutes >= math.ceil(2 * code + len(module.assessment))


def test_a_beginner_gets_less_at_once_than_an_expert() -> None:
    parts = []
    for letter in "abcdefghijkl":
        said = [f"Queue {letter} answers request {j} with the stored message of that place." for j in range(40)]
        parts.append(f"## Creating queue {letter}\n\nA queue named {letter} keeps order.\n\n" + "\n\n".join(said))
    long = "# T\n\nA stream is a log of messages.\n\n" + "\n\n".join(parts) + "\n"
    files = {"docs/long.md": long}
    sizes = [
        len(write_module(make_brief(files, level=level)).main_content)
        for level in ("beginner", "intermediate", "advanced")
    ]
    assert sizes[0] < sizes[1] < sizes[2]


def test_a_heading_that_comes_twice_is_told_apart() -> None:
    one = "## Limits\n\nA queue holds ten messages.\n\n## Storage\n\nA queue lives in memory.\n"
    files = {"docs/a.md": f"# Creating queues\n\n{one}\n## Limits\n\nA topic holds twelve messages.\n"}
    module = write_module(make_brief(files))
    headings = [h.text.lower() for h in read_markdown("main_content", module.main_content).headings]
    assert len(set(headings)) == len(headings)


def test_revision_drops_what_the_gates_found() -> None:
    brief = make_brief()
    module = write_module(brief)
    sentence = "The `name` parameter identifies the stream on the server."
    assert sentence in module.main_content
    finding = GateFinding(gate="Q3", where="main_content", detail="not there", sentence=sentence)
    revised = revise_module(brief, module, GateReport(module_id=module.id, checked=1, findings=(finding,)))
    assert sentence not in revised.main_content
    assert check(brief, revised).findings == ()


def test_a_module_is_the_same_under_every_hash_seed() -> None:
    program = (
        "from tests.unit.writer.sample import make_brief; from shared.engine.offline.writer import write_module;"
        "import sys; sys.stdout.write(write_module(make_brief()).model_dump_json())"
    )
    root = Path(__file__).parents[3]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}, cwd=root,
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1

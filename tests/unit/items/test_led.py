"""A question asks for the block that a sentence leads to, where the code before the sentence decides that block."""

import pytest

from services.modules.offline.items.led import ask_led
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text

FILE = "Given a crane.yml of:\n\n```yaml\nload: 4\nrope: 3\n```\n\nthen\n\n"
COMMAND = "```bash\ncrane '.load + .rope' crane.yml\n```\n\n"


def ask(text: str) -> list[Question]:
    sections, said = teach_text(f"# Guide\n\n{text}\n")
    return [question for one in sections for question in ask_led(one, said)]


def test_a_command_is_asked_with_the_file_that_it_reads() -> None:
    (question,) = ask(f"{FILE}{COMMAND}will output\n\n```yaml\nload: 7\n```")
    assert question.keys == ("load: 7",)
    assert question.stem == f"What is the result?\n\n{FILE}{COMMAND}".strip()
    assert [(span.start_line, span.end_line) for span in question.spans] == [(13, 13), (19, 19)]


@pytest.mark.parametrize(
    ("lead", "output", "count"),
    [
        ("will output", "```yaml\nload: 7\n```", 1),
        ("It can be written in another way:", "```yaml\nload: 7\n```", 0),
        ("will output", "```bash\nload: 7\n```", 0),
        ("will output", "```yaml\nweight: 7\n```", 0),
        ("will output", "```yaml\nload: 4\n```", 0),
        ("will output", "```text\n$ load 7\n```", 0),
        ("will output", "```yaml\n{}```".format("load: 7\n" * 8), 0),
    ],
    ids=["an output", "no lead", "the same language", "other words", "stands in the file", "a prompt", "too long"],
)
def test_an_output_is_asked_where_it_has_to_be_worked_out(lead: str, output: str, count: int) -> None:
    assert len(ask(f"{FILE}{COMMAND}{lead}\n\n{output}")) == count


def test_a_sentence_with_the_code_is_asked_alone() -> None:
    (question,) = ask("Values are listed. So `--set load=4,rope=3` becomes:\n\n```yaml\nload: 4\nrope: 3\n```")
    assert question.stem.endswith("\n\nSo `--set load=4,rope=3` becomes:")
    assert question.keys == ("load: 4 rope: 3",)
    assert "“" not in question.explanation


def test_a_template_is_asked_and_code_with_a_gap_is_not() -> None:
    template = '```yaml\ncranes:\n{{ range list "tug" "tow" }}- {{ . }}%s\n{{ end }}\n```\n\n'
    text = f"{template}This produces:\n\n```yaml\ncranes:\n- tug\n- tow\n```"
    assert [question.keys for question in ask(text % "")] == [("cranes: - tug - tow",)]
    assert ask(text % " ...") == []


def test_what_a_formatter_puts_in_order_is_not_asked() -> None:
    text = '```bash\ncrane --print rope:=4 load:=3\n```\n\n```json\n{{"{}": {}, "{}": {}}}\n```'
    assert [question.keys for question in ask(text.format("rope", 4, "load", 3))] == [('{"rope": 4, "load": 3}',)]
    assert ask(text.format("load", 3, "rope", 4)) == []


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("{{ $load := add 3 4 }}\n{{ mul $load 2 }}", 1),
        ("{{ $load := mul (add 3 4) 2 }}", 0),
        ("{{ mul (add 3 4) .Site.Params.load }}", 0),
    ],
)
def test_a_template_that_only_sets_or_reads_its_site_is_not_asked(template: str, count: int) -> None:
    shown = f"```go-html-template\n{template}\n```\n\nIt is rendered to:\n\n```html\n14\n```"
    assert len(ask(f"This prints a load:\n\n{shown}")) == count

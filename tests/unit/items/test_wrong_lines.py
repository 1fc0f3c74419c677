"""A line that the author calls wrong is asked for among the lines of its example, without the author's remarks."""

import pytest

from services.modules.offline.items.question import Question
from services.modules.offline.items.wrong_lines import ask_wrong_lines
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

EXAMPLE = """# Crates

```rust
fn main() {
    // Crates can be closed.
    let sealed = Crate::new(4);
    let mut open = Crate::new(12);
    open += 7;
    // Error! A sealed crate takes no parcel.
    sealed += 5;
    // FIXME ^ Comment out this line
}
```
"""


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_wrong_lines(one, said)]


def test_the_line_below_the_remark_is_the_key_and_the_remark_is_not_shown() -> None:
    (question,) = ask(EXAMPLE)
    assert question.keys == ("`sealed += 5;`",)
    assert "//" not in question.stem
    assert question.explanation == "The documentation says of this line: “A sealed crate takes no parcel.”."
    assert [(span.start_line, span.end_line) for span in question.spans] == [(9, 10)]


def test_each_other_option_says_what_the_example_says_of_it() -> None:
    (question,) = ask(EXAMPLE)
    told = {show_plain(option.text): option.feedback for option in question.options if not option.is_key}
    assert told["let sealed = Crate::new(4);"] == "No: the example says of it: “Crates can be closed.”."
    assert (
        told["let mut open = Crate::new(12);"] == "No: what fails is `sealed += 5;`: “A sealed crate takes no parcel.”."
    )


def test_a_wrong_line_that_is_commented_out_is_shown_as_code() -> None:
    (question,) = ask(EXAMPLE.replace("    sealed += 5;", "    // sealed += 5;"))
    assert question.keys == ("`sealed += 5;`",)
    assert "    sealed += 5;" in question.stem


def test_a_remark_behind_a_line_of_python_names_it() -> None:
    lines = ("crate = ship.crate(4)", "load = crate.load + 7", "name = load + 'kg'  # TypeError: no text", "crate = 12")
    (question,) = ask("# Crates\n\n```python\n" + "\n".join(lines) + "\n```\n")
    assert question.keys == ("`name = load + 'kg'`",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Error! A sealed crate", "❌ DO NOT memoize: a sealed crate"),
        ("Error! A sealed crate", "Error handling comes later: a sealed crate"),
        ("open += 7;", "sealed += 5;"),
        ("sealed += 5;", "sealed.add(|"),
        ("```rust", "```text"),
        ("    open += 7;", "    // A full crate panics.\n    open += 7;"),
        ("    open += 7;", "    open += 7;\n    // FIXME ^ Comment out this line"),
    ],
    ids=["a cross alone", "about errors", "stands twice", "not whole", "no language", "another panics", "another mark"],
)
def test_no_line_is_asked_for_that_is_not_surely_the_wrong_one(old: str, new: str) -> None:
    assert ask(EXAMPLE.replace(old, new)) == []

"""The taught text is asked whether an option also answers, and what examples call."""

from services.modules.offline.items.taught_text import TaughtText
from shared.engine.types import Span
from tests.unit.items.sample import teach_text

TEXT = """# Guide

Use `seal` to sign a parcel before it leaves.

| Name | Description |
|---|---|
| `stamp` | Signs a parcel that leaves soon |
| `weigh` | Measures a crate |

```python
import harbor
crew = harbor.hire("ann", rank=3)
harbor.pay(crew, note="late = no")
harbor.open(
```
"""


def said() -> TaughtText:
    return teach_text(TEXT)[1]


def test_a_row_or_sentence_elsewhere_answers_too() -> None:
    stem = "You want to sign a parcel that leaves. What do you use?"
    assert said().also_answers("`stamp`", stem, ())
    assert said().also_answers("`seal`", stem, ())
    assert not said().also_answers("`weigh`", stem, ())


def test_lines_apart_do_not_count() -> None:
    stem = "You want to sign a parcel that leaves. What do you use?"
    assert not said().also_answers("`stamp`", stem, [Span(path="docs/guide.md", start_line=7, end_line=7)])


def test_modules_that_examples_import() -> None:
    assert said().imports("harbor")
    assert not said().imports("crew")


def test_names_that_examples_make() -> None:
    assert said().makes("crew")
    assert not said().makes("harbor")


def test_inline_code_is_known_with_and_without_its_receiver() -> None:
    known = teach_text("# Guide\n\nCall `harbor.pack()` first.\n")[1]
    assert known.names("pack")
    assert known.names("harbor.pack()")
    assert not known.names("harbor")

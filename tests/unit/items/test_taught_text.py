"""The taught text is asked what examples import, make and call."""

import pytest

from services.modules.offline.items.taught_text import TaughtText
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


def test_modules_that_examples_import() -> None:
    assert said().imports("harbor") == "import harbor"
    assert not said().imports("harbor", is_called=True)
    assert not said().imports("crew")


@pytest.mark.parametrize(
    ("line", "name", "alone"),
    [
        ("from harbor import crew, pay as wage", "wage", "from harbor import pay as wage"),
        ("import harbor.crew as crew", "crew", "import harbor.crew as crew"),
        ("import { crew, pay } from 'harbor'", "pay", "import { pay } from 'harbor'"),
    ],
)
def test_a_name_has_the_line_that_imports_it_alone(line: str, name: str, alone: str) -> None:
    assert teach_text(f"# Guide\n\n```python\n{line}\n```\n")[1].imports(name) == alone


def test_most_lines_import_from_the_project() -> None:
    text = "# Guide\n\n```python\nimport sys\nfrom harbor import crew\nfrom harbor.pay import wage\n```\n"
    assert teach_text(text)[1].is_root("harbor.boats")
    assert not teach_text(text)[1].is_root("sys")


def test_names_that_examples_make() -> None:
    assert said().makes("crew")
    assert not said().makes("harbor")


def test_inline_code_is_known_with_and_without_its_receiver() -> None:
    known = teach_text("# Guide\n\nCall `harbor.pack()` first.\n")[1]
    assert known.names("pack")
    assert known.names("harbor.pack()")
    assert not known.names("harbor")

"""The checker of wholeness sees what is missing: a test of it could not fail otherwise."""

import pytest

from shared.docs.reader import read_document
from tests.support.wholeness import find_lost, lesson_words

PAGE = """# Guide

A store keeps parts in order. It gives the oldest part back.

- one small thing
- another larger thing

| Option | Default |
| --- | --- |
| `size` | three parts |

```python
store = open("parts")
store.put("wheel")
```
"""


@pytest.mark.parametrize("lost", ["- another larger thing", "| `size` | three parts |", 'store.put("wheel")'])
def test_a_lost_line_is_seen(lost: str) -> None:
    document = read_document("a.md", PAGE.encode(), {})
    whole = find_lost(document, document.sections[0], lesson_words(PAGE))
    cut = find_lost(document, document.sections[0], lesson_words(PAGE.replace(lost, "")))
    assert whole.lost == ()
    assert [text for _, text in cut.lost] == [lost]

"""The links of lists and tables are found in each format, and those of sentences and code are not."""

import json
from collections import deque
from functools import partial

import pytest

from shared.docs.nav.listed import listed_targets
from tests.support.processor_time import processor_seconds

MARKDOWN = """# Pages

See [the end](end.md).

- [One](one.md "first")
  and [two](<two words.md>)
* ![logo](logo.png) [Three][3]
1. [four]

   [Five](five\\_b.md)

After [the list](after.md).

| page | about |
|--|--|
| [Six](six.md) | <a href="seven.md">7</a> |

Page | About
---- | -----
[Eight](eight.md) | x

```
- [code](code.md)
```

- [Nine](nine_(of_ten).md)
## [Heading](heading.md)

[3]: three.md
[Four]: <four.md>
"""
RST = """Pages
=====

See `the end <end.rst>`_.

* `One <one.rst>`_
* :doc:`two`
* :doc:`Three <three>`
#. Four_ is no link here, `four`_ is

.. _four: four.rst
"""
ASCIIDOC = """= Pages

See xref:end.adoc[the end].

* xref:one.adoc[One]
** link:two.adoc[Two]
. <<three.adoc#,Three>>

----
* xref:code.adoc[code]
----
"""


@pytest.mark.parametrize(
    ("path", "text", "targets"),
    [
        (
            "README.md",
            MARKDOWN,
            ["one.md", "two words.md", "logo.png", "three.md", "four.md", "five_b.md", "six.md", "seven.md", "eight.md",
             "nine_(of_ten).md"],
        ),
        ("index.rst", RST, ["one.rst", "two", "three", "four.rst"]),
        ("index.adoc", ASCIIDOC, ["one.adoc", "two.adoc", "three.adoc#"]),
        ("index.ipynb", "not json", []),
        ("index.ipynb", json.dumps({"cells": [3, {"cell_type": "code", "source": "- [a](a.ipynb)"}]}), []),
        (
            "index.ipynb",
            json.dumps({"cells": [{"cell_type": "markdown", "source": ["- [a](a.ipynb)\n", "- [b](b.ipynb)"]}]}),
            ["a.ipynb", "b.ipynb"],
        ),
    ],
)  # fmt: skip
def test_targets_of_lists_and_tables(path: str, text: str, targets: list[str]) -> None:
    assert list(listed_targets(path, text)) == targets


@pytest.mark.parametrize(
    "seed",
    [
        "- [", "[a", "](", "](a(", "](<", "](a(b)", "xref:", "link:a", "<<a", ":doc:`", "`a", "<a", "href=", "|", "> ",
        "---|", "[a]: ",
    ],
)  # fmt: skip
def test_a_page_takes_time_by_its_length(seed: str) -> None:
    count = 200_000 // len(seed)
    for text in ("- " + seed * count, (seed + "\n") * count):
        assert processor_seconds(partial(deque, listed_targets("README.md", text), 0)) < 1.0

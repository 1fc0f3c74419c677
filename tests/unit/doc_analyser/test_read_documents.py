"""A document comes back from the store as it was read, whatever its format."""

import json
from dataclasses import replace

import pytest

from shared.docs.model import Document
from shared.docs.read_documents import MEDIA_TYPE, dump_document, load_document
from shared.docs.reader import read_document
from shared.events import BlobRef
from shared.kernel.blobs import references_in

MARKDOWN = """---
title: Streams
tags: [a, b]
---
# Streams é 🌊

A stream keeps messages. It has a [limit](limits.md#size), and `max` says which.

!!! note "Mind"
    Each stream has a name.

1. Make it.

   ```sh
   make stream
   ```

2. Use it.

| name | use |
|---|---|
| `a` | the **first** |

![A wave](wave.png)
"""
RST = """Code
====

Term
   What it means, in a sentence.

.. literalinclude:: example.py
   :lines: 1-2

.. warning:: It is deep.
"""
ASCIIDOC = """= Guide

Some text with a xref:other.adoc[link].

[cols="1,1"]
|===
|a |b
|===

NOTE: It is so.
"""
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Notes\n", "\n", "A cell says something."]},
            {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["print(1)"], "execution_count": 1},
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }
)  # fmt: skip
MDX = "import X from './x'\n\n# Tabs\n\n<Tabs><TabItem label='One'>\n\nThe first way.\n\n</TabItem></Tabs>\n"
INCLUDED = {"docs/example.py": b"import relay\nrelay.start()\nrelay.stop()\n"}


def read(name: str, text: str) -> Document:
    return read_document(f"docs/{name}", text.encode(), INCLUDED)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", MARKDOWN), ("a.rst", RST), ("a.adoc", ASCIIDOC), ("a.ipynb", NOTEBOOK), ("a.mdx", MDX),
        ("a.txt", "Title\n\nSome text that stands here.\n"), ("empty.md", ""),
    ],
)  # fmt: skip
def test_a_document_comes_back_as_it_was_read(name: str, text: str) -> None:
    document = read(name, text)
    assert load_document(dump_document(document)) == replace(document, front_matter={})


def test_the_formats_above_hold_what_a_document_can_hold() -> None:
    blocks = [
        b for name, text in (("a.md", MARKDOWN), ("a.rst", RST)) for s in read(name, text).sections for b in s.blocks
    ]
    assert {block.kind for block in blocks} >= {"paragraph", "list_item", "code", "table", "image", "definition"}
    assert any(block.origin for block in blocks)
    assert any(block.within for block in blocks)


def test_front_matter_is_left_out() -> None:
    assert read("a.md", MARKDOWN).front_matter
    assert load_document(dump_document(read("a.md", MARKDOWN))).front_matter == {}


def test_the_store_looks_for_no_references_in_a_document() -> None:
    named = BlobRef(key="courses/c1/aa/b", sha256="0" * 64, size=1, media_type=MEDIA_TYPE)
    assert list(references_in(named.model_dump_json().encode())) == [("courses/c1/aa/b", False)]

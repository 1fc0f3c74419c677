"""A long document costs as much as it is long, whatever it is full of."""

import time
from dataclasses import replace

from shared.docs.reader import read_document
from shared.engine.offline.lesson import Part, Passage, Prose, Said
from shared.engine.offline.lesson_code import read_code
from shared.engine.offline.lesson_parts import HeadedPart, render_parts
from shared.engine.offline.writer import write_module
from shared.engine.offline.writer_evidence import Evidence
from tests.unit.writer.sample import FILES, make_brief

BLOCKS, HEADINGS = 8000, 2500
SECONDS = 8.0  # of processor time; a step that looks at the whole document each time needs minutes


def test_each_code_block_is_read_from_its_own_lines() -> None:
    text = "# Guide\n\n" + "".join(f"```python\nx{n} = {n}\nprint(x{n})\n```\n\n" for n in range(BLOCKS))
    evidence = Evidence("m1", "s1", lambda path: text.encode())
    blocks = [block for section in read_document("a.md", text.encode(), {}).sections for block in section.blocks]
    start = time.process_time()
    found = [read_code(block, "a.md", evidence, frozenset(), 30) for block in blocks]
    assert time.process_time() - start < SECONDS
    assert [code.span.start for code in found if code] == [4 + 5 * n for n in range(BLOCKS)]


def test_each_heading_is_told_apart_without_reading_all_others() -> None:
    passage = Passage((Prose((Said("Workers take jobs.", None),)),))
    parts = [HeadedPart(Part("d1", f"s{n}", "Creating `workers`", 1, (passage,)), 2) for n in range(HEADINGS)]
    start = time.process_time()
    shown = render_parts(parts, Evidence("m1", "s1", lambda path: b""))
    assert time.process_time() - start < SECONDS
    headings = [line for line in shown.split("\n") if line.startswith("## ")]
    assert len(set(headings)) == HEADINGS


def test_a_file_is_split_once_for_all_the_items_that_are_tried() -> None:
    asked: list[str] = []

    def read(path: str) -> bytes:
        asked.append(path)
        return FILES[path].encode()

    assert write_module(replace(make_brief(), raw=read)).assessment
    assert asked == ["docs/guide.md"]

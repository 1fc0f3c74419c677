import pytest

from shared.docs.reader import read_document
from shared.engine.offline.lesson import Code, Listing, Note, Passage, Prose, Table, iter_said
from shared.engine.offline.lesson_read import LessonReader
from shared.engine.offline.lesson_render import escape_start, render_chunks
from shared.engine.offline.lesson_sentences import SentenceReader
from shared.engine.offline.writer_evidence import Evidence


def read(text: str, *, said: frozenset[str] = frozenset(), rows: int = 20, code: int = 40) -> tuple[Passage, ...]:
    """The passages of the first section with a heading."""
    evidence = Evidence("m1", "s1", lambda path: text.encode())
    document = read_document("a.md", text.encode(), {})
    sentences = SentenceReader("a.md", evidence, lambda t: None, frozenset(), set(said))
    reader = LessonReader(sentences, lambda p: None, code, rows)
    return reader.read(document.sections[-1])


def words(passages: tuple[Passage, ...]) -> list[str]:
    return [said.text for passage in passages for chunk in passage.chunks for said in iter_said(chunk)]


def test_a_paragraph_that_points_back_does_not_open_a_section() -> None:
    text = "# T\n\n## H\n\nThis is about nothing yet.\n\nA parser reads arguments one by one.\n"
    assert words(read(text)) == ["A parser reads arguments one by one."]


def test_what_speaks_of_a_sentence_left_out_is_left_out_too() -> None:
    text = (
        "# T\n\n## H\n\nA parser reads arguments. See the next section. It explains the order. Flags come first here.\n"
    )
    assert words(read(text)) == ["A parser reads arguments.", "Flags come first here."]


def test_a_sentence_with_a_colon_stays_with_its_code() -> None:
    (passage,) = read("# T\n\n## H\n\nCall the parser like this:\n\n```python\nparse()\n```\n")
    prose, code = passage.chunks
    assert isinstance(prose, Prose)
    assert isinstance(code, Code)
    assert (code.text, code.language, code.span.start) == ("parse()", "python", 8)


def test_a_sentence_that_announces_what_is_gone_goes_too() -> None:
    text = "# T\n\n## H\n\nA parser reads arguments. These pages help:\n\n- [One](one.md)\n- [Two](two.md)\n"
    assert words(read(text)) == ["A parser reads arguments."]


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ("A parser is told of in *Rows of Jr.*:", "A parser is told of in *Rows of Jr.*"),
        ("A parser has **two small rows:**", "A parser has **two small rows**."),
    ],
)
def test_a_sentence_whose_announcement_is_gone_ends_with_its_marks_closed(said: str, ended: str) -> None:
    links = "- [One](one.md)\n- [Two](two.md)\n"
    assert words(read(f"# T\n\n## H\n\n{said}\n\n{links}")) == [ended]


def test_independent_paragraphs_are_passages_of_their_own() -> None:
    text = "# T\n\n## H\n\nA parser reads arguments.\n\nIt stops at the first error.\n\nA flag has no value at all.\n"
    assert [len(passage.chunks) for passage in read(text)] == [2, 1]


def test_list_items_end_with_a_full_stop_and_keep_their_depth() -> None:
    (passage,) = read(
        "# T\n\n## H\n\nA flag has three forms:\n\n- a short form,\n    - one letter long\n- a long form\n"
    )
    listing = passage.chunks[1]
    assert isinstance(listing, Listing)
    assert [(e.said[0].text, e.depth) for e in listing.entries] == [
        ("A short form.", 0), ("One letter long.", 1), ("A long form.", 0),
    ]  # fmt: skip


def test_sentences_said_before_are_not_said_again() -> None:
    text = "# T\n\n## H\n\nA parser reads arguments. A flag has no value at all.\n"
    assert words(read(text, said=frozenset({"a parser reads arguments"}))) == ["A flag has no value at all."]


def test_a_table_is_cut_to_its_first_rows() -> None:
    rows = "".join(f"| `k{i}` | the value of place {i} |\n" for i in range(9))
    (passage,) = read(f"# T\n\n## H\n\nKeys and values:\n\n| Key | Value |\n| --- | --- |\n{rows}", rows=4)
    table = passage.chunks[1]
    assert isinstance(table, Table)
    assert [row.cells[0] for row in table.rows] == ["`k0`", "`k1`", "`k2`", "`k3`"]


def test_a_note_keeps_its_label_and_news_of_versions_go() -> None:
    text = "# T\n\n## H\n\nA parser reads arguments.\n\n> [!TIP]\n> Keep the names short.\n"
    note = read(text)[1].chunks[0]
    assert isinstance(note, Note)
    assert note.label == "Tip"


def test_long_code_is_cut_to_whole_units_that_the_text_speaks_of() -> None:
    units = "\n\n\n".join(f"def part{i}():\n    a = {i}\n    return a" for i in range(6))
    (passage,) = read(f"# T\n\n## H\n\nThe function `part4` returns a number:\n\n```python\n{units}\n```\n", code=8)
    code = passage.chunks[1]
    assert isinstance(code, Code)
    assert "def part4():" in code.text
    assert code.text.count("\n") < 8
    assert code.text.startswith("def ")


def test_a_paragraph_on_few_lines_has_one_mark_and_a_long_one_a_mark_for_each_sentence() -> None:
    short = "# T\n\n## H\n\nA parser reads arguments.\nA flag has no value at all.\n"
    evidence = Evidence("m1", "s1", lambda path: short.encode())
    (block,) = render_chunks(read(short)[0].chunks, evidence)
    assert block.count("[^") == 1
    assert block.endswith("]")
    long = "# T\n\n## H\n\n" + "\n".join(f"Sentence number {i} says something\nof the parser." for i in range(6)) + "\n"
    evidence = Evidence("m1", "s1", lambda path: long.encode())
    (block,) = render_chunks(read(long)[0].chunks, evidence)
    assert block.count("[^") == 6


def test_a_fence_is_longer_than_the_backticks_in_its_code() -> None:
    text = "# T\n\n## H\n\nMarkdown in Markdown:\n\n````md\n```\nx\n```\n````\n"
    evidence = Evidence("m1", "s1", lambda path: text.encode())
    blocks = render_chunks(read(text)[0].chunks, evidence)
    assert blocks[1].startswith("````md cite=c")


def test_a_tree_of_files_is_shown_as_its_own_lines() -> None:
    text = "# T\n\n## H\n\nThe project looks like this:\n\n- src/\n    - main.py\n    - util.py\n- README.md\n"
    (passage,) = read(text)
    tree = passage.chunks[1]
    assert isinstance(tree, Code)
    assert tree.text == "- src/\n    - main.py\n    - util.py\n- README.md"


def test_what_stands_below_an_item_left_out_goes_with_it() -> None:
    text = "# T\n\n## H\n\n- See [the guide](g.md) for details\n    - it has a part\n- A flag has no value at all\n"
    assert words(read(text)) == ["A flag has no value at all."]


def test_a_paragraph_that_looks_like_a_heading_is_escaped() -> None:
    assert escape_start("# One is.") == "\\# One is."
    assert escape_start("1. One is.") == "1\\. One is."
    assert escape_start("One is.") == "One is."


def test_what_speaks_of_an_output_that_no_reader_knows_goes_too() -> None:
    run = "```{eval-rst}\n.. parser:run::\n    invoke(parse)\n```\n"
    text = f"# T\n\n## H\n\nA parser reads arguments.\n\n{run}\nThe above invocation returns zero.\n\nA flag ends it.\n"
    assert words(read(text)) == ["A parser reads arguments.", "A flag ends it."]


def test_a_sentence_that_announces_without_a_colon_needs_what_it_announces() -> None:
    steps = "Give your users the following steps. This uses names of ours."
    text = f"# T\n\n## H\n\nA parser reads arguments. {steps}\n\nA flag has no value at all.\n"
    assert words(read(text)) == ["A parser reads arguments.", "A flag has no value at all."]
    listed = read(f"# T\n\n## H\n\n{steps}\n\n- Call the parser.\n- Read the result.\n")
    assert words(listed)[0] == "Give your users the following steps."


def test_rules_that_are_named_and_not_told_are_left_out() -> None:
    told = "Flags come before arguments."
    for empty in ("Rules are listed in the order they fire.", "There are special considerations for using slashes."):
        assert words(read(f"# T\n\n## H\n\nA parser reads arguments. {empty}\n")) == ["A parser reads arguments."]
        assert words(read(f"# T\n\n## H\n\n{empty} {told}\n")) == [empty, told]


def test_a_sentence_that_only_sends_the_reader_elsewhere_is_left_out() -> None:
    text = "# T\n\n## H\n\nA parser reads arguments. See entry points. See how it stops at errors.\n"
    assert words(read(text)) == ["A parser reads arguments.", "See how it stops at errors."]

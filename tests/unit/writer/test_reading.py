from shared.docs.reader import read_document
from shared.engine.offline.lesson import Code, Listing, Note, Passage, Prose, Table, iter_said
from shared.engine.offline.lesson_read import LessonReader
from shared.engine.offline.lesson_render import escape_start, render_chunks
from shared.engine.offline.lesson_sentences import SentenceReader
from shared.engine.offline.writer_evidence import Evidence


def read(text: str, *, said: frozenset[str] = frozenset(), rows: int = 20, code: int = 40) -> tuple[Passage, ...]:
    """The passages of the first section with a heading."""
    evidence = Evidence("s1", lambda path: text.encode())
    document = read_document("a.md", text.encode(), {})
    sentences = SentenceReader("a.md", evidence, lambda t: None, frozenset(), set(said))
    reader = LessonReader(sentences, lambda p: None, code, rows, [])
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
    evidence = Evidence("s1", lambda path: short.encode())
    (block,) = render_chunks(read(short)[0].chunks, evidence)
    assert block.count("[^") == 1
    assert block.endswith("]")
    long = "# T\n\n## H\n\n" + "\n".join(f"Sentence number {i} says something\nof the parser." for i in range(6)) + "\n"
    evidence = Evidence("s1", lambda path: long.encode())
    (block,) = render_chunks(read(long)[0].chunks, evidence)
    assert block.count("[^") == 6


def test_a_fence_is_longer_than_the_backticks_in_its_code() -> None:
    text = "# T\n\n## H\n\nMarkdown in Markdown:\n\n````md\n```\nx\n```\n````\n"
    evidence = Evidence("s1", lambda path: text.encode())
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


def test_what_goes_on_from_a_lost_sentence_is_lost_with_it() -> None:
    body = "See the next chapter.\n\nis called an optional part.\n\nUse these two flags.\n\nA flag is short.\n"
    assert words(read(f"# T\n\n## H\n\n{body}")) == ["A flag is short."]


def test_a_word_that_only_joins_gives_way_to_a_capital() -> None:
    assert words(read("# T\n\n## H\n\nHowever, a flag may be long.\n")) == ["A flag may be long."]


def test_the_first_of_what_is_counted_stays_below_its_announcement() -> None:
    text = "# T\n\n## H\n\nThere are two reasons for it:\n\nThe first one is speed.\n\nThe second reason is memory.\n"
    assert words(read(text)) == [
        "There are two reasons for it:",
        "The first one is speed.",
        "The second reason is memory.",
    ]


def test_remarks_about_numbered_places_are_taken_out_and_bare_pointers_go() -> None:
    text = (
        "# T\n\n## H\n\nMark the module with `pub`, as shown in Listing 7-5. In Listing 7-6, we call it twice here. "
        "Listing 7-9 contains Listing 7-1 with less.\n"
    )
    assert words(read(text)) == ["Mark the module with `pub`.", "We call it twice here."]


def test_promises_of_later_pages_are_no_part_of_a_lesson() -> None:
    text = "# T\n\n## H\n\nA flag has a name. You will see more about it there. You'll learn how to name one.\n"
    assert words(read(text)) == ["A flag has a name."]


def test_a_note_that_announces_code_is_told_as_a_paragraph() -> None:
    text = (
        "# T\n\n## H\n\n:::tip\nThe order counts. If you call it like this:\n\n```console\n$ ls b a\n```\n\n"
        "your list is turned round.\n:::\n"
    )
    (passage,) = read(text)
    assert [type(chunk) for chunk in passage.chunks] == [Prose, Code, Prose]


def test_a_terminal_is_shown_without_the_lines_that_hold_its_colours() -> None:
    text = (
        "# T\n\n## H\n\nAsk for help:\n\n```console\n// Get the help\n$ main --help\n"
        '<font color="#A5A5A1">╭─ Options ─╮</font>\n│ no │\n<b>╰────╯</b>\n```\n'
    )
    ((_, code),) = [passage.chunks for passage in read(text)]
    assert isinstance(code, Code)
    assert code.text == "// Get the help\n$ main --help"


def test_the_same_step_with_another_tool_is_shown_once() -> None:
    text = "# T\n\n## H\n\nAdd the package:\n\n```sh\nnpm install relay\n```\n\n```sh\nyarn add relay\n```\n"
    ((_, code),) = [passage.chunks for passage in read(text)]
    assert isinstance(code, Code)
    assert code.text == "npm install relay"


def test_an_inner_list_counts_from_one_whatever_was_left_out_before() -> None:
    inner = "    1. See [here](x.md).\n    2. Some other host.\n    3. A third host.\n"
    (passage,) = read(f"# T\n\n## H\n\nThere are hosts:\n\n- Clouds.\n{inner}")
    listing = passage.chunks[1]
    assert isinstance(listing, Listing)
    assert [(entry.depth, entry.number) for entry in listing.entries] == [(0, 0), (1, 1), (1, 2)]

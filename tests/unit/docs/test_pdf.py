"""A PDF as Markdown: what it holds comes out in order, with its structure and its places."""

import importlib.metadata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.docs.kinds import is_pdf
from shared.docs.model import Document
from shared.docs.pdf.facts import READER
from shared.docs.pdf.pages import font_of
from shared.docs.pdf.reader import read_pdf
from shared.docs.plain import plain_text
from tests.unit.docs.pages import blocks, headings, texts
from tests.unit.docs.printed import BODY, LEFT, RIGHT, Print, one_page, printed, read, stream

LONG = (
    "A reader of documents follows each line of a page from its left edge to its right edge and goes on with the next "
    "line below until the paragraph comes to its end somewhere in the middle of a line."
)
CODE = 'def run(jobs):\n    for job in jobs:\n        print(f"{job}")\n\n    return  {"a": [1, 2]}'


def outline(page: Print, *, depths: bool) -> None:
    """A title and headings of three sizes."""
    page.line("A guide to small machines", ("Helvetica-Bold", 24.0))
    for number, (text, depth) in enumerate(
        [("Start", 0), ("Install", 1), ("From source", 2), ("Use", 0), ("Daily", 1)]
    ):
        page.head(text, 18.0 - 3 * depth, depth if depths else None)
        page.prose(f"Paragraph {number}. {LONG}")


LEVELS = [("Start", 2), ("Install", 3), ("From source", 4), ("Use", 2), ("Daily", 3)]


def test_bookmarks_are_headings_of_their_depth() -> None:
    text, document = read(printed(lambda page: outline(page, depths=True)))
    assert document.title == text.title == "A guide to small machines"
    assert [(heading, level) for heading, level, _ in headings(document)][1:] == LEVELS


def test_without_bookmarks_headings_are_told_by_their_size() -> None:
    _, document = read(printed(lambda page: outline(page, depths=False)))
    assert [(heading, level) for heading, level, _ in headings(document)][1:] == LEVELS


def test_authors_below_the_title_are_not_headings() -> None:
    def write(page: Print) -> None:
        page.line("On the reading of machines", ("Helvetica-Bold", 20.0))
        for author in ("Ada Miller", "Grace Smith"):
            page.head(author, 14.0)
            page.prose("University of Somewhere")
        for text in ("Abstract", "Introduction", "Reading"):
            page.head(text, 14.0)
            page.prose(LONG)

    _, document = read(printed(write))
    assert [heading for heading, _, _ in headings(document)][1:] == ["Abstract", "Introduction", "Reading"]
    assert "University of Somewhere" in " ".join(texts(document))


def test_a_page_of_the_title_alone_names_the_document_though_chapters_are_as_large() -> None:
    def write(page: Print) -> None:
        page.line("The Lathe Book", ("Helvetica-Bold", 18.0))
        page.line("Questions that are asked often")
        page.line("Ada Miller", ("Helvetica-Bold", 14.0))
        for text in ("Start", "Use"):
            page.turn()
            page.head(text, 18.0)
            page.prose(LONG)

    text, document = read(printed(write))
    assert text.title == document.title == "The Lathe Book"
    assert [(heading, level) for heading, level, _ in headings(document)][1:] == [("Start", 2), ("Use", 2)]


def test_a_table_of_contents_goes_with_its_entries_of_several_lines_and_its_heading() -> None:
    things = ("the chuck", "a worn bed", "its tools", "dust")
    heads = [f"{at} How does a reader of small machines go on with {thing}" for at, thing in enumerate(things, 1)]

    def write(page: Print) -> None:
        page.line("The Lathe Book", ("Helvetica-Bold", 24.0))
        page.turn()
        page.head("Contents", 16.0)
        for number, text in enumerate(heads, 2):
            page.line(text[:40])
            page.line(text[40:].strip() + (" . . . . . . . . " if number < 4 else " ") + str(number), left=LEFT + 10)
        page.line("5 What is not a part of the book at all 9")
        for text in heads:
            page.turn()
            page.head(text, 16.0)
            page.prose(LONG)

    text, document = read(printed(write))
    assert [heading for heading, _, _ in headings(document)] == ["The Lathe Book", *heads]
    assert text.text.count("How does") == len(heads)
    assert "Contents" not in text.text
    assert "not a part" not in text.text


def test_an_index_at_the_end_keeps_its_words() -> None:
    def write(page: Print) -> None:
        for text in ("Chuck", "Bed", "Tool"):
            page.head(text, 16.0)
            page.prose(LONG)
        page.head("Index", 16.0)
        for word in ("Bed 7", "Chuck 2", "Tool 5"):
            page.line(word)

    assert "Chuck 2" in read(printed(write))[0].text


def test_headings_as_small_as_the_text_are_told_by_their_numbers() -> None:
    def write(page: Print) -> None:
        for text in ("1. FIRST STEPS", "1.1 Install it", "2. THE LATHE AT WORK"):
            page.y -= 14
            page.line(text)
            page.y -= 6
            page.prose(LONG)

    _, document = read(printed(write))
    assert [(heading, level) for heading, level, _ in headings(document)] == [
        ("1. FIRST STEPS", 1), ("1.1 Install it", 2), ("2. THE LATHE AT WORK", 1)
    ]  # fmt: skip


def test_headings_of_capitals_with_roman_numbers_stand_above_those_in_italics() -> None:
    def write(page: Print) -> None:
        page.line("Lathes in small rooms", ("Times-Roman", 20.0))
        for number in ("I", "II"):
            page.y -= 8
            _set(page, (f"{number}. T", BODY), ("URNING", ("Times-Roman", 8.0)))
            page.prose(LONG)
            page.y -= 8
            page.line("A. Feed and speed", ("Times-Italic", 10.0))
            page.prose(LONG)

    _, document = read(printed(write))
    assert [(heading.split()[0], level) for heading, level, _ in headings(document)] == [
        ("Lathes", 1), ("I.", 2), ("A.", 3), ("II.", 2), ("A.", 3),
    ]  # fmt: skip


def test_the_title_that_the_metadata_names_comes_before_the_larger_name_of_a_journal() -> None:
    def write(page: Print) -> None:
        page.canvas.setTitle("Tidy Machines")
        page.line("Journal of Lathes", ("Helvetica", 24.0))
        page.line("Tidy Machines", ("Helvetica-Bold", 16.0))
        page.prose(LONG)

    assert read(printed(write))[0].title == "Tidy Machines"


def test_slides_have_their_first_lines_as_headings_and_are_read_once() -> None:
    def write(page: Print) -> None:
        canvas = page.canvas
        canvas.setPageSize((400, 300))
        parts, grown = ("The chuck", "The bed", "The tool"), ("It turns", "It holds a part", "It stops")
        shown = [("Machines in small rooms", ["Ada Miller"])]
        for part in parts:
            shown.append(("Outline", list(parts)))
            shown += [(f"{part} at work", [f"\u2022 {line}" for line in grown[:count]]) for count in (1, 2, 3)]
        for number, (title, lines) in enumerate(shown):
            page.y = 260
            page.line(title, ("Helvetica", 16.0))
            if title == "Outline":
                canvas.bookmarkPage(str(number))
                canvas.addOutlineEntry(parts[number // 4], str(number), 0)
            for line in lines:
                page.y -= 8
                page.line(line, ("Helvetica", 11.0), 40)
            canvas.showPage()

    text, document = read(printed(write))
    parts = [
        (f"The {name}{more}", level) for name in ("chuck", "bed", "tool") for more, level in (("", 2), (" at work", 3))
    ]
    assert [(heading, level) for heading, level, _ in headings(document)] == [("Machines in small rooms", 1), *parts]
    assert text.text.count("- It holds a part") == 3
    assert "Outline" not in text.text


def test_a_slide_of_its_title_alone_begins_a_part_and_numbers_in_circles_are_a_list() -> None:
    def write(page: Print) -> None:
        page.canvas.setPageSize((400, 300))
        page.line("Machines in small rooms", ("Helvetica", 24.0), 60)
        page.canvas.showPage()
        for part in ("The chuck", "The bed"):
            page.y = 150
            page.line(part, ("Helvetica", 24.0), 120)
            page.canvas.showPage()
            for title in ("At work", "At rest"):
                page.y = 260
                page.line(f"{part} {title.lower()}", ("Helvetica", 16.0), 60)
                for number in ("1", "2"):
                    page.y -= 8
                    page.line(number, ("Helvetica", 6.0), 40, 0)
                    page.y -= 1.6
                    page.line(f"It turns {number} times.", ("Helvetica", 11.0), 52)
                page.canvas.showPage()

    _, document = read(printed(write))
    parts = [
        (f"{part}{more}", level)
        for part in ("The chuck", "The bed") for more, level in (("", 2), (" at work", 3), (" at rest", 3))
    ]  # fmt: skip
    assert [(heading, level) for heading, level, _ in headings(document)] == [("Machines in small rooms", 1), *parts]
    assert len(blocks(document, "list_item")) == 8


def test_large_items_of_a_list_are_not_headings() -> None:
    def write(page: Print) -> None:
        page.head("Chuck", 20.0)
        page.line("\u2022 It turns", ("Helvetica-Bold", 14.0))
        page.code("\n".join(f"run_the_lathe({number})" for number in range(20)))

    _, document = read(printed(write))
    assert [heading for heading, _, _ in headings(document)] == ["Chuck"]


def test_code_beside_prose_is_read_before_or_after_it() -> None:
    def write(page: Print) -> None:
        top = page.y
        code = [f"turn(part={number}, speed=10)" for number in range(8)]
        page.code("\n".join(code))
        page.y = top
        for number in range(8):
            page.line(f"Step {number} holds the part still", ("Times-Roman", 9.0), LEFT + 260)

    text = read(printed(write))[0].text
    assert "\n".join(f"turn(part={number}, speed=10)" for number in range(8)) in text


def test_accents_that_are_drawn_beside_their_letter_belong_to_it() -> None:
    text, _ = read(printed(lambda page: page.prose("The chuck of Fran\xb8cois M\xa8uller turns.")))
    assert "François Müller" in text.text


def test_a_space_that_its_font_calls_a_hyphen_is_a_space() -> None:
    table = stream(
        b"/CMapName /A def begincmap 1 begincodespacerange <00> <FF> endcodespacerange"
        b" 2 beginbfchar <20> <00AD> <2D> <00AD> endbfchar 1 beginbfrange <41> <7A> <0041> endbfrange endcmap"
    )
    told = stream(b"BT /F 12 Tf 20 100 Td (Words stand apart and one is well-) Tj 0 -14 Td (known) Tj ET")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    text = read_pdf(one_page(told, b"", table, font=font)).text
    assert text == "Words stand apart and one is wellknown\n"


def test_a_plain_font_with_thick_stems_is_not_bold() -> None:
    assert not font_of("ABCDEF+Times-Roman", 4, 792).bold
    assert font_of("ABCDEF+Times-Bold", 4, 800).bold


def test_numbers_of_headings_give_their_level() -> None:
    def write(page: Print) -> None:
        for text in ("1 Start", "1.1 Install", "1.1.1 From source", "2 Use", "2.1 Daily"):
            page.head(text, 12.0)
            page.prose(LONG)

    _, document = read(printed(write))
    assert [level for _, level, _ in headings(document)] == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(("lefts", "width", "size"), [((LEFT, 310.0), 210, 10.0), ((40.0, 216.0, 392.0), 164, 8.0)])
def test_columns_are_read_one_after_the_other(lefts: tuple[float, ...], width: float, size: float) -> None:
    def write(page: Print) -> None:
        page.line("Columns", ("Helvetica-Bold", 20.0), 200)
        top = page.y - 10
        for number, left in enumerate(lefts):
            page.y = top
            for part in "ab":
                page.prose(f"Paragraph {number}{part}. {LONG}", left, left + width, ("Times-Roman", size))

    _, document = read(printed(write))
    assert [one for one in texts(document) if one.startswith("Paragraph")] == [
        f"Paragraph {number}{part}." for number in range(len(lefts)) for part in "ab"
    ]
    assert texts(document).count(LONG) == 2 * len(lefts)


def test_a_paragraph_goes_on_over_the_end_of_a_page_without_heads_and_feet() -> None:
    def write(page: Print) -> None:
        for number in range(1, 5):
            page.canvas.drawString(LEFT, 800, f"Running head {number}")
            page.canvas.drawString(300, 30, str(number))
            page.prose(LONG)
            page.line("This sentence begins on one page and" if number == 1 else "Only a line.")
            page.turn()
            if number == 1:
                page.line("ends on the next page.")

    text, document = read(printed(write))
    sentence = next(s for b in blocks(document) for s in b.sentences if s.text.startswith("This"))
    assert sentence.text == "This sentence begins on one page and ends on the next page."
    assert [text.places[line - 1].page for line in (sentence.start_line, sentence.end_line)] == [1, 2]
    assert "Running" not in text.text


def test_a_numbered_chapter_at_the_top_of_a_page_is_not_taken_for_a_running_head() -> None:
    def write(page: Print) -> None:
        for number in range(1, 6):
            page.canvas.setFont("Times-Roman", 10)
            page.canvas.drawString(300, 30, str(number))
            page.line(f"{number} Chapter of {'abcdef'[number]}", ("Helvetica-Bold", 16.0))
            page.y -= 60
            page.prose(LONG)
            page.turn()

    _, document = read(printed(write))
    assert [heading for heading, _, _ in headings(document)] == [f"{n} Chapter of {'abcdef'[n]}" for n in range(1, 6)]


def test_a_word_that_was_broken_is_whole_and_a_compound_keeps_its_hyphen() -> None:
    def write(page: Print) -> None:
        page.line("The paragraph tells of a well-known effect. We read about a docu-")
        page.line("ment with two columns. Each column of the document is well-")
        page.line("known. The two are read in a two-")
        page.line("column layout.")

    _, document = read(printed(write))
    assert " ".join(texts(document)) == (
        "The paragraph tells of a well-known effect. We read about a document with two columns. Each column of the "
        "document is well-known. The two are read in a two-column layout."
    )


def test_code_is_byte_equal_with_its_indentation_and_blank_lines() -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        page.code(CODE)
        page.prose(LONG)

    _, document = read(printed(write))
    (code,) = blocks(document, "code")
    assert code.code == CODE
    assert len(blocks(document, "paragraph")) == 2


def test_code_goes_on_over_the_end_of_a_page() -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        page.code("if a:\n    b()")
        page.turn()
        page.code("else:\n    c()")

    _, document = read(printed(write))
    assert [block.code for block in blocks(document, "code")] == ["if a:\n    b()\nelse:\n    c()"]


def test_numbers_of_lines_are_not_code() -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        for number, one in enumerate(["a = 1", "b = 2", "if a:", "    c = 3", "d = 4"], 1):
            page.canvas.setFont("Courier", 6)
            page.canvas.drawString(LEFT, page.y, str(number))
            page.line(one, ("Courier", 9.0), LEFT + 20)

    _, document = read(printed(write))
    assert [block.code for block in blocks(document, "code")] == ["a = 1\nb = 2\nif a:\n    c = 3\nd = 4"]


def test_words_of_fixed_width_in_a_sentence_are_code() -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        page.line("Call")
        page.y += 12
        page.line("run(1, [2])", ("Courier", 10.0), LEFT + 25)
        page.y += 12
        page.line("before you go home.", left=LEFT + 100)

    _, document = read(printed(write))
    assert "Call `run(1, [2])` before you go home." in texts(document)


def _set(page: Print, *pieces: tuple[str, tuple[str, float]]) -> None:
    """A line of pieces in several fonts, each right after the one before."""
    left = LEFT
    for text, font in pieces:
        page.canvas.setFont(*font)
        page.canvas.drawString(left, page.y, text)
        left += page.canvas.stringWidth(text, *font)
    page.y -= 12


MONO = ("Courier", 10.0)


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([("Take ", BODY), ("mat[2, ]", MONO), (" of it.", BODY)], "Take `mat[2, ]` of it."),
        ([("The path ", BODY), ("(R_HOME)", MONO), (" is set.", BODY)], "The path (`R_HOME`) is set."),
        ([("Ends with ", BODY), ("(‘;’)", MONO), (" here.", BODY)], "Ends with (‘`;`’) here."),
        ([("Arguments are ‘", BODY), ("...", MONO), ("’ here.", BODY)], "Arguments are ‘`...`’ here."),
        ([("Names with a ", BODY), ("‘.", MONO), ("’ are kept.", BODY)], "Names with a ‘`.`’ are kept."),
    ],
)
def test_code_in_a_sentence_has_its_brackets_and_not_its_quotation_marks(
    pieces: list[tuple[str, tuple[str, float]]], said: str
) -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        _set(page, *pieces)

    assert said in read_pdf(printed(write)).text


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        ("http://www.example.org/", "a/page.html", "`http://www.example.org/a/page.html`.\nThen"),
        ("https://www.", "example.org/~me/.", "`https://www.example.org/~me/`."),
    ],
)
def test_an_address_that_was_broken_is_whole_and_is_not_code(above: str, below: str, said: str) -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        front = "A book of many pages that tells it all to whoever reads it at home at night is this page "
        _set(page, (front[len(above) - 11 :], BODY), (above, MONO))
        _set(page, (below, MONO), *([(". Then it goes on.", BODY)] if said.endswith("Then") else []))
        page.y -= 8
        page.prose(LONG)

    text = read_pdf(printed(write)).text
    assert said in text
    assert "```" not in text


def test_the_last_line_of_a_paragraph_is_prose_though_it_is_of_fixed_width() -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        line = "The frame of a function that calls another one can be found by whoever wants to use"
        page.line(line + " it there with")
        page.line("parent.frame() or sys.frame(1).", MONO)
        page.y -= 8
        page.prose(LONG)

    text = read_pdf(printed(write)).text
    assert "there with\n`parent.frame() or sys.frame(1)`." in text


def test_code_with_a_comment_in_another_font_is_code() -> None:
    def write(page: Print) -> None:
        page.prose(LONG)
        for code, told in (("row <- mat[2, ]  #", " makes a row"), ("one <- b[1, 1]   #", " makes one of it")):
            _set(page, (code, MONO), (told, BODY))
        page.y -= 8
        page.prose(LONG)

    _, document = read(printed(write))
    (code,) = blocks(document, "code")
    assert code.code == "row <- mat[2, ]  # makes a row\none <- b[1, 1]   # makes one of it"


def test_lists_keep_their_items_and_depth() -> None:
    def write(page: Print) -> None:
        page.prose("What is needed:")
        for left, mark, text in [(80, "•", LONG), (100, "–", "A deeper item."), (80, "•", "The second item.")]:
            page.line(mark, left=left)
            page.y += 12
            page.prose(text, left + 12)

    _, document = read(printed(write))
    items = blocks(document, "list_item")
    assert [(item.sentences[0].text, item.depth) for item in items] == [
        (LONG, 0), ("A deeper item.", 1), ("The second item.", 0),
    ]  # fmt: skip


def test_a_table_has_its_rows_and_cells() -> None:
    rows = [
        ["Name", "Size", "Use"],
        ["small", "12 kg", "at home"],
        ["large", "90 kg", "in a hall"],
        ["huge", "", "outside"],
    ]

    def write(page: Print) -> None:
        page.prose(LONG)
        for row in rows:
            for number, cell in enumerate(row):
                page.canvas.drawString(LEFT + 120 * number, page.y, cell)
            page.y -= 14
        page.y -= 10
        page.prose(LONG)

    _, document = read(printed(write))
    (table,) = blocks(document, "table")
    assert [list(row) for row in table.rows] == rows


def test_each_line_knows_its_page_and_stands_on_it() -> None:
    def write(page: Print) -> None:
        outline(page, depths=True)
        page.turn()
        outline(page, depths=False)

    text, _ = read(printed(write))
    lines = text.text.removesuffix("\n").split("\n")
    assert len(lines) == len(text.places)
    filled = [place for line, place in zip(lines, text.places, strict=True) if line]
    assert {place.page for place in filled} == {1, 2}
    assert all(0 <= place.left < place.right <= RIGHT + 1 and 0 < place.top < place.bottom < 842 for place in filled)
    assert all(above.top < below.top for above, below in pairwise(filled) if above.page == below.page)


def test_a_page_of_few_letters_is_read() -> None:
    text = read_pdf(one_page(stream(b"BT /F 12 Tf 20 100 Td (Hello.) Tj ET")))
    assert (text.text, text.pages, text.problems) == ("Hello.\n", 1, ())


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    def write(page: Print) -> None:
        page.canvas.setPageRotation(90)
        page.canvas.rotate(90)
        page.canvas.drawString(100, -200, "The page is turned, the words are not.")

    text = read_pdf(printed(write))
    assert text.text == "The page is turned, the words are not.\n"
    assert text.places[0].right > text.places[0].left


SIGNS = st.text(st.sampled_from("abc 12,:;*_[]()<>{}$~|&=+-^#%/\\'\""), min_size=1, max_size=40)


def printed_line(said: str) -> Document:
    """The document of one printed line."""
    return read(printed(lambda page: page.line(said)))[1]


@settings(max_examples=200)
@given(SIGNS)
def test_prose_reads_as_it_is_printed_whatever_signs_it_has(signs: str) -> None:
    said = " ".join(f"Words {signs} more words.".split())
    assert plain_text(" ".join(texts(printed_line(said)))) == said


@settings(max_examples=200)
@given(
    SIGNS,
    st.sampled_from(["#", "##", "-", "+", ">", "1.", "12)", "~~~", ":::", ":", "|", "===", "---", "%", "//"]),
)
def test_a_line_that_begins_like_markdown_is_prose(signs: str, mark: str) -> None:
    said = " ".join(f"{mark}{signs} more words.".split())
    document = printed_line(said)
    if {block.kind for block in blocks(document)} != {"list_item"}:
        assert plain_text(" ".join(texts(document))) == said


def test_the_text_is_a_function_of_the_bytes_and_the_pinned_library() -> None:
    data = printed(lambda page: outline(page, depths=True))
    assert read_pdf(data) == read_pdf(data)
    assert READER.endswith(f"pypdfium2-{importlib.metadata.version('pypdfium2')}")


def test_other_bytes_may_stand_before_the_mark_of_a_pdf() -> None:
    assert is_pdf(b"\xef\xbb\xbf\n%PDF-1.4\n")
    assert not is_pdf(b"<html>%PDF-")
    assert not is_pdf(b" " * 1024 + b"%PDF-1.4")

import pytest

from shared.course.field_text import read_markdown
from shared.course.sentence_marks import find_marks, find_trailing_marks, mask_protected, split_pieces, strip_marks


def _cited(markdown: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(s.text, s.citation_ids) for s in read_markdown("main_content", markdown).statements]


def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    assert _cited("One thing.[^a] Another thing. [^b]") == [("One thing.", ("a",)), ("Another thing.", ("b",))]


def test_a_mark_before_the_full_stop_belongs_to_its_sentence() -> None:
    assert _cited("One thing [^a]. Another thing[^b].") == [("One thing.", ("a",)), ("Another thing.", ("b",))]


def test_a_stop_in_the_words_of_a_link_ends_nothing() -> None:
    text = 'See [Ch. 2. Yahoo! Japan [x]](https://a.org/b.html "http://a.org"). Then [go on. Now](https://a.org) it.'
    assert [piece.text for piece in split_pieces(text)] == [text[: text.index(" Then")], text[text.index("Then") :]]
    assert len(split_pieces("An alias, e.g. [it](https://a.org). [x.y](https://a.org) is one.")) == 1


def test_several_marks_may_follow_each_other() -> None:
    assert _cited("One thing.[^a][^b]") == [("One thing.", ("a", "b"))]


def test_marks_at_the_end_of_a_paragraph_cover_its_unmarked_sentences() -> None:
    assert _cited("One thing. Two things.[^a] Three things.[^b]") == [
        ("One thing.", ("b",)),
        ("Two things.", ("a",)),
        ("Three things.", ("b",)),
    ]


def test_each_paragraph_of_an_item_is_held_to_its_own_mark() -> None:
    (item,) = read_markdown(
        "main_content", "1. Use `a`, for example:[^a]\n\n   (You can do `b` as well.)[^b]\n"
    ).statements
    assert [(part.text, part.citation_ids) for part in item.parts] == [
        ("Use `a`, for example:", ("a",)), ("(You can do `b` as well.)", ("b",)),
    ]  # fmt: skip
    (item,) = read_markdown("main_content", "- Use `a`. It is new.[^a]\n\n  Note `b`.[^b]\n").statements
    assert [part.citation_ids for part in item.parts] == [("a",), ("a",), ("b",)]


def test_a_mark_in_the_middle_of_a_paragraph_covers_nothing_else() -> None:
    assert _cited("One thing.[^a] Two things.") == [("One thing.", ("a",)), ("Two things.", ())]


@pytest.mark.parametrize("block", ["One thing.", "- One thing.", "> One thing."])
def test_a_mark_on_a_line_of_its_own_covers_the_block_before_it(block: str) -> None:
    assert _cited(f"Before.\n\n{block}\n\n[^a]") == [("Before.", ()), ("One thing.", ("a",))]


def test_a_mark_below_a_table_in_an_item_covers_its_rows() -> None:
    table = "  | A | B |\n  | --- | --- |\n  | one | two |"
    assert ("one | two", ("a",)) in _cited(f"- An item:[^b]\n\n{table}\n\n  [^a]\n\n  More of it.[^c]")


def test_a_mark_on_its_own_covers_only_unmarked_statements_of_the_block() -> None:
    assert _cited("- One.[^b]\n- Two.\n\n[^a]") == [("One.", ("b",)), ("Two.", ("a",))]


def test_a_mark_on_its_own_after_code_covers_nothing() -> None:
    assert _cited("Before.\n\n```\nx\n```\n\n[^a]") == [("Before.", ())]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_mark_below_a_table_covers_its_unmarked_rows_and_header(gap: str) -> None:
    table = "| a | b |\n|---|---|\n| one | two[^r] |\n| three | four |"
    found = read_markdown("m", f"{table}{gap}[^a]").statements
    assert [(s.kind, s.citation_ids) for s in found] == [
        ("table_header", ("a",)),
        ("table_row", ("r",)),
        ("table_row", ("a",)),
    ]


def test_nested_items_are_statements_of_their_own() -> None:
    assert _cited("- Outer.[^a]\n  - Inner.") == [("Outer.", ("a",)), ("Inner.", ())]


def test_an_item_of_several_sentences_holds_each_to_its_own_mark() -> None:
    (item,) = read_markdown("m", "- One thing.[^a] Two things.[^b]").statements
    assert item.kind == "list_item"
    assert item.citation_ids == ("a", "b")
    assert [(part.text, part.citation_ids) for part in item.claims] == [("One thing.", ("a",)), ("Two things.", ("b",))]


def test_headings_code_and_pictures_are_no_statements() -> None:
    assert _cited("# Heading\n\n```\ncode\n```\n\n![alt](assets/x.png)") == []


def test_info_strings_name_language_citation_and_adaptation() -> None:
    text = read_markdown("m", "```python cite=c1 adapted\nx = 1\n```\n\n```cite=c2\ny\n```\n\n    z\n")
    assert [(b.language, b.citation_id, b.adapted, b.text) for b in text.code] == [
        ("python", "c1", True, "x = 1"),
        ("", "c2", False, "y"),
        ("", None, False, "z"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Use it, e.g. for tests.",
        "See Dr. Smith for more.",
        "Version 3.11 of README.md is here.",
        "Call `a. B` there.",
        "See [the docs](https://e.org/a.b. C) now.",
        "Write v1.2.3 first.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert len(split_pieces(text)) == 1


def test_sentences_may_begin_with_code_emphasis_or_a_figure() -> None:
    pieces = split_pieces("First one. `code` second. **Bold** third. 4 is fourth.")
    assert [piece.text[:6] for piece in pieces] == ["First ", "`code`", "**Bold", "4 is f"]


def test_full_stops_of_other_scripts_end_sentences_without_a_space() -> None:
    assert [piece.marks for piece in split_pieces("这是一句。[^a]这是第二句。[^b]")] == [("a",), ("b",)]


def test_a_mark_inside_code_is_code() -> None:
    assert find_marks("The class `[^abc]` matches.") == ()
    assert strip_marks("The class `[^abc]` matches.[^a]") == "The class `[^abc]` matches."


@pytest.mark.parametrize("address", ["http://a.org/", "https://a.org", "http://a.org/[b]?c=d"])
def test_a_mark_right_behind_an_address_is_no_part_of_it(address: str) -> None:
    assert [(one.text, one.marks) for one in split_pieces(f"See {address}[^a]")] == [(f"See {address}", ("a",))]


def test_questions_and_signposts_are_told_apart_from_claims() -> None:
    found = read_markdown("m", "What is a plan? In this module you learn it. A plan is a list.").statements
    assert [s.role for s in found] == ["question", "signpost", "claim"]


def test_openings_are_first_paragraphs_of_the_text_and_after_headings() -> None:
    text = read_markdown("m", "First.\n\nSecond.\n\n## Heading\n\n> Quoted.\n\n## List\n\n- item\n\nAfter.")
    assert [(opening.text, opening.cited) for opening in text.openings] == [("First.", False), ("Quoted.", False)]


def test_an_empty_heading_is_seen() -> None:
    text = read_markdown("m", "## One\n\n## Two\n\n### Three\n\nText.\n\n## Four")
    assert [(h.text, h.empty) for h in text.headings] == [
        ("One", True),
        ("Two", False),
        ("Three", False),
        ("Four", True),
    ]


def test_every_source_stands_verbatim_in_the_markdown() -> None:
    markdown = "One `a.b` thing.[^a] Two.\n\n- Item one.[^b]\n- Item two.\n\n[^c]"
    assert all(s.source in markdown for s in read_markdown("m", markdown).statements)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("It stores tasks. [^a] [^b]", ("a", "b")),
        ("It stores[^x] tasks [^a][^b].**", ("a", "b")),
        ("[^a]", ("a",)),
        ("It stores tasks [^a] here.", ()),
        ("It stores `[^a]`", ()),
        ("", ()),
    ],
)
def test_marks_at_the_very_end_of_a_block(text: str, marks: tuple[str, ...]) -> None:
    assert find_trailing_marks(text) == marks


def test_code_ends_with_as_many_ticks_as_it_began_with() -> None:
    assert mask_protected(r"a ``b`c`` d `e") == "a XXXXXXX d `e"
    assert mask_protected(r"a \\``b `c` \`d`").endswith("``b XXX XX" + "d`")


def test_a_stop_in_the_id_of_a_mark_ends_no_sentence() -> None:
    assert [piece.text for piece in split_pieces("It keeps[^a。] tasks. It is fast.")] == [
        "It keeps tasks.",
        "It is fast.",
    ]

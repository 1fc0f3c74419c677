import pytest

from shared.engine.offline.writer_noise import is_noise
from shared.engine.offline.writer_text import (
    begin_sentence,
    drop_asides,
    end_sentence,
    is_broken,
    is_plain_title,
    leads_on,
    opens_by_itself,
    rewrite_links,
    tidy,
)


def to_module(target: str) -> str | None:
    return {"guide.md": "#m1", "https://x.io/a_(b)": "https://x.io/a_(b)"}.get(target)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Read [the guide](guide.md) now.", "Read [the guide](#m1) now."),
        ("Read [the guide](other.md) now.", "Read the guide now."),
        ("An [address](https://x.io/a_(b)) with brackets.", "An [address](https://x.io/a_(b)) with brackets."),
        ("Code `[a](guide.md)` stays.", "Code `[a](guide.md)` stays."),
        ("A picture ![logo](logo.png) goes.", "A picture  goes."),
        ("A [`name`](guide.md) in code.", "A [`name`](#m1) in code."),
        ("An <https://x.io> address.", "An https://x.io address."),
    ],
)
def test_links_get_the_courses_target_or_become_text(text: str, wanted: str) -> None:
    assert rewrite_links(text, to_module) == wanted


def test_an_opening_angle_is_escaped_outside_code_only() -> None:
    assert tidy("If a < b then `a <b>` holds.", to_module) == r"If a \< b then `a <b>` holds."


def test_footnote_marks_of_the_source_do_not_become_marks_of_the_course() -> None:
    assert tidy("A claim[^1] of the source.", to_module) == "A claim of the source."


def test_asides_that_send_the_reader_elsewhere_are_left_out() -> None:
    assert drop_asides("It is fast (see [the proof](p.md)) and small.") == "It is fast and small."
    assert drop_asides("It is fast, as we’ll see in the coming sections.") == "It is fast."
    assert drop_asides("It is fast (and `(see x)` small).") == "It is fast (and `(see x)` small)."


@pytest.mark.parametrize(
    "text",
    [
        "See the reference documentation for details.",
        "For more information, visit the site.",
        "In the next section you meet options.",
        "This page describes the options.",
        "[Options](options.md)",
        "As described above, the flag wins.",
        "Edit this page on the host.",
        "Chapter 4 explains ownership.",
        "Join our community on Discord today.",
    ],
)
def test_sentences_that_point_elsewhere_or_keep_house_are_noise(text: str) -> None:
    assert is_noise(text)


@pytest.mark.parametrize(
    "text",
    [
        "See how the value changes when the flag is set.",
        "The option is read from the configuration file.",
        "A page of results holds ten entries.",
        "Each part of the address has a name.",
        "The [parser](parser.md) reads one argument after the other.",
    ],
)
def test_sentences_that_teach_are_no_noise(text: str) -> None:
    assert not is_noise(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a, b;", "a, b."),
        ("Done", "Done."),
        ("Really?", "Really?"),
        ("As follows:", "As follows:"),
        ("**All**", "**All**."),
    ],
)
def test_an_item_ends_with_a_full_stop(text: str, wanted: str) -> None:
    assert end_sentence(text) == wanted


def test_a_capital_is_given_to_words_and_not_to_names_of_the_code() -> None:
    assert begin_sentence("reads a file.", frozenset({"npm"})) == "Reads a file."
    assert begin_sentence("npm reads a file.", frozenset({"npm"})) == "npm reads a file."
    assert begin_sentence("`npm` reads.", frozenset()) == "`npm` reads."


@pytest.mark.parametrize("text", ["This is it.", "However, no.", "For example, a list.", "The second reason is time."])
def test_sentences_that_lean_on_others_do_not_open(text: str) -> None:
    assert not opens_by_itself(text)


def test_a_colon_at_the_end_announces_something() -> None:
    assert leads_on("Do this:")
    assert leads_on("**Do this:**")
    assert not leads_on("Do this: now.")


@pytest.mark.parametrize(
    "text", ["An open `tick here.", "A {{ template }} tag.", "Bold **never closed.", "A (bracket."]
)
def test_broken_markup_is_seen(text: str) -> None:
    assert is_broken(text)


@pytest.mark.parametrize("title", ["Getting started", "Why streams?", "Options & arguments"])
def test_titles_of_plain_words(title: str) -> None:
    assert is_plain_title(title)


@pytest.mark.parametrize(
    "title", ["Using JetStream", "The `x` flag", "Version 2", "docs/guide", "CLI", "snake_case", ""]
)
def test_titles_that_name_something(title: str) -> None:
    assert not is_plain_title(title)

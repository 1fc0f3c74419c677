from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.course.anchors import Anchor, find_anchors, found_in, names_facts
from shared.course.cited_text import read_variants, unescape_json_lines
from shared.course.evidence import Evidence
from shared.course.model import Citation
from tests.support.processor_time import processor_seconds


@pytest.mark.parametrize(
    ("sentence", "kind", "text"),
    [
        ("Call `run()` now.", "code", "run()"),
        ("Use ``a `b` c`` here.", "code", "a `b` c"),
        ("The function read_file is here.", "identifier", "read_file"),
        ("The class FileReader is here.", "identifier", "FileReader"),
        ("The method readFile is here.", "identifier", "readFile"),
        ("The variable NATS_URL is set.", "identifier", "NATS_URL"),
        ("Set $HOME first.", "identifier", "$HOME"),
        ("Import click.command for this.", "identifier", "click.command"),
        ("Call foo() twice.", "identifier", "foo()"),
        ("Rust writes std::fs for it.", "identifier", "std::fs"),
        ("Encode it as UTF-8.", "identifier", "UTF-8"),
        ("Pass --verbose to it.", "flag", "--verbose"),
        ("Pass (-v) to it.", "flag", "-v"),
        ("Pass --level=3 to it.", "flag", "--level"),
        ("Pass **-l, --level**=*LEVEL* to it.", "flag", "--level"),
        ("Look into /etc/hosts.", "path", "/etc/hosts"),
        ("Look into src/main.rs, please.", "path", "src/main.rs"),
        ("Edit setup.py.", "identifier", "setup.py"),
        ("Go to https://example.org/a?b=1.", "url", "https://example.org/a?b=1"),
        ("Wait 30 seconds.", "number", "30"),
        ("It needs 3.11 or newer.", "number", "3.11"),
        ("It came with v2.0.1.", "number", "v2.0.1"),
        ("About 1,000 people.", "number", "1,000"),
        ("There are three ways.", "number_word", "three"),
        ("It says “no such file” then.", "quote", "no such file"),
        ('It says "no such file" then.', "quote", "no such file"),
    ],
)
def test_anchors_of_each_kind_are_found(sentence: str, kind: str, text: str) -> None:
    assert (kind, text) in [(anchor.kind, anchor.text) for anchor in find_anchors(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "In the next module you learn what a plan is.",
        "Read on, e.g. about errors and/or alarms.",
        "It doesn't matter whether it's here.",
        "A well-kept secret: use it *often*.",
        "See [the next module](#m1a2b3).",
        "A sentence with a mark.[^c12]",
    ],
)
def test_plain_prose_names_no_facts(sentence: str) -> None:
    assert not names_facts(sentence)


@pytest.mark.parametrize("sentence", ["Use `x`.", "Use --x.", "See a/b.c.", "It takes 3 steps.", "Read snake_case."])
def test_sentences_that_name_facts_need_a_citation(sentence: str) -> None:
    assert names_facts(sentence)


@pytest.mark.parametrize(
    ("anchor", "source"),
    [
        (Anchor("code", "pip install x"), "Run `pip\ninstall x` first."),
        (Anchor("code", "Command"), "Use :class:`~click.Command` for it."),
        (Anchor("code", "echo()"), "Use :py:func:`~click.echo` or {meth}`run`."),
        (Anchor("code", "run()"), "Use :func:`~click.echo` or {meth}`run`."),
        (Anchor("quote", "may return a Future"), 'It "may return a `.Future`" then.'),
        (Anchor("quote", "see write()"), 'It says "see `~Handler.write()`" there.'),
        (Anchor("identifier", "Tx0"), "Both sign _Tx~0~_ first."),
        (Anchor("code", "the guide"), "See :doc:`the guide <guide>`."),
        (Anchor("code", "a|b"), "| `a\\|b` | text |"),
        (Anchor("identifier", "read_file"), "Use read\\_file for it."),
        (Anchor("code", "<b>"), "Use &lt;b&gt; for it."),
        (Anchor("code", "x = 1"), "<code>x = 1</code>"),
        (Anchor("quote", "a bold word"), "It is a **bold** word."),
        (Anchor("quote", "don't"), "You don’t."),
        (Anchor("quote", "see the docs"), "Now [see the](https://e.org) docs."),
        (Anchor("quote", "one two"), "> text one\n> two"),
        (Anchor("number", "10"), "It takes 10ms."),
        (Anchor("number_word", "three"), "There are 3 of them."),
        (Anchor("flag", "--verbose"), "kettle --verbose=yes"),
        (Anchor("url", "https://e.org/a"), "[x](https://e.org/a)"),
        (find_anchors("In ***shots**/a.snap*.")[0], "In *__shots__/a.snap*."),
        (find_anchors("Any of 0.999.*x* is used.")[0], "Any of 0.999._x_ is used."),
        (find_anchors("In [“Access to `Mutex<T>`”](#m1).")[1], "In [“Access to\n`Mutex<T>`”][access]."),
        (find_anchors("Set theme.[name](#m1) first.")[0], "Set theme.[name] first."),
        (find_anchors("Point to *SQuAD_it-\\*.json.gz* now.")[0], "Point to _SQuAD_it-*.json.gz_ now."),
        (find_anchors("Ask @[relay_re](https://e.org/r).")[0], "Ask @link:https://e.org/r[relay_re]."),
        (Anchor("code", "**kw"), "    :param \\\\*\\\\*kw: Others."),
        (find_anchors("Use Jekpack(#7598).")[0], "Use Jekpack([#7598](https://e.org/issues/7598))."),
    ],
)
def test_an_anchor_is_found_through_the_markup_of_its_source(anchor: Anchor, source: str) -> None:
    assert found_in(anchor, source)


@pytest.mark.parametrize(
    ("anchor", "source"),
    [
        (Anchor("code", "Command()"), "Use :class:`~click.Command` for it."),
        (Anchor("number", "3"), "It takes 13 seconds."),
        (Anchor("number", "3"), "It takes 3.5 seconds."),
        (Anchor("number", "3.1"), "It needs 3.11."),
        (Anchor("number", "3"), "Run python3."),
        (Anchor("code", "run"), "It is running."),
        (Anchor("code", "read"), "Use read_file."),
        (Anchor("flag", "--verb"), "Pass --verbose."),
        (Anchor("flag", "-v"), "Pass --v-x."),
        (Anchor("identifier", "readFile"), "Use readfile."),
        (Anchor("number_word", "four"), "There are three."),
        (Anchor("identifier", "a.b0"), "Read a.b[0]."),
        (Anchor("quote", "no such dir"), "It says no such file."),
    ],
)
def test_an_anchor_that_is_only_part_of_a_word_or_differs_is_missing(anchor: Anchor, source: str) -> None:
    assert not found_in(anchor, source)


def test_lines_of_a_notebook_are_read_as_the_text_they_hold() -> None:
    lines = '   "print(\\"hi\\")\\n",\n   "x = 1"\n  ],\n   "source": "y = 2"'
    assert unescape_json_lines(lines) == 'print("hi")\nx = 1\n  ],\ny = 2'


@given(st.from_regex(r"[a-z]{2,8}_[a-z]{2,8}", fullmatch=True), st.sampled_from(["", "the ", "(", "`", '"']))
def test_an_identifier_is_found_in_any_text_that_holds_it_and_in_none_that_does_not(name: str, before: str) -> None:
    (anchor,) = find_anchors(f"The name {name} counts.")
    assert found_in(anchor, f"{before}{name} is here")
    assert not found_in(anchor, f"{before}x{name} is here")
    assert not found_in(anchor, f"{before}{name}y is here")


@given(st.text(max_size=80))
def test_any_text_has_anchors_without_an_error(text: str) -> None:
    assert all(anchor.text for anchor in find_anchors(text))


def test_a_name_between_emphasis_by_underscores_is_found() -> None:
    assert found_in("find_one()", "We use _find_one()_ and __status_code__ here.")
    assert found_in("status_code", "We use _find_one()_ and __status_code__ here.")
    assert not found_in("status_cod", "We use __status_code__ here.")


@pytest.mark.parametrize(
    ("shown", "source"),
    [("a file\\[1\\]", "a file[^1]"), ("[PEP 557](https://x.org)\\[std\\]", "[PEP 557](https://x.org)[^std]"),
     ("is kept \\[2\\].", "is kept [#2]_.")],
)  # fmt: skip
def test_the_mark_of_a_footnote_stands_in_its_lines(shown: str, source: str) -> None:
    assert all(found_in(anchor, source) for anchor in find_anchors(shown))
    assert not all(found_in(anchor, source) for anchor in find_anchors(shown.replace("\\]", "9\\]")))


def test_a_name_among_letters_without_blanks_is_an_anchor_by_itself() -> None:
    source = "この書籍は、ES6の<<x,JavaScript>>標準仕様の3つを"
    anchors = find_anchors("この書籍は、ES6のJavaScript標準仕様の3つを")
    assert [anchor.text for anchor in anchors] == ["ES6", "JavaScript", "3"]
    assert all(found_in(anchor, source) for anchor in anchors)
    assert not found_in(Anchor("number", "3"), "次の13つ")
    assert not found_in(Anchor("identifier", "JavaScript"), "のJavaScripts標準")


def test_an_address_of_many_addresses_is_read_at_once() -> None:
    assert processor_seconds(lambda: read_variants("http://" * 10_000)) < 2


def test_the_line_of_a_row_has_each_of_its_numbers_as_often() -> None:
    lines = b"| Bucket | Count |\n| --- | --- |\n| 0 - 0.3 | 1 |\n| 0 - 1 | 1 |"
    digest = sha256(lines).hexdigest()
    citation = Citation(id="c", source_id="s", path="a.md", start_line=1, end_line=4, sha256=digest)
    evidence = Evidence((citation,), lambda path: lines)
    assert evidence.find_missing("0 - 1 | 1", ["c"], row=True) == ()
    assert evidence.find_missing("0 - 2 | 1", ["c"], row=True) != ()


def test_a_word_joined_to_letters_without_gaps_is_no_flag() -> None:
    assert [anchor.text for anchor in find_anchors("割れ窓理論-Wikipedia と --flag と -v")] == ["--flag", "-v"]

"""YAML and TOML of strangers are read soon, or refused."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.repo_clone.manifests import declared_name
from shared.docs.front_matter import read_front_matter
from shared.docs.nav.build import build_navigation
from shared.docs.navigation import NavigationEntry
from shared.docs.reader import read_document
from shared.docs.untrusted import BoundedLoader, as_text, load_json, load_toml
from tests.support.processor_time import processor_seconds

MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 22))
DOTTED = "a." * 20_000 + "a = 1\n"
# As long as a line may be, and deeper than Python calls itself.
DEEP = "a." * 950 + "a = 1\n"


@pytest.mark.parametrize("head", [f"---\n{MERGES}---\n", f"+++\n{DOTTED}+++\n", f"+++\n{DEEP}+++\n"])
def test_a_head_that_takes_too_much_is_a_problem_of_its_document(head: str) -> None:
    def work() -> None:
        found = read_front_matter(f"{head}Text.".split("\n"))
        assert found.problems == ("front matter could not be read",)
        assert found.lines == head.count("\n")

    assert processor_seconds(work) < 2


@pytest.mark.parametrize(("path", "text"), [("mkdocs.yml", MERGES + "nav: [a.md]\n"), ("zensical.toml", DOTTED)])
def test_a_navigation_that_takes_too_much_is_none(path: str, text: str) -> None:
    files, found = {path: text.encode(), "a.md": b"# A\n"}, list[NavigationEntry]()
    assert processor_seconds(lambda: found.extend(build_navigation(list(files), files.__getitem__).entries)) < 2
    assert found == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", DOTTED + '[project]\nname = "x"\n'),
        ("Cargo.toml", "[" + "a." * 20_000 + "a]\n"),
        ("mkdocs.yml", "site_name: x\nnav:\n" + "- a: b.md\n" * 20_000),
        ("package.json", "[" * 90_000),
    ],
)
def test_a_manifest_that_takes_too_much_names_nothing(path: str, text: str) -> None:
    names: list[str] = []
    assert processor_seconds(lambda: names.append(declared_name({path: text.encode()}))) < 5
    assert names == [""]


def test_what_people_write_is_read() -> None:
    text = "base: &base {a: 1, b: 2}\nother: &other {c: 3}\nall:\n  <<: [*base, *other]\n  a: 4\n"
    assert BoundedLoader(text).get_single_data()["all"] == {"a": 4, "b": 2, "c": 3}
    with pytest.raises(yaml.YAMLError, match="merges"):
        BoundedLoader(MERGES).get_single_data()
    assert load_toml('[a.b]\nc = "d"\n') == {"a": {"b": {"c": "d"}}}


# Half a surrogate pair, and NUL: what escapes can name and nothing can keep.
UNFIT = st.text(st.sampled_from('a \0\ud83d\ude00\udfff😀\\"\n'), max_size=12)


@given(UNFIT)
def test_text_can_be_stored_whatever_escapes_it_was_made_of(string: str) -> None:
    text = as_text(string)
    assert text.encode().decode() == text
    assert "\0" not in text
    assert as_text("a" + string + "b") == f"a{text}b"


def test_only_what_is_no_text_is_replaced() -> None:
    assert as_text("\ud83d\ude00 \ud83d x\0 \udfff") == "😀 \ufffd x\ufffd \ufffd"


@given(UNFIT)
def test_every_format_with_escapes_gives_text(string: str) -> None:
    escaped = json.dumps(string)
    expected = {as_text(string): [as_text(string)]}
    assert load_json(f"{{{escaped}: [{escaped}]}}") == expected
    assert BoundedLoader(f"{escaped}: [{escaped}]").get_single_data() == expected
    whole = json.dumps(as_text(string).replace("\ufffd", "\0"), ensure_ascii=False).replace("\ufffd", "\\u0000")
    assert load_toml(f"{whole} = [{whole}]") == expected


@pytest.mark.parametrize("head", ['---\ntitle: "\\ud800 a\\0"\n---\n', '+++\ntitle = "\ufffd a\\u0000"\n+++\n'])
def test_a_title_in_front_matter_is_text(head: str) -> None:
    found = read_front_matter(f"{head}Text.".split("\n"))
    assert found.title == found.values["title"] == "\ufffd a\ufffd"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("mkdocs.yml", 'nav: [{"\\ud800 \\0": [{"\\udfff": a.md}]}]'),
        ("sidebars.json", '{"s": [{"label": "\\ud800 \\u0000", "items": [{"label": "\\udfff", "id": "a"}]}]}'),
    ],
)
def test_a_title_in_a_navigation_is_text(path: str, text: str) -> None:
    found = build_navigation(["a.md", "docs/a.md", path], {path: text.encode(), "a.md": b"# A\n"}.__getitem__)
    assert [entry.title for entry in found.entries] == ["\ufffd \ufffd", "\ufffd"]


def test_a_notebook_is_text() -> None:
    cell = {"cell_type": "markdown", "source": "# Half \ud800\n\nA sentence with \udfff and \0 in it."}
    document = read_document("a.ipynb", json.dumps({"cells": [cell]}).encode(), {})
    assert document.title == "Half \ufffd"
    assert document.sections[0].blocks[0].sentences[0].text == "A sentence with \ufffd and \ufffd in it."


@pytest.mark.parametrize("code", ["0xD800", "U+110000", "0x00"])
def test_a_substitution_by_code_point_is_text(code: str) -> None:
    document = read_document("a.rst", f".. |x| unicode:: {code}\n\nThe sign |x| stands here.\n".encode(), {})
    assert document.sections[0].blocks[0].sentences[0].text == "The sign \ufffd stands here."


HUGE = "0x" + "f" * 5_000


def test_a_number_nobody_counts_to_is_a_problem_of_its_document() -> None:
    assert read_front_matter(f"---\ntitle: {HUGE}\n---\n".split("\n")).problems == ("front matter could not be read",)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/sub/_category_.json", '{"position": 1' + "0" * 500 + "}"),
        ("docs/sub/_category_.yml", "position: 1" + "0" * 500),
        ("docs/a.md", "---\nsidebar_position: 1" + "0" * 500 + "\n---\n# A\n"),
    ],
)
def test_a_position_nobody_counts_to_is_none(path: str, text: str) -> None:
    files = {"docs/a.md": b"# A\n", "docs/sub/b.md": b"# B\n", path: text.encode()}
    files["sidebars.json"] = b'{"a": [{"type": "autogenerated", "dirName": "."}]}'
    found = build_navigation(sorted(files), files.__getitem__)
    assert [entry.path for entry in found.entries if entry.path] == ["docs/a.md", "docs/sub/b.md"]


def test_raised_digits_in_names_are_no_numbers() -> None:
    paths = ["1²/a.md", "2/b.md", "10/c.md"]
    assert [entry.path for entry in build_navigation(paths, dict.fromkeys(paths, b"").__getitem__).entries] == [
        "1²/a.md", "2/b.md", "10/c.md"
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["!!bool x", '!!int ""', "!!timestamp x"])
def test_a_tag_that_does_not_fit_its_value_is_broken_yaml(value: str) -> None:
    with pytest.raises(yaml.YAMLError):
        BoundedLoader(f"a: {value}").get_single_data()
    assert read_front_matter(f"---\na: {value}\n---\n".split("\n")).problems == ("front matter could not be read",)

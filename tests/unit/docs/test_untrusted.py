"""What strangers write in YAML and TOML: read soon, or refused."""

import time

import pytest
import yaml

from services.repo_clone.manifests import declared_name
from shared.docs.front_matter import read_front_matter
from shared.docs.navigation import build_navigation
from shared.docs.untrusted import BoundedLoader, load_toml

MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 22))
DOTTED = "a." * 20_000 + "a = 1\n"
# As long as a line may be, and deeper than Python calls itself.
DEEP = "a." * 950 + "a = 1\n"


@pytest.mark.parametrize("head", [f"---\n{MERGES}---\n", f"+++\n{DOTTED}+++\n", f"+++\n{DEEP}+++\n"])
def test_a_head_that_takes_too_much_is_a_problem_of_its_document(head: str) -> None:
    started = time.process_time()
    found = read_front_matter(f"{head}Text.".split("\n"))
    assert found.problems == ("front matter could not be read",)
    assert found.lines == head.count("\n")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(("path", "text"), [("mkdocs.yml", MERGES + "nav: [a.md]\n"), ("zensical.toml", DOTTED)])
def test_a_navigation_that_takes_too_much_is_none(path: str, text: str) -> None:
    started = time.process_time()
    found = build_navigation(["a.md", path], {path: text.encode(), "a.md": b"# A\n"}.__getitem__)
    assert found.entries == ()
    assert time.process_time() - started < 2


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
    started = time.process_time()
    assert declared_name({path: text.encode()}) == ""
    assert time.process_time() - started < 5


def test_what_people_write_is_read() -> None:
    text = "base: &base {a: 1, b: 2}\nother: &other {c: 3}\nall:\n  <<: [*base, *other]\n  a: 4\n"
    assert BoundedLoader(text).get_single_data()["all"] == {"a": 4, "b": 2, "c": 3}
    with pytest.raises(yaml.YAMLError, match="merges"):
        BoundedLoader(MERGES).get_single_data()
    assert load_toml('[a.b]\nc = "d"\n') == {"a": {"b": {"c": "d"}}}

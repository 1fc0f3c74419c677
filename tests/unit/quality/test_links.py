import pytest

from shared.course.field_text import read_markdown
from shared.course.links_check import find_link_problems, find_unknown_hosts, find_unsafe
from shared.course.section_links import slug_heading, title_of

PICTURE = f"assets/{'a' * 64}.png"
COMMIT = "b" * 40


def _problems(markdown: str, assets: frozenset[str] | None = None) -> list[str]:
    texts = (read_markdown("main_content", f"## Read `me`\n\n## Read `me`\n\n{markdown}"),)
    return [problem.detail for problem in find_link_problems(texts, {"m1"}, assets, {})]


@pytest.mark.parametrize(
    "markdown",
    [
        "[a](#m1)",
        "[a](#read-me)",
        "[a](#read-me-1)",
        "[a](https://example.org/x?y=1#z)",
        "<https://example.org>",
        "[a](http://localhost:8000/x)",
        f"![a]({PICTURE})",
        "`<b>` and `[x](y.md)`",
    ],
)
def test_what_resolves_is_no_problem(markdown: str) -> None:
    assert _problems(markdown) == []


@pytest.mark.parametrize(
    "markdown",
    [
        "[a](#m2)", "[a](#read-me-2)", "[a](x.md)", "[a](../x)", "[a](http://example.org)", "[a](mailto:a@example.org)",
        "[a](//example.org)", "[a]()", "[a](javascript:x)", "![a](https://example.org/a.png)", "![a](assets/a.png)",
        "a<br>b", "<div>\n\nx\n\n</div>", "<!-- x -->",
    ],
)  # fmt: skip
def test_what_does_not_resolve_is_a_problem(markdown: str) -> None:
    assert _problems(markdown)


def test_a_picture_has_to_be_among_those_that_travel() -> None:
    assert _problems(f"![a]({PICTURE})", frozenset({PICTURE})) == []
    assert _problems(f"![a]({PICTURE})", frozenset())


@pytest.mark.parametrize(
    ("target", "known"),
    [
        ("https://example.org/a", True),
        ("https://EXAMPLE.org/b", True),
        ("https://example.com/a", False),
        (f"https://host.net/r/blob/{COMMIT}/a.md", True),
        ("#m1", True),
    ],
)
def test_hosts_are_those_of_the_cited_files_or_of_a_file_at_a_commit(target: str, known: bool) -> None:
    texts = (read_markdown("main_content", f"[a]({target})"),)
    assert (list(find_unknown_hosts(texts, "See https://Example.org/ for more.", lambda _: False)) == []) is known


@pytest.mark.parametrize(
    ("target", "named", "known"),
    [
        ("https://acme.org/docs/a/#b", "acme.org", True),
        ("https://acme.org/docs/a/#b", "other.org", False),
        ("https://acme.org/docs/c", "acme.org", False),
        ("https://acme.org/", "acme.org", False),
    ],
)
def test_of_the_projects_own_site_a_page_names_the_path_alone(target: str, named: str, known: bool) -> None:
    texts = (read_markdown("main_content", f"[a]({target})"),)
    assert (list(find_unknown_hosts(texts, "See [a](/docs/a/#b).", named.__eq__)) == []) is known


@pytest.mark.parametrize("text", ["[a](javascript:x)", "![a](https://e.org/a.png)", "a <b>bold</b> word"])
def test_short_texts_hold_no_scripts_pictures_or_tags(text: str) -> None:
    assert find_unsafe(text)


@pytest.mark.parametrize("text", ["`[a](javascript:x)`", "`<b>`", "a < b", "[a](https://e.org)", "plain"])
def test_code_comparisons_and_plain_links_are_safe(text: str) -> None:
    assert find_unsafe(text) is None


@pytest.mark.parametrize(
    ("heading", "fragment"),
    [("The _Getters class", "the-_getters-class"), ("Use type_", "use-type_"), ("_See `a_` now_ *b*", "see-a_-now-b")],
)
def test_an_underscore_that_no_other_one_closes_is_part_of_a_name(heading: str, fragment: str) -> None:
    assert slug_heading(heading) == fragment


def test_headings_are_linked_by_their_words() -> None:
    assert slug_heading("Use `kettle boil`, now!") == "use-kettle-boil-now"


def test_a_sign_written_as_a_number_is_left_out_of_a_title_as_the_sign_would_be() -> None:
    assert title_of("Signs such as &#91;, $ &amp; (others)") == title_of("Signs such as [, $ & (others)")

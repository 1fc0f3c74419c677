"""Every unit of a taught section stands in the lesson, whatever the format; nothing of the source's markup does."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from services.modules.offline.inline import show_heading
from shared.course.field_text import read_markdown
from shared.docs.reader import read_document
from tests.support.wholeness import find_lost, lesson_words
from tests.unit.writer.sample import FILES, check, make_brief, write

PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).with_name("guides").iterdir())}
MARKDOWN, RST = PAGES["guide.md"], PAGES["guide.rst"]


def lesson_of(path: str, text: str) -> str:
    module = write(make_brief({path: text}))
    return f"{module.introduction}\n\n{module.main_content}"


@pytest.mark.parametrize("path", PAGES)
def test_every_unit_of_a_section_stands_in_the_lesson(path: str) -> None:
    document = read_document(path, PAGES[path].encode(), {})
    said = lesson_words(lesson_of(path, PAGES[path]))
    for section in document.sections:
        units = find_lost(document, section, said)
        assert units.lost == ()
    assert sum(find_lost(document, section, said).count for section in document.sections) >= 3


@pytest.mark.parametrize("path", PAGES)
def test_a_lesson_passes_the_gates(path: str) -> None:
    brief = make_brief({path: PAGES[path]})
    found = {(one.gate, one.detail) for one in check(brief, write(brief)).findings if one.where == "main_content"}
    assert {gate for gate, _ in found} <= {"Q4"}  # the words of a bare version note are those of its directive


def test_lists_keep_their_numbers_and_what_stands_in_their_items() -> None:
    text = lesson_of("guide.md", MARKDOWN)
    assert "\n3. Open the store" in text
    assert "\n4. Put a part in." in text
    assert "\n   ```python cite=" in text
    assert '\n   store = open("parts")\n\n   print(store)\n' in text
    assert "\n   - a small one" in text
    (code,) = [one for one in read_markdown("", text).code if one.language == "python"]
    assert code.text == 'store = open("parts")\n\nprint(store)'


def test_containers_show_kind_title_and_label_and_hold_what_they_held() -> None:
    text = lesson_of("guide.md", MARKDOWN)
    assert "> **Warning: Mind the gap**[^" in text
    assert "> ```sh cite=" in text
    assert "**Linux**[^" in text
    assert "- **Part**: A thing that the store keeps.[^" in text
    assert "\n> A quoted remark of somebody.[^" in text


def test_only_badges_and_comments_are_left_out() -> None:
    text = lesson_of("guide.md", MARKDOWN)
    assert "shields" not in text
    assert "comment" not in text
    assert "This also belongs to the section." in text


def test_code_from_another_file_has_the_title_of_its_fence() -> None:
    text = '# Guide\n\nThe option `file="run.py"` runs it.\n\n```python title="run.py"\n--8<-- "src/run.py"\n```\n'
    module = write(make_brief({"guide.md": text}, included={"src/run.py": "run()\n"}))
    [mark] = re.findall(r"(?m)^`run\.py`\[\^(\w+)\]$", f"{module.introduction}\n{module.main_content}")
    assert [one.start_line for one in module.citations if one.id == mark] == [5]


def test_a_film_is_a_link_and_one_of_the_repository_is_said_not_to_be_shown() -> None:
    text = lesson_of(
        "guide.md",
        "# Guide\n\nIt shows parts:\n\n<iframe src='https://www.youtube.com/embed/a' title='A talk'></iframe>\n\n"
        "<video controls>\n  <source src='/films/a-b.mp4'>\n</video>\n\n<iframe src='https://codepen.io/a'></iframe>\n",
    )
    assert "\n\nVideo: [A talk](https://www.youtube.com/embed/a)[^" in text
    assert "\n\n`a-b.mp4` is not shown here.[^" in text
    assert "\n\nPage: [codepen](https://codepen.io/a)[^" in text


def test_a_picture_from_elsewhere_is_a_link_where_words_lead_to_it() -> None:
    pictures = "![Logo](https://x.example/a.png)\n\nIt shows parts:\n\n![Two parts](https://x.example/b.png)\n"
    text = lesson_of(
        "guide.md", f"# Guide\n\n{pictures}\n![](https://x.example/c.png)\n\n![_two_parts_](https://x.example/d.png)\n"
    )
    assert "It shows parts:[^" in text
    assert "\n\nPicture: [Two parts](https://x.example/b.png)[^" in text
    assert "a.png" not in text
    assert "Picture: [x](https://x.example/c.png)" in text
    assert "Picture: [two_parts](https://x.example/d.png)" in text


def test_a_picture_of_the_folder_that_a_site_publishes_at_its_root_is_shown() -> None:
    path = "site/content/guide.md"
    brief = make_brief({path: "# Guide\n\nThe diagram shows where traffic goes:\n\n![Flow](/images/flow.png)\n"})
    kept = {"site/static/images/flow.png": "assets/f.png"}
    assert "![Flow](assets/f.png)[^" in write(replace(brief, picture=kept.get)).main_content


def test_the_title_of_a_note_at_the_end_of_a_file_is_cited_within_the_file() -> None:
    text = '# Guide\n\nSome words about it all.\n\n!!! note "Secret"\n    Keep the secret well hidden.'
    module = write(make_brief({"guide.md": text}))
    assert "Note: Secret" in module.main_content + module.introduction
    assert max(one.end_line for one in module.citations) == 6


def test_directives_of_restructuredtext_are_shown_whole() -> None:
    text = lesson_of("guide.rst", RST)
    assert "> **Note:** Mind the gap." in text
    assert "> **Added in version 2.1**[^" in text
    assert "- `open(path)`, `open(path, mode)`: Opens the store.[^" in text
    assert "`parts.py`[^" in text
    assert "A second paragraph about it." in text


def test_a_signature_in_an_item_shows_no_escapes() -> None:
    text = "Recipes\n=======\n\n* .. function:: same(\\*seqs)\n\n  Says whether all are equal here.\n"
    brief = make_brief({"docs/recipes.rst": text})
    shown = write(brief)
    assert "- `same(*seqs)`" in shown.introduction + shown.main_content
    assert not check(brief, shown).findings


def test_lists_that_follow_each_other_stay_apart() -> None:
    text = lesson_of(
        "a.md", "# T\n\nTwo lists stand here, one below the other.\n\n- one\n\n* two\n\n1. three\n\n1) four\n"
    )
    assert [line[:2] for line in text.split("\n") if line.startswith(("-", "*", "1"))] == ["- ", "* ", "1.", "1)"]


def test_what_the_reader_did_not_know_is_shown_as_code() -> None:
    text = lesson_of("a.md", "# T\n\nThe value of {{ x }} and a lone ` tick and <Unknown> stand in this sentence.\n")
    assert "`{{ x }}`" in text
    assert read_markdown("", text).html == ()
    assert "stand in this sentence" in text


def test_escaped_brackets_around_code_are_no_tag() -> None:
    signature = r"**Tree**: `Record`\<`string` \| `number`, `any`\>"
    text = lesson_of("a.md", f"# T\n\nThe state of a store is kept in a tree.\n\n> {signature}\n")
    assert signature in text


def test_a_bar_in_the_code_of_a_cell_keeps_the_backslash_before_it() -> None:
    text = lesson_of("a.md", "# T\n\nThe forms are these two.\n\n| A | B |\n|---|---|\n| `x\\\\|y` | p \\| q |\n")
    assert "| `x\\\\|y` | p \\| q |" in text


def test_a_long_table_is_cited_row_by_row_and_a_short_one_once() -> None:
    rows = "".join(f"| `name{n}` | meaning {n} |\n" for n in range(60))
    text = lesson_of("a.md", f"# T\n\nAll of the names stand in the table.\n\n| Name | Meaning |\n|---|---|\n{rows}")
    assert text.count("| meaning") == 60
    assert all(row.own for row in read_markdown("", text).statements if row.kind == "table_row")
    module = write(make_brief({"a.md": f"# T\n\nNames stand here in a table.\n\n| A | B |\n|---|---|\n{rows}"}))
    assert max(one.end_line - one.start_line + 1 for one in module.citations) <= 40


def test_code_is_cited_as_long_as_it_is() -> None:
    code = "\n".join(f"x{n} = {n}" for n in range(90))
    module = write(make_brief({"a.md": f"# T\n\nA long example stands below.\n\n```python\n{code}\n```\n"}))
    (block,) = read_markdown("", module.main_content).code
    assert block.text == code
    assert not block.adapted


def test_lines_that_the_author_highlights_are_named_in_the_info_string() -> None:
    fence = "```js{1,3-4,6}\na\nb\nc\nd\ne\n```"
    module = write(brief := make_brief({"a.md": f"# T\n\nThe highlighted lines matter.\n\n{fence}\n"}))
    assert re.search(r"```js cite=\w+ marked=1,3-4\na\nb", module.main_content)
    assert check(brief, module).findings == ()


def test_preformatted_html_stands_as_a_browser_shows_it_and_is_not_adapted() -> None:
    code = '"the" =&gt; sat on <a href="#t"><strong>the</strong></a> mat'
    brief = make_brief({"a.md": f"# T\n\nA match is marked below.\n\n<pre>\n{code}\n</pre>\n"})
    module = write(brief)
    (block,) = read_markdown("", module.main_content).code
    assert block.text == '"the" => sat on the mat'
    assert not block.adapted
    assert [finding for finding in check(brief, module).findings if finding.gate == "Q5"] == []


def test_marks_that_colour_lines_are_not_shown_but_that_of_a_removed_line() -> None:
    code = (
        "keep() // [!code focus:2]\n<b/> <!-- [!code warning] -->\nput(b) // why // [!code ++]\ntake(c) // [!code --]"
    )
    brief = make_brief({"a.md": f"# T\n\nA match is marked below.\n\n```js\n{code}\n```\n"})
    module = write(brief)
    (block,) = read_markdown("", module.main_content).code
    assert block.text == "keep()\n<b/>\nput(b) // why\ntake(c) // [!code --]"
    assert not block.adapted
    assert check(brief, module).findings == ()


def test_a_name_that_is_called_has_its_brackets_and_an_item_that_holds_one_term_one_bullet() -> None:
    text = "Recipes\n=======\n\n* Parts of it\n    * Take one with :meth:`~depot.take` today.\n    * Put one back.\n"
    brief = make_brief({"docs/recipes.rst": text})
    module = write(brief)
    shown = re.sub(r"\[\^\w+\]", "", module.introduction + module.main_content)
    assert "- **Parts of it**\n  - Take one with `take()` today.\n  - Put one back." in shown
    assert check(brief, module).findings == ()


def test_a_heading_keeps_the_code_that_its_author_marked() -> None:
    text = lesson_of(
        "guide.md",
        "# Guide\n\nIt begins here.\n\n## Exporting `just` and just\n\nSet it so.\n\n## `take`\n\nIt takes.\n\n"
        "## ``run a_b``\n\nIt runs.\n",
    )
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Exporting `just` and just",
        "`take`",
        "`run a_b`",
    ]


def test_code_in_a_heading_ends_before_a_comma() -> None:
    text = lesson_of("a.md", "# T\n\nIt begins.\n\n## test_eq test_ne, and more\n\nBoth of them compare two things.\n")
    assert "## `test_eq` `test_ne`, and more" in text


def test_what_looks_like_a_citation_mark_is_code_in_code_and_escaped_in_prose() -> None:
    text = lesson_of("a.md", "# T\n\nThe pattern `[^c]ar` leaves out one letter, as [^ x does in this sentence.\n")
    assert "`[^c]ar`" in text
    assert "as \\[^ x does" in text


def test_code_in_a_quotation_equals_its_lines() -> None:
    page = "# T\n\n> Do this first:\n> ```sh\n> cd depot\n>   ls\n> ```\n>\n> > ```sh\n> > pwd\n> > ```\n"
    brief = make_brief({"a.md": page})
    module = write(brief)
    blocks = read_markdown("", module.main_content).code
    assert [(block.text, block.adapted) for block in blocks] == [("cd depot\n  ls", False), ("pwd", False)]
    assert "Q5" not in {finding.gate for finding in check(brief, module).findings}


def test_headings_keep_their_depth_and_the_title_of_the_module_is_not_said_again() -> None:
    page = "# Guide\n\nIt begins here with words.\n\n## One\n\nText is here.\n\n#### Deep\n\nText stands deep.\n"
    module = write(make_brief({"a.md": page}))
    assert [(h.level, h.text) for h in read_markdown("", module.main_content).headings] == [(2, "One"), (3, "Deep")]


def test_a_row_of_headings_without_text_is_a_list_of_names() -> None:
    text = "# Views\n\nThese exist.\n\n## One\n\n### two\n\n### three\n\n## Left\n\n## Last\n\nIt ends here.\n"
    brief = make_brief({"views.md": text})
    kept = tuple(one for one in brief.module.sections if one.heading in ("Views", "Last"))
    lone = replace(brief, module=brief.module.model_copy(update={"sections": kept}))
    assert re.findall("#+ .*", write(lone).main_content) == ["## Last"]
    rows = make_brief({"views.md": text.replace("## One\n\n", "")})
    rows = replace(rows, module=rows.module.model_copy(update={"sections": kept}))
    module = write(rows)
    shown = re.findall("#+ .*", f"{module.introduction}\n\n{module.main_content}")
    assert shown == ["## two", "## three", "## Left", "## Last"]
    assert not [one for one in check(rows, module).findings if one.gate == "Q19"]


def test_no_heading_says_again_what_the_title_or_the_next_heading_says() -> None:
    page = "# Guide\n\n## Words\n\nText is here.\n\n## End\n\n### End\n\nIt ends for good.\n"
    brief = make_brief({"a.md": page})
    named = replace(brief, module=brief.module.model_copy(update={"title": "Guide: Words"}))
    assert [h.text for h in read_markdown("", write(named).main_content).headings] == ["End"]


def test_links_lead_to_modules_to_headings_or_become_their_words() -> None:
    text = (
        "# Guide\n\nSee [the reference](reference.md), [the end](#end), [nothing](gone.md) and [a site](https://a.example)."
        "\n\n## End\n\nHere it ends for good.\n"
    )
    brief = make_brief({"docs/guide.md": text, "docs/reference.md": FILES["docs/reference.md"]})
    module = write(brief)
    shown = f"{module.introduction}{module.main_content}"
    assert f"[the reference](#{brief.pathway.modules[1].id})" in shown
    assert "[the end](#end)" in shown
    assert "nothing and [a site](https://a.example)" in shown


def test_included_prose_stands_in_its_place_and_cites_the_file_it_stands_in() -> None:
    page = (
        "= Guide\n\nBegin here.\n\ninclude::partial$setup.adoc[]\n\n[WARNING]\n====\n"
        "include::partial$care.adoc[]\n====\n\nThe end of it.\n"
    )
    setup = "\n\n\nPut a part in.\n\n* a small one\n\n|===\n|Option |Meaning\n\n|size |how many parts\n|===\n"
    parts = {"modules/a/partials/setup.adoc": setup, "modules/a/partials/care.adoc": "\nTake care.\n"}
    brief = make_brief({"modules/a/pages/guide.adoc": page}, included=parts)
    module = write(brief)
    lesson = lesson_words(f"{module.introduction}\n\n{module.main_content}")
    assert lesson.index("begin here") < lesson.index("put a part in") < lesson.index("a small one")
    assert lesson.index("how many parts") < lesson.index("warning take care") < lesson.index("the end of it")
    cited = {(one.path, one.start_line) for one in module.citations}
    assert {("modules/a/partials/setup.adoc", line) for line in (4, 6)} <= cited
    assert ("modules/a/partials/care.adoc", 2) in cited
    assert check(brief, module).findings == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/guide.md", "# Guide\n\nType: `number`\\\nDefault: `1`  \nLeast: `0`\n"),
        ("docs/guide.md", "# Guide\n\n- Type: `number`<br>\n  Default: `1`<br>Least: `0`\n"),
        ("docs/guide.rst", "Guide\n=====\n\n| Type: ``number``\n| Default: ``1``\n| Least: ``0``\n"),
        ("docs/guide.adoc", "= Guide\n\nType: `number` +\nDefault: `1` +\nLeast: `0`\n"),
    ],
)
def test_lines_that_the_author_breaks_stay_apart(path: str, text: str) -> None:
    module = write(make_brief({path: text}))
    told = [line for line in f"{module.introduction}\n{module.main_content}".split("\n") if "`" in line]
    assert [line.strip(" -").partition(":")[0] for line in told] == ["Type", "Default", "Least"]


@pytest.mark.parametrize(
    ("path", "reference", "title"),
    [
        ("docs/guide.md", "{doc}`types`", "Type Annotations"),
        ("docs/guide.rst", ":doc:`types`", "Type Annotations"),
        ("docs/guide.adoc", "xref:types.adoc[]", "Type Annotations"),
        ("docs/guide.rst", ":doc:`these <types>`", "these"),
        ("docs/guide.rst", ":doc:`init`", "Initialization"),
    ],
)
def test_a_link_without_words_shows_the_title_of_its_page(path: str, reference: str, title: str) -> None:
    suffix = path.rpartition(".")[2]
    heading = {"md": "# {}", "rst": "{}\n==================", "adoc": "= {}"}[suffix]
    files = {
        path: f"{heading.format('Guide')}\n\nSee {reference} for the whole story.\n",
        f"docs/types.{suffix}": f"{heading.format('Type Annotations')}\n\nA type says what fits.\n",
        f"docs/init.{suffix}": f"{heading.format('Initialization')}\n\nA class begins.\n",
    }
    module = write(make_brief(files))
    assert f"See [{title}](#" in f"{module.introduction}{module.main_content}"


def test_names_of_other_pages_are_links_to_their_modules() -> None:
    files = {
        "a.rst": "One\n===\n\nSee :ref:`tables` and :class:`~relay.Client` first, and ``Client`` as it is.\n",
        "b.rst": ".. _tables:\n\nTables of all\n=============\n\n.. class:: relay.Client\n\n   A client sends.\n",
    }
    brief = make_brief(files)
    home = brief.pathway.modules[1].id
    assert f"See [Tables of all](#{home}) and [`Client`](#{home}) first" in write(brief).main_content


def test_a_reference_by_a_label_of_other_words_shows_the_heading_and_cites_it() -> None:
    files = {
        "a.rst": "One\n===\n\nSee :ref:`api_xt` before anything else.\n",
        "b.rst": ".. _api_xt:\n\nExtracting columns\n==================\n\nTake a column out of a table.\n",
    }
    brief = make_brief(files)
    module = write(brief)
    assert f"See [Extracting columns](#{brief.pathway.modules[1].id}) before" in module.main_content
    assert {(one.path, one.start_line, one.end_line) for one in module.citations} >= {("a.rst", 4, 4), ("b.rst", 3, 3)}
    assert check(brief, module).findings == ()


def test_a_page_that_is_a_term_has_its_title_and_the_title_is_cited() -> None:
    files = {
        "a.rst": "One\n===\n\n:doc:`api_xt`\n   Read it before anything else.\n",
        "api_xt.rst": "Extracting columns\n==================\n\nTake a column out of a table.\n",
    }
    brief = make_brief(files)
    module = write(brief)
    assert f"**[Extracting columns](#{brief.pathway.modules[1].id})**: Read it" in module.main_content
    assert ("api_xt.rst", 1, 1) in {(one.path, one.start_line, one.end_line) for one in module.citations}
    assert check(brief, module).findings == ()


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        (":ref:`tut-venv`", "`tut-venv`"),
        (":ref:`elsewhere`", "elsewhere"),
        (":ref:`the tutorial <tut-venv>`", "the tutorial"),
        (":doc:`other:howto/defer-intro`", "`defer-intro`"),
        (":download:`all_parts.zip`", "`all_parts.zip`"),
    ],
)
def test_a_label_of_another_project_is_shown_as_a_name(reference: str, shown: str) -> None:
    brief = make_brief({"a.rst": f"One\n===\n\nSee {reference} before anything else.\n"})
    module = write(brief)
    assert f"See {shown} before anything" in f"{module.introduction}{module.main_content}"
    assert check(brief, module).findings == ()


def test_emphasis_by_underscores_in_a_link_is_emphasis() -> None:
    files = {
        "a.md": "# One\n\nSee ([_`Store`_](b.md)), which keeps it all.\n",
        "b.md": "# Two\n\nA store keeps parts.\n",
    }
    brief = make_brief(files)
    module = write(brief)
    assert f"See ([*`Store`*](#{brief.pathway.modules[1].id}))" in module.main_content
    assert check(brief, module).findings == ()


def test_emphasis_by_underscores_beside_one_by_asterisks_stays_apart_from_it() -> None:
    module = write(brief := make_brief({"a.md": "# One\n\nA store is *names*_?_ **x**_?_ or _none_ of both.\n"}))
    assert "A store is *names*_?_ **x**_?_ or *none* of both" in f"{module.introduction}{module.main_content}"
    assert check(brief, module).findings == ()


def test_a_sentence_that_holds_another_one_has_its_mark_behind_both() -> None:
    said = "- A store is a\n  place (That's where parts meet.\n  In that case ``b`` needs ``a``). It stays\n  open.\n"
    module = write(brief := make_brief({"a.rst": f"One\n===\n\n{said}"}))
    assert re.search(r"meet\.\[\^(\w+)\] In that case `b` needs `a`\)\.\[\^\1\] It stays", module.main_content)
    assert check(brief, module).findings == ()


def test_underscores_of_an_address_are_no_emphasis_in_its_label() -> None:
    module = write(
        brief := make_brief({"a.md": "# One\n\nA store is at https://a.example/__x__/b_c and stays open.\n"})
    )
    assert r"[https://a.example/\_\_x\_\_/b_c](https://a.example/__x__/b_c)" in module.main_content
    assert check(brief, module).findings == ()


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("Usage with setup()", "Usage with `setup()`"),
        ("str_detect(): Find a pattern", "`str_detect()`: Find a pattern"),
        ("wrap(f(a), b)", "`wrap(f(a), b)`"),
        ("Install the package(s)", "Install the package(s)"),
        ("Call with ``()``", "Call with ``()``"),
        ("`draw", "draw"),
    ],
)
def test_a_heading_shows_as_code_only_the_call_it_names(heading: str, shown: str) -> None:
    assert show_heading(heading) == shown


@pytest.mark.parametrize(
    ("written", "heading", "shown"),
    [
        ("## 2. ``each`table`(name, fn)``", "2. each`table`(name, fn)", "2. ``each`table`(name, fn)``"),
        ("### `each(table)(name, fn)`", "each(table)(name, fn)", "`each(table)(name, fn)`"),
        ("## `roots` [array&lt;a&gt;]", "roots [array<a>]", r"`roots` \[array`<a>`\]"),
        ("## find(roots: Array<a>)", "find(roots: Array<a>)", "`find(roots: Array<a>)`"),
        ("## The `if !` of it", "The if ! of it", "The `if !` of it"),
    ],
)
def test_a_heading_shows_as_code_what_its_author_marked_as_code(written: str, heading: str, shown: str) -> None:
    assert show_heading(heading, written) == shown


def test_the_blank_at_the_end_of_a_links_words_stays_before_the_next_word() -> None:
    text = "The server has a [jsz ](https://e.org/jsz)endpoint, and [tells ](https://e.org/t) [why ](https://e.org/w)."
    lesson = write(make_brief({"a.md": f"# Jig\n\n{text}\n"}))
    shown = f"{lesson.introduction}{lesson.main_content}"
    assert "[jsz](https://e.org/jsz) endpoint, and [tells](https://e.org/t) [why](https://e.org/w)." in shown


def test_an_address_that_begins_with_a_place_for_a_name_stays_as_it_is() -> None:
    assert r"Open https://\<name>.example/ now." in lesson_of(
        "guide.md", "# Guide\n\nOpen https://<name>.example/ now.\n"
    )

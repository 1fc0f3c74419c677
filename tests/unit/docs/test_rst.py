"""reStructuredText: every construct becomes CommonMark with the raw lines it stands on."""

import pytest

from shared.docs.model import Origin
from shared.docs.references import find_references
from shared.docs.rst.definitions import find_definitions
from tests.support.processor_time import processor_seconds
from tests.unit.docs.pages import blocks
from tests.unit.docs.reading import only_block, outline, prose, read, told


def test_titles_get_levels_in_the_order_their_styles_first_appear() -> None:
    document = read("a.rst", "=====\nGuide\n=====\n\nFirst\n-----\n\nDeep\n~~~~\n\nSecond\n------\n\nWords here.\n")
    assert outline(document) == [(1, "Guide", 2), (2, "First", 5), (3, "Deep", 8), (2, "Second", 11)]
    assert (document.title, document.title_line) == ("Guide", 2)


def test_a_title_loses_its_markup_and_a_document_without_one_is_named_by_its_file() -> None:
    assert read("a.rst", "Use ``run`` and :func:`~a.b`\n============================\n").title == "Use run and b()"
    document = read("docs/getting-started.rst", "Only a sentence.\n")
    assert document.title == "Getting started"
    assert document.sections[0].heading == "Getting started"


def test_a_rule_between_paragraphs_is_no_title() -> None:
    document = read("a.rst", "Title\n=====\n\nOne thing.\n\n----\n\nAnother thing.\n")
    assert outline(document) == [(1, "Title", 1)]
    assert prose(document) == "One thing. Another thing."


def test_sentences_know_the_lines_they_begin_and_end_on() -> None:
    block = only_block(read("a.rst", "The first one. The second\ngoes on here. The\nthird ends.\n"))
    assert told(block) == [
        ("The first one.", 1, 1),
        ("The second goes on here.", 1, 2),
        ("The third ends.", 2, 3),
    ]


def test_windows_line_ends_and_tabs_do_not_move_lines() -> None:
    document = read("a.rst", "Title\r\n=====\r\n\r\nExample::\r\n\r\n\tif x:\r\n\t\ty()\r\n")
    code = blocks(document)[-1]
    assert (code.code, code.start_line, code.end_line) == ("if x:\n\ty()", 6, 7)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Call ``run()`` now.", "Call `run()` now."),
        ("Use :func:`~pkg.mod.run` now.", "Use `run()` now."),
        ("Use :py:class:`.Thing` now.", "Use `Thing` now."),
        ("Use :class:``Thing`` now.", "Use `Thing` now."),
        ("Use :meth:`.draw()` now.", "Use `draw()` now."),
        ("Use :class:`.Draw` now.", "Use `Draw` now."),
        ("A part -- ``a --b`` --- is --big.", "A part – `a --b` — is --big."),
        ("Use :func:`!plain` now.", "Use `plain()` now."),
        ("Use :meth:`the long way <a.b.c>` now.", "Use the long way now."),
        ("Use :option:`--all` now.", "Use `--all` now."),
        ("See :ref:`the guide <guide>` now.", "See [the guide](ref:guide) now."),
        ("See :ref:`advanced-usage` now.", "See [advanced usage](ref:advanced-usage) now."),
        ("See :ref:`python:warning-filter` now.", "See [warning filter](ref:python-warning-filter) now."),
        ("New in :ref:`10.1` and old.", "New in [10.1](ref:10.1) and old."),
        ('"``[--]``". A dash.', '"`[--]`". A dash.'),
        ("See :pep:`8` now.", "See [PEP 8](https://peps.python.org/pep-0008/) now."),
        ("Fixed in :issue:`123` now.", "Fixed in #123 now."),
        ("Press :kbd:`Ctrl+C` and :guilabel:`&OK` now.", "Press `Ctrl+C` and **OK** now."),
        ("A :term:`fixture` is *very* **good**.", "A [fixture](ref:term-fixture) is *very* **good**."),
        ("Read `the site <https://a.example/x_y>`_ now.", "Read [the site](https://a.example/x_y) now."),
        ("Read `the site <https://a.example>`__ now.", "Read [the site](https://a.example) now."),
        ("An identifier `name` in single ticks.", "An identifier `name` in single ticks."),
        ("A note [1]_ and a source [CIT2002]_ here.", "A note \\[1\\] and a source \\[CIT2002\\] here."),
        (r"Joined\ ``code``\ s and a \*star\* here.", r"Joined`code`s and a \*star\* here."),
        ("Plain __init__ and 2 * 3 < 4 stay.", r"Plain `__init__` and 2 \* 3 < 4 stay."),
        ("Go to https://a.example/x_y. Done.", "Go to https://a.example/x_y. Done."),
        ("Both ``a``:func:`b` touch.", "Both `a` `b()` touch."),
        ("A tag <b> in plain text.", r"A tag \<b> in plain text."),
        ("Calls ``add`` with \\", "Calls `add` with"),
        ("Though it` is a :obj:`dict` too.", "Though it is a `dict` too."),
    ],
)
def test_inline_markup_becomes_commonmark(written: str, shown: str) -> None:
    assert prose(read("docs/a.rst", written + "\n")) == shown


def test_links_by_name_and_without_name_find_their_targets() -> None:
    document = read(
        "a.rst", "See Python_, `the docs`_ and `this`__.\n\n.. _Python: https://python.org\n"
        ".. _the docs: https://docs.example\n__ https://third.example\n",
    )  # fmt: skip
    assert prose(document) == (
        "See [Python](https://python.org), [the docs](https://docs.example) and [this](https://third.example)."
    )
    assert [link.line for link in document.links] == [1, 1, 1]


def test_a_link_to_a_document_names_its_file() -> None:
    document = read("docs/guide/a.rst", "See :doc:`../install` and :doc:`more <other>`.\n")
    assert prose(document) == "See [install](../install.rst) and [more](other.rst)."
    assert [link.path for link in document.links] == ["docs/install.rst", "docs/guide/other.rst"]


def test_a_reference_to_a_label_of_this_document_links_to_its_heading() -> None:
    document = read("a.rst", ".. _setup:\n\nSetting up\n==========\n\nSee :ref:`setup` again.\n")
    assert prose(document) == "See [setup](ref:setup) again."


def test_markup_may_run_over_line_ends() -> None:
    block = only_block(read("a.rst", "Run ``a\nb`` with `the\nlink <https://a.example>`_ here.\nNext one.\n"))
    assert told(block) == [("Run `a b` with [the link](https://a.example) here.", 1, 3), ("Next one.", 4, 4)]


def test_a_substitution_that_stands_for_a_name_of_code_is_its_own_name_and_leads_to_the_other() -> None:
    document = read("a.rst", "Call |add| now.\n\n.. |add| replace:: :meth:`~pkg.Log.add()`\n")
    assert prose(document) == "Call `add` now."
    assert [(link.text, link.target) for link in document.links] == [("add", "ref:pkg.Log.add")]


def test_a_substitution_is_put_in_and_one_whose_value_is_not_in_its_lines_is_named() -> None:
    document = read("a.rst", "The |name| runs. It is |that| now, of |version|.\n\n.. |name| replace:: tool\n")
    assert prose(document) == "The tool runs. It is *that* now, of *version*."
    broken = read("a.rst", "One |br|\ntwo.\n\n.. |br| raw:: html\n\n   <br/>\n")
    assert prose(broken) == "One two."


def test_a_substitution_goes_on_over_lines_and_holds_marks() -> None:
    text = "A |kind| pot |holds| it.\n\n.. |kind| replace:: *very\n   large*\n"
    text += ".. |holds| replace::\n\n   does hold\n\nEnd.\n"
    assert told(blocks(read("a.rst", text))[0]) == [("A *very large* pot does hold it.", 1, 1)]


def test_a_substitution_is_read_once_and_the_text_of_all_is_limited() -> None:
    page = "x |a| y\n\n" * 2_000 + ".. |a| replace:: " + "word `b`_ " * 1_000 + "\n"
    assert processor_seconds(lambda: read("a.rst", page)) < 1
    document = read("a.rst", page)
    assert prose(document).endswith("x *a* y")
    assert 1_000 <= len(document.links) <= 10_000
    document = read(
        "a.rst", "A |b|.\n\nThe |b|.\n\nOn |c|.\n\n.. |b| replace:: `x <y.rst>`_\n.. |c| replace:: 1 `x`_\n"
    )
    assert [(link.target, link.line) for link in document.links] == [("y.rst", 1), ("y.rst", 3)]  # `c` shows none


@pytest.mark.parametrize(
    ("definitions", "shown"),
    [
        (".. only:: html\n\n   .. |a| replace:: foo\n   .. |b| replace:: bar\n", "The foo and bar x."),
        (".. |a| replace:: foo\n   .. _link: https://x.example\n\n.. |b| replace:: bar\n", "The foo and bar x."),
        (".. |a| replace:: foo\n   :trim:\n.. |b| unicode:: bar\n   :ltrim:\n", "The foo and bar x."),
        ("  .. |a| replace:: foo\n    goes\n\ton\n  Words.\n\n.. |b| replace:: bar\n", "The foo goes on and bar x."),
    ],
)
def test_a_substitution_ends_before_what_is_no_text_of_it(definitions: str, shown: str) -> None:
    assert told(blocks(read("a.rst", f"The |a| and |b| x.\n\n{definitions}"))[0]) == [(shown, 1, 1)]


@pytest.mark.parametrize("code", ["0x0A", "U+0085", "U+2028", "0x0D"])
def test_a_line_end_by_its_code_is_a_blank(code: str) -> None:
    assert prose(read("a.rst", f"The |x| is.\n\n.. |x| unicode:: a {code} b\n")) == "The a b is."
    files = {"docs/conf.py": f"rst_epilog = '.. |x| unicode:: a {code} b'\n"}
    assert prose(read("docs/a.rst", "The |x| is.\n", files)) == "The a b is."


def test_many_substitutions_that_are_indented_are_found_in_time_by_their_number() -> None:
    page = "The |a1|.\n\n" + "".join(f"  .. |a{n}| replace:: b\n" for n in range(10_000))
    assert processor_seconds(lambda: find_definitions(page.split("\n"))) < 1


def test_what_a_project_puts_around_its_pages_defines_substitutions() -> None:
    conf = 'rst_prolog = ".. |pot| replace:: kettle\\n"\n'
    conf += 'rst_epilog = """\n.. include:: /parts/all.inc\n.. |v| replace:: %s\n"""\n'
    parts = ".. |whole| replace::\n\n    This page tells of only a part of the *great* machine,\n    *see:*\n"
    files = {"docs/conf.py": conf, "docs/parts/all.inc": parts}
    path, text = "docs/lib/a.rst", "Title\n=====\n\n|whole| :mod:`boil`.\n\nThe |pot| |v| boils.\n"
    assert find_references(path, text).includes[-1:] == ("conf.py",)
    assert "docs/parts/all.inc" in find_references("docs/conf.py", conf).includes
    whole, rest, last = blocks(read(path, text, files))
    assert told(whole) == [("This page tells of only a part of the *great* machine, *see:*", 3, 4)]
    assert whole.origin == Origin("docs/parts/all.inc", 3, 4)
    assert [one.sentences[0].text for one in (rest, last)] == ["`boil`.", "The kettle *v* boils."]


WHOLE = "This page tells of only a part of the great machine."
SUM = r"""rst_prolog = (
    ".. |whole| replace:: This page tells\n" +
    "   of only a part\n" +
    "   of the great machine.\n" + "\n"
)
"""
TOGETHER = r"""rst_prolog = (
    ".. |whole| replace::\n\n"
    # of all
    "   This page tells of\n"
    "   only a part of the great machine."
)
"""
NAMED = "The Free Software Foundation of the United States of America"


@pytest.mark.parametrize(
    ("conf", "lines"),
    [
        (f'rst_prolog = """\\\n.. |whole| replace:: {WHOLE}\n"""\n', (2, 2)),
        (f'rst_prolog = """.. |x| replace:: a\\n\n.. |whole| replace:: {WHOLE}\n"""\n', (2, 2)),
        (SUM, (2, 4)),
        (TOGETHER, (4, 5)),
        (f'rst_epilog = "\\n".join([\n    ".. |v| replace:: 1",\n    ".. |whole| replace:: {WHOLE}",\n])\n', (3, 3)),
    ],
)
def test_sentences_of_a_project_are_cited_by_the_lines_of_its_settings(conf: str, lines: tuple[int, int]) -> None:
    first, last = blocks(read("docs/a.rst", "Title\n=====\n\n|whole|\nAnd more.\n", {"docs/conf.py": conf}))
    assert prose_of(first) == WHOLE
    assert first.origin == Origin("docs/conf.py", *lines)
    assert told(last) == [("And more.", 5, 5)]


def test_a_definition_that_a_project_fills_in_is_none() -> None:
    conf = 'v = "1"\nrst_prolog = f""".. |v| replace:: {v}\n.. |w| replace:: goes\n   to {v}\n"""\n'
    conf += 'rst_epilog = ".. |x| replace:: " + v + "\\n.. |y| replace:: red\\n"\n'
    document = read("docs/a.rst", "The |v|, |w|, |x|, |y|.\n", {"docs/conf.py": conf})
    assert prose(document) == "The *v*, *w*, *x*, red."


def test_a_name_of_many_words_or_one_inside_of_other_elements_parts_nothing() -> None:
    conf = f'rst_epilog = """\n.. |fsf| replace:: {NAMED}\n.. |whole| replace:: {WHOLE}\n"""\n'

    def shown(text: str) -> list[tuple[str, str, str]]:
        return [(b.kind, b.term, prose_of(b)) for b in blocks(read("docs/a.rst", text, {"docs/conf.py": conf}))]

    assert shown("* |fsf| is one.\n* |whole| Two.\n") == [
        ("list_item", "", f"{NAMED} is one."), ("list_item", "", f"{WHOLE} Two."),
    ]  # fmt: skip
    assert shown(".. note:: |whole| Know it.\n") == [("admonition", "", f"{WHOLE} Know it.")]
    assert shown("|fsf|\n    It is.\n\n|whole|\n    It is.\n") == [
        ("definition", NAMED, "It is."), ("definition", WHOLE, "It is."),
    ]  # fmt: skip
    assert shown("|fsf| is it.\n\n|whole| and more.\n") == [
        ("paragraph", "", f"{NAMED} is it."), ("paragraph", "", f"{WHOLE} and more."),
    ]  # fmt: skip
    assert shown("|whole| More\nwords.\n.. note:: Hello.\n")[1:] == [
        ("paragraph", "", "More words."), ("admonition", "", "Hello."),
    ]  # fmt: skip
    own = ".. |whole| replace:: pot\n\n|whole| Goes.\n"
    assert shown(own) == [("paragraph", "", "pot Goes.")]


def test_the_nearest_settings_and_the_nearest_text_they_include_count() -> None:
    files = {
        "docs/sub/conf.py": "rst_prolog = '.. include:: /p.inc\\n.. include:: s.inc\\n'\n",
        "docs/conf.py": "rst_prolog = '.. |out| replace:: out\\n'\n",
        "docs/sub/p.inc": ".. |a| replace:: near\n", "docs/p.inc": ".. |b| replace:: far\n",
        "docs/sub/in/s.inc": ".. |c| replace:: beside\n", "docs/sub/s.inc": ".. |c| replace:: above\n",
    }  # fmt: skip
    document = read("docs/sub/in/a.rst", "The |a|, |b|, |c|, |out|.\n", files)
    assert prose(document) == "The near, *b*, beside, *out*."


@pytest.mark.parametrize("line", ["`a" + " " * 100_000, "`" + "a " * 50_000, "`a <" + "b" * 100_000])
def test_addresses_in_a_long_line_are_found_in_time_by_its_length(line: str) -> None:
    assert processor_seconds(lambda: find_definitions([line])) < 1


def test_a_heading_leaves_out_the_release_that_a_build_puts_in() -> None:
    assert read("a.rst", "Widgets |version|\n=================\n\nWords.\n").title == "Widgets"


def test_a_title_that_is_a_picture_is_named_by_its_words() -> None:
    text = "|Logo|\n======\n\n.. |Logo| image:: a.png\n    :width: 3\n    :alt: The Kettle\n\nWords.\n\nNext\n----\n"
    assert outline(read("a.rst", text)) == [(1, "The Kettle", 1), (2, "Next", 10)]


def test_dashes_of_a_title_are_those_that_sphinx_prints() -> None:
    assert read("a.rst", "a --- b -- c --d\n================\n\nWords.\n").title == "a — b – c --d"


def test_a_document_that_opens_with_text_is_not_named_by_one_of_its_parts() -> None:
    text = "It boils.\n\nUse\n===\n\nPress.\n\nLicence\n=======\n\nFree.\n"
    assert read("README.rst", text).title == "README"
    assert read("README.rst", text.partition("Licence")[0]).title == "Use"


def test_code_between_single_backticks_is_code_and_words_are_emphasised() -> None:
    document = read("a.rst", "Write `{% set a = b %}` and `x = f(1)` in *time*, as `the guide` says.\n")
    assert prose(document) == "Write `{% set a = b %}` and `x = f(1)` in *time*, as *the guide* says."


def test_a_name_of_code_between_single_backticks_is_shown_as_sphinx_shows_it() -> None:
    document = read("a.rst", "Call `dump <pkg.Schema.dump>` or `~pkg.Schema.load` once.\n")
    assert prose(document) == "Call `dump` or `load` once."


def test_lists_keep_numbers_nesting_and_one_id_a_list() -> None:
    document = read("a.rst", "- One thing.\n- Two\n  things.\n\n  1. First.\n  2. Second.\n\n- Three.\n")
    items = blocks(document)
    assert [(b.kind, b.depth, b.ordered, b.number) for b in items] == [
        ("list_item", 0, False, 1), ("list_item", 0, False, 2), ("list_item", 1, True, 1),
        ("list_item", 1, True, 2), ("list_item", 0, False, 3),
    ]  # fmt: skip
    assert items[0].list_id == items[1].list_id == items[4].list_id != items[2].list_id
    assert told(items[1]) == [("Two things.", 2, 3)]


def test_an_initial_is_no_list() -> None:
    assert only_block(read("a.rst", "A. Einstein was a\nphysicist.\n")).kind == "paragraph"


def test_code_in_an_item_is_a_block_of_its_own_one_deeper() -> None:
    item, code = blocks(read("a.rst", "- Do this::\n\n      run()\n"))
    assert (item.kind, told(item)) == ("list_item", [("Do this:", 1, 1)])
    assert (code.kind, code.depth, code.code, code.start_line) == ("code", 1, "run()", 3)


def test_definitions_fields_and_options_name_their_term() -> None:
    document = read(
        "a.rst", "Words.\n\nterm : kind\n   What it is.\n\n:param x: The value.\n\n-v, --verbose  Say more.\n"
    )
    found = [(b.term, b.sentences[0].text) for b in blocks(document) if b.kind == "definition"]
    assert found == [("term", "What it is."), ("`x`", "The value."), ("`-v, --verbose`", "Say more.")]


def test_a_substitution_that_is_a_link_leads_where_its_name_does() -> None:
    text = "Call |fetch|_ now, and |other|, |plain|_.\n\n.. |plain| replace:: words\n.. _plain: https://a.example/p\n"
    text += ".. |fetch| replace:: ``fetch()``\n.. _fetch: https://a.example/fetch\n"
    assert prose(read("a.rst", f"{text}.. |other| replace:: ``other()``\n")) == (
        "Call [`fetch`](https://a.example/fetch) now, and `other`, [words](https://a.example/p)."
    )


def test_the_fields_of_a_docstring_are_told_in_words() -> None:
    fields = ":param x: One.\n:type x: int\n:raises OSError: Two.\n:returns: Three.\n:rtype: str\n:meta: Four.\n"
    found = [one.term for one in blocks(read("a.rst", f"Words.\n\n{fields}")) if one.kind == "definition"]
    assert found == ["`x`", "Type of `x`", "Raises `OSError`", "Returns", "Of type", "meta"]
    fields = ":type: int\n:foo  : One.\n:raises OSError, KeyError: Two.\n:int  \u00a0: Three.\n"
    found = [one.term for one in blocks(read("a.rst", f"Words.\n\n{fields}")) if one.kind == "definition"]
    assert found[:3] == ["type", "foo", "Raises `OSError, KeyError`"]


def test_fields_at_the_head_of_a_file_are_not_prose() -> None:
    assert prose(read("a.rst", ":orphan:\n:author: Somebody\n\nTitle\n=====\n\nWords.\n")) == "Words."


def test_literal_blocks_lose_their_mark_and_keep_their_lines() -> None:
    document = read("a.rst", "Like this::\n\n    a = 1\n\n    b = 2\n\nOr ::\n\n  c\n\n::\n\n  $ d\n")
    found = blocks(document)
    assert [b.sentences[0].text for b in found if b.sentences] == ["Like this:", "Or"]
    assert [(b.code, b.start_line, b.end_line, b.language) for b in found if b.kind == "code"] == [
        ("a = 1\n\nb = 2", 3, 5, "python"), ("c", 9, 9, ""), ("$ d", 13, 13, "console"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("directive", "language"),
    [
        (".. code-block:: Python", "python"), (".. sourcecode:: js", "js"), (".. code::", ""),
        (".. click:example::", "python"), (".. doctest::", "pycon"),
        (".. parsed-literal::", "text"), (".. prompt:: bash", "bash"), (".. my:example::", ""),
    ],
)  # fmt: skip
def test_directives_whose_body_is_code(directive: str, language: str) -> None:
    block = only_block(read("a.rst", f"{directive}\n   :linenos:\n\n   x = 1\n       y\n"))
    assert (block.kind, block.code, block.language, block.start_line) == ("code", "x = 1\n    y", language, 4)


def test_one_of_several_first_headings_is_the_title_of_a_page_but_not_of_a_readme() -> None:
    text = "Donations\n=========\n\nGive.\n\nUse\n===\n\nRun it.\n"
    assert read("docs/use.rst", text).title == "Donations"
    readme = read("README.rst", text)
    assert (readme.title, [one.heading for one in readme.sections]) == ("README", ["Donations", "Use"])
    assert read("README.rst", text.partition("Use")[0]).title == "Donations"


def test_of_what_is_run_when_the_site_is_built_the_calls_are_named_and_no_output_is_shown() -> None:
    for gap in ("\n", ""):
        document = read("a.rst", f".. click:run::\n{gap}    invoke(hello)\n    invoke(hello, ['--help'])\n\nNext.\n")
        assert prose(document) == "`invoke(hello)` and `invoke(hello, ['--help'])` are not shown here. Next."
        assert [block.kind for block in blocks(document)] == ["quote", "paragraph"]


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ("default_role = 'any'\n", "A [slotted](ref:slotted-classes) class of `pkg.mod`, *as is*."),
        ("default_role = 'code'\n", "A `slotted <slotted classes>` class of `pkg.mod`, *as is*."),
        ("", "A `slotted <slotted classes>` class of `pkg.mod`, *as is*."),
    ],
)
def test_text_in_one_backtick_with_a_target_has_the_role_that_the_project_gives_it(settings: str, shown: str) -> None:
    text = "A `slotted <slotted classes>` class of `pkg.mod`, `as is`.\n"
    assert prose(read("docs/a.rst", text, {"docs/conf.py": settings})) == shown
    assert "docs/conf.py" in find_references("docs/a.rst", text).includes


def test_a_name_alone_in_one_backtick_is_sought_where_the_project_says_that_it_is_a_name() -> None:
    settings = {"docs/conf.py": "default_role = 'any'\n"}
    document = read("docs/a.rst", "Call `wait_ms()` or :mod:`python:socket`.\n", settings)
    assert prose(document) == "Call `wait_ms()` or `socket`."
    assert [link.text for link in document.links] == ["wait_ms()", "socket"]


def test_a_table_has_the_caption_of_its_directive() -> None:
    text = "A\n=\n\n.. table:: **Swap**\n\n   ===== ====\n   Value Name\n   ===== ====\n   1     two\n   ===== ====\n"
    assert [one.title for one in read("docs/a.rst", text).blocks if one.rows] == ["**Swap**"]


def test_a_picture_is_cited_with_the_line_of_its_words() -> None:
    text = "A\n=\n\n.. image:: https://host.example/a.png\n   :alt: The board v1.0\n"
    [image] = [one for one in read("docs/a.rst", text).blocks if one.image]
    assert (image.start_line, image.end_line) == (4, 5)


def test_doctest_blocks_and_the_highlight_language() -> None:
    first, second = blocks(read("a.rst", ".. highlight:: c\n\n>>> 1 + 1\n2\n\n::\n\n  int x;\n"))
    assert (first.language, first.code) == ("pycon", ">>> 1 + 1\n2")
    assert (second.language, second.code) == ("c", "int x;")


@pytest.mark.parametrize(
    ("settings", "text", "languages"),
    [
        ("", "::\n\n  run(1)\n\n::\n\n  run it\n\n::\n\n  {'a': 1}\n", ["python", "", ""]),
        ("highlight_language = 'none'\n", "::\n\n  run(1)\n", [""]),
        ('highlight_language="c"\n', "::\n\n  a 1\n\n.. highlight:: default\n\n::\n\n  a(1)\n", ["c", "python"]),
        ("", ".. code-block:: none\n\n  run(1)\n\n.. code-block::\n\n  run(1)\n", ["", "python"]),
    ],
)  # fmt: skip
def test_code_without_a_language_has_that_of_the_project(settings: str, text: str, languages: list[str]) -> None:
    assert "docs/conf.py" in find_references("docs/guide/a.rst", text).includes
    document = read("docs/guide/a.rst", text, {"docs/conf.py": settings})
    assert [block.language for block in blocks(document)] == languages


SOURCE = "import os\n\n\ndef first():\n    return 1\n\n\n@mark\ndef second():\n    # begin\n    return 2\n    # end\n"


@pytest.mark.parametrize(
    ("options", "code", "lines"),
    [
        ("", SOURCE.rstrip("\n"), (1, 12)),
        ("   :lines: 4-5\n", "def first():\n    return 1", (4, 5)),
        ("   :lines: 1, 4-5, 9\n", "import os\ndef first():\n    return 1\ndef second():", (1, 9)),
        ("   :pyobject: second\n", "@mark\ndef second():\n    # begin\n    return 2", (8, 11)),
        ("   :start-after: # begin\n   :end-before: # end\n   :dedent:\n", "return 2", (11, 11)),
        ("   :start-at: def first\n   :end-at: return\n", "def first():\n    return 1", (4, 5)),
    ],
)
def test_literalinclude_cites_the_lines_of_the_included_file(options: str, code: str, lines: tuple[int, int]) -> None:
    document = read("docs/a.rst", f".. literalinclude:: ../x.py\n{options}", {"x.py": SOURCE})
    block = only_block(document)
    assert block.origin is not None
    assert (block.code, block.language) == (code, "python")
    assert (block.origin.path, block.origin.start_line, block.origin.end_line) == ("x.py", *lines)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (".. code-block:: python\n   :emphasize-lines: 1, 3-5\n\n   a\n   b\n   c\n   d\n", (1, 3, 4)),
        (".. code-block:: python\n   :emphasize-lines:\n\n   a\n", ()),
        (".. literalinclude:: ../x.py\n   :lines: 2-\n   :emphasize-lines: 3,4,20\n", (1, 2)),
        (".. literalinclude:: ../x.py\n   :lines: 1, 4-5, 9\n   :emphasize-lines: 4\n", (4,)),
    ],
)
def test_lines_to_highlight_count_within_the_chosen_ones(text: str, marked: tuple[int, ...]) -> None:
    assert only_block(read("docs/a.rst", text, {"x.py": SOURCE})).marked == marked


def test_what_cannot_be_included_is_said() -> None:
    document = read("a.rst", ".. literalinclude:: no.py\n\n.. include:: b.rst\n\nWords.\n")
    assert prose(document) == "Words."
    assert len(document.problems) == 2
    assert "no.py" in document.problems[0]


def test_admonitions_have_a_label_a_title_and_their_own_sentences() -> None:
    text = (
        ".. note:: Short one.\n\n.. warning::\n   Long\n   one.\n\n   - An item.\n\n"
        ".. admonition:: My title\n\n   Body.\n\n.. versionadded:: 2.1\n   Now faster.\n"
    )
    found = blocks(read("a.rst", text))
    assert [(b.kind, b.label, b.title, prose_of(b)) for b in found] == [
        ("admonition", "note", "", "Short one."),
        ("admonition", "warning", "", "Long one."),
        ("list_item", "", "", "An item."),
        ("admonition", "note", "My title", "Body."),
        ("admonition", "versionadded", "Added in version 2.1", "Now faster."),
    ]
    assert told(found[1]) == [("Long one.", 4, 5)]


def prose_of(block: object) -> str:
    return " ".join(s.text for s in getattr(block, "sentences", ()))


def test_navigation_and_comments_leave_nothing() -> None:
    text = (
        ".. currentmodule:: x\n\n.. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\n"
        ".. contents::\n   :local:\n\n.. raw:: html\n\n   <b>no</b>\n\n.. a comment\n   goes on\n\n..\n\n"
        ".. index:: one\n\nWords.\n"
    )
    assert [b.kind for b in blocks(read("a.rst", text))] == ["paragraph"]


def test_pages_that_text_leads_to_are_a_list_of_links() -> None:
    entries = "   a\n   The b <b/index>\n   Out <https://a.dev>\n   self\n   genindex\n   c/*\n"
    text = f"Aa\n==\n\nThe pages below:\n\n.. toctree::\n   :maxdepth: 2\n\n{entries}\nBb\n--\n\n.. toctree::\n\n   a\n"
    document = read("docs/a.rst", f"{text}\nCc\n--\n\nWords.\n\n.. toctree::\n   :hidden:\n\n   a\n")
    assert [[prose_of(block) for block in section.blocks] for section in document.sections] == [
        ["The pages below:", "[a](a.rst)", "[The b](b/index.rst)", "[Out](https://a.dev)"], [], ["Words."],
    ]  # fmt: skip
    assert told(document.sections[0].blocks[2]) == [("[The b](b/index.rst)", 10, 10)]


def test_what_is_no_page_in_a_toctree_is_no_link_to_one() -> None:
    entries = "   a\n   https://a.dev/b\n   .. a comment\n   ..\n   c`d\n"
    document = read("docs/a.rst", f"Aa\n==\n\nThe pages below:\n\n.. toctree::\n\n{entries}")
    assert [prose_of(block) for block in blocks(document)] == ["The pages below:", "[a](a.rst)", "https://a.dev/b"]
    assert [link.target for link in document.links] == ["a.rst", "https://a.dev/b"]


def test_an_object_of_the_program_is_a_definition() -> None:
    block = only_block(read("a.rst", ".. confval:: retries\n   :type: int\n\n   How often. Default: ``3``.\n"))
    assert (block.kind, block.term, told(block)) == (
        "definition", "`retries`", [("How often.", 4, 4), ("Default: `3`.", 4, 4)],
    )  # fmt: skip


def test_pictures_are_found_and_badges_are_not() -> None:
    text = (
        ".. image:: https://img.shields.io/x.svg\n   :target: https://x\n\n"
        ".. figure:: img/a.png\n   :alt: The flow\n\n   How it flows.\n"
    )
    block, caption = blocks(read("docs/a.rst", text))
    assert block.image is not None
    assert (block.image.path, block.image.alt) == ("docs/img/a.png", "The flow")
    assert told(caption) == [("How it flows.", 7, 7)]


def test_references_name_included_files_and_pictures_inside_the_repository() -> None:
    text = (
        ".. include:: ../CHANGES.rst\n.. literalinclude:: ../../../etc/passwd\n.. image:: a.png\n.. |l| image:: b.png\n"
    )
    found = find_references("docs/a.rst", text)
    assert found.includes == ("CHANGES.rst",)
    assert "docs/a.png" in found.images
    assert "docs/b.png" in found.images


GRID = """\
+--------+-----------+
| Name   | Meaning   |
+========+===========+
| ``a``  | The first |
|        | letter.   |
+--------+-----------+
| both columns       |
+--------+-----------+
"""
SIMPLE = "=====  =======\nName   Meaning\n=====  =======\na      first\n       letter\nb      second\n=====  =======\n"
LIST = (
    ".. list-table:: Letters\n   :header-rows: 1\n\n   * - Name\n     - Meaning\n   * - ``a``\n     - The first\n"
    "       letter.\n"
)
CSV = '.. csv-table::\n   :header: Name, Meaning\n\n   a, "first, really"\n   b, second\n'


@pytest.mark.parametrize(
    ("text", "rows", "lines"),
    [
        (GRID, [("Name", "Meaning"), ("`a`", "The first letter."), ("both columns", "")], [(2, 2), (4, 5), (7, 7)]),
        (SIMPLE, [("Name", "Meaning"), ("a", "first letter"), ("b", "second")], [(2, 2), (4, 5), (6, 6)]),
        (LIST, [("Name", "Meaning"), ("`a`", "The first letter.")], [(4, 5), (6, 8)]),
        (CSV, [("Name", "Meaning"), ("a", "first, really"), ("b", "second")], [(1, 1), (4, 4), (5, 5)]),
    ],
)
def test_tables_keep_rows_and_their_lines(text: str, rows: list[tuple[str, ...]], lines: list[tuple[int, int]]) -> None:
    block = only_block(read("a.rst", text))
    assert block.kind == "table"
    assert list(block.rows) == rows
    assert list(block.row_lines) == lines


def test_an_example_that_is_indented_is_no_quote() -> None:
    (_, example) = blocks(read("a.rst", "Lift it:\n\n    >>> lift(4)\n    12\n"))
    assert (example.kind, example.within) == ("code", ())


def test_quotes_and_verses_are_read() -> None:
    quote, verse = blocks(read("a.rst", "   Somebody said so.\n\n| One line\n| Another line\n"))
    assert (quote.kind, told(quote)) == ("quote", [("Somebody said so.", 1, 1)])
    assert told(verse) == [("One line", 3, 3), ("Another line", 4, 4)]


def test_an_unknown_directive_is_code_or_prose_by_the_look_of_its_body() -> None:
    code, words = blocks(
        read("a.rst", ".. strange::\n\n   x = call(1)\n   y = 2\n\n.. other::\n\n   Just some words.\n")
    )
    assert (code.kind, words.kind) == ("code", "paragraph")


def test_a_directive_that_a_project_adds_is_the_target_of_its_role_and_shows_nothing() -> None:
    text = ".. setting:: MAX\n.. stat:: sent/{kind}\n\nMax\n===\n\n.. command:: run\n\nWords about it.\n"
    document = read("a.rst", text)
    assert (prose(document), document.problems) == ("Words about it.", ())


@pytest.mark.parametrize("text", [".. confval:: a", ".. http:get:: /a", ".. setting:: a\n\n   Said.", ".. run:: a(b)"])
def test_a_directive_that_describes_or_says_more_than_a_name_is_no_target(text: str) -> None:
    document = read("a.rst", f"{text}\n")
    assert blocks(document) or document.problems


def test_a_name_of_python_is_no_link_into_the_project() -> None:
    text = ":meth:`__init__` of an :class:`~int` gives :data:`None`. :class:`Client` has :command:`go`, :code:`x`.\n"
    assert [link.target for link in read("a.rst", text).links] == ["ref:Client", "ref:command-go"]


def test_strange_content_never_raises_and_never_hangs() -> None:
    for text in (
        "`" * 50_000, "*" * 50_000, "|" * 50_000, "[" * 50_000, "- " * 20_000, ":" * 50_000, "x" * 1_000_000,
        "\n".join(" " * n + "- a" for n in range(120)),
        ".. ::\n..\n\n.. |\n", "+--\n|\n", "===\n\n===\na\n", "..\n  x\n",
        "\\", "::\n", ".. literalinclude::\n", ".. image::\n", ".. csv-table::\n\n   \"a\n", "====\n====\n====\n",
    ):  # fmt: skip
        assert read("a.rst", text).path == "a.rst"


def test_code_inside_emphasis_stays_code() -> None:
    document = read(
        "a.rst", "It is **only for ``run()`` and\n:func:`~a.b` here**. See *`the site <https://a.example>`_ too*.\n"
    )
    assert prose(document) == "It is **only for `run()` and `b()` here**. See *[the site](https://a.example) too*."
    assert [(link.target, link.line) for link in document.links] == [("ref:a.b", 2), ("https://a.example", 2)]


def test_labels_of_code_tabs_and_of_what_is_unfolded_are_kept() -> None:
    text = "Aa\n==\n\n.. tabs::\n\n   .. code-tab:: py main.py\n\n      x\n\n   .. code-tab:: c\n\n      y\n\n"
    text += ".. dropdown:: More\n\n   Words.\n"
    assert [(b.kind, [c.title for c in b.within]) for b in blocks(read("a.rst", text))] == [
        ("code", ["main.py"]), ("code", ["c"]), ("paragraph", ["More"])
    ]  # fmt: skip


def test_pages_are_named_by_what_says_something_and_those_of_other_projects_are_no_links() -> None:
    document = read(
        "a.rst", "Aa\n==\n\nSee :doc:`/usage/markup/index`, :doc:`../b` and :std:doc:`c <other:d/index>`.\n"
    )
    assert prose(document) == "See [markup](/usage/markup/index.rst), [b](../b.rst) and c."


def test_footnotes_say_what_they_say_under_the_mark_that_refers_to_them() -> None:
    text = "Words [1]_ here [#n]_.\n\n.. [1] The first\n   of them.\n.. [#n] The other.\n"
    assert [told(block) for block in blocks(read("a.rst", text))] == [
        [("Words \\[1\\] here \\[n\\].", 1, 1)],
        [("\\[1\\] The first of them.", 3, 4)],
        [("\\[n\\] The other.", 5, 5)],
    ]
    below = blocks(read("a.rst", "Words [#n]_.\n\n.. [#n]\n\n   The text\n   below.\n\n.. [#e]\n\nMore.\n"))
    assert [told(block) for block in below[1:]] == [[("\\[n\\] The text below.", 5, 6)], [("More.", 10, 10)]]


def test_a_figure_has_its_caption_and_its_legend() -> None:
    text = ".. figure:: a.png\n\n   The caption.\n\n   A legend.\n\n   - an item\n"
    image, *below = blocks(read("a.rst", text))
    assert (image.kind, [prose_of(block) for block in below]) == ("image", ["The caption.", "A legend.", "an item"])


def test_terms_of_a_glossary_share_a_definition() -> None:
    text = ".. glossary::\n   :sorted:\n\n   one\n   two\n      What both mean.\n\n   three\n      Another.\n"
    text += "\nMore follows.\n"
    assert [(block.kind, block.term, prose_of(block)) for block in blocks(read("a.rst", text))][:2] == [
        ("definition", "one, two", "What both mean."),
        ("definition", "three", "Another."),
    ]


def test_terms_of_two_glossaries_of_a_section_are_alike() -> None:
    text = "Words\n=====\n\n" + "".join(f".. glossary::\n\n   {name}\n      It is.\n\n" for name in "ab")
    assert [(block.kind, block.term) for block in blocks(read("a.rst", text))] == [
        ("definition", "a"),
        ("definition", "b"),
    ]


def test_many_glossaries_are_read_in_time_by_their_number() -> None:
    page = "".join(f".. glossary::\n\n   a{n}\n      B.\n\n" for n in range(3_000))
    assert processor_seconds(lambda: read("a.rst", page)) < 2


def test_terms_of_a_glossary_without_a_heading_above_are_no_titles() -> None:
    found = read("docs/glossary.rst", ":orphan:\n\n.. glossary::\n\n   alpha\n      What.\n\n   beta\n      B.\n")
    assert (found.title, len(found.sections)) == ("Glossary", 1)
    assert [block.term for block in blocks(found)] == ["alpha", "beta"]


@pytest.mark.parametrize(
    "after", ["", "\n\nBb\n--\n\nMore.\n", "\n.. _x:\n\nBb\n--\n\nMore.\n", "\n~~~~\nBb\n~~~~\n\nMore.\n"]
)
def test_terms_of_a_glossary_that_fills_its_section_are_headings(after: str) -> None:
    text = "Words\n=====\n\nAa\n--\n\n.. glossary::\n\n   one\n   two\n      What both\n      mean.\n"
    text += "\n   ``x``\n      Another.\n"
    found = read("a.rst", text + after)
    assert outline(found)[:4] == [(1, "Words", 1), (2, "Aa", 4), (3, "one, two", 9), (3, "x", 14)]
    assert [told(block) for block in blocks(found)[:2]] == [[("What both mean.", 11, 12)], [("Another.", 15, 15)]]


def test_a_formula_behind_the_name_of_its_directive_is_shown() -> None:
    text = ".. math:: e = mc^2\n   :label: euler\n\n.. math::\n\n   a = b\n"
    formula, block = blocks(read("a.rst", text))
    assert told(formula) == [("`e = mc^2`", 1, 1)]
    assert (block.code, block.language) == ("a = b", "tex")


def test_a_header_of_quoted_values_has_no_quotes() -> None:
    text = '.. csv-table::\n   :header: "Key", "What, it means"\n\n   x, y\n'
    assert only_block(read("a.rst", text)).rows == (("Key", "What, it means"), ("x", "y"))


def test_a_table_of_values_in_another_file_has_the_lines_of_that_file() -> None:
    text = ".. csv-table:: Title\n   :file: data/t.csv\n   :header: A, B\n"
    assert find_references("docs/a.rst", text).includes == ("docs/data/t.csv",)
    block = only_block(read("docs/a.rst", text, {"docs/data/t.csv": "1,2\n3,4\n"}))
    assert (block.rows, block.title) == ((("A", "B"), ("1", "2"), ("3", "4")), "Title")
    assert (block.file("docs/a.rst"), block.row_lines) == ("docs/data/t.csv", ((1, 1), (1, 1), (2, 2)))


def test_a_numbered_list_begins_with_the_number_of_its_author() -> None:
    assert [block.number for block in blocks(read("a.rst", "3. one\n4. two\n\nWords.\n\n#. auto\n"), "list_item")] == [
        3,
        4,
        1,
    ]


def test_code_in_a_cell_of_a_table_is_code() -> None:
    text = ".. list-table::\n\n   * - A\n     - Say:\n\n       .. code-block:: sh\n\n          run --it\n"
    assert only_block(read("a.rst", text)).rows == (("A", "Say: `run --it`"),)


def test_the_rules_of_a_card_are_no_text() -> None:
    text = ".. grid-item-card:: Title\n\n   Words.\n   +++\n   A footer.\n"
    assert [prose_of(block) for block in blocks(read("a.rst", text))] == ["Words. A footer."]


def test_a_backslash_in_code_is_the_authors_unless_it_escapes_a_mark() -> None:
    written = "Split by `\\x06\\x16` and take `\\*args` of it."
    assert prose(read("a.rst", f"{written}\n")) == "Split by `\\x06\\x16` and take `*args` of it."


def test_a_formula_keeps_its_backslashes_as_the_lines_have_them() -> None:
    said_here = r"It costs :math:`O(V \log V)` or :code:`a\nb` in :sub:`a\ b`."
    assert told(only_block(read("a.rst", said_here + "\n"))) == [(r"It costs `O(V \log V)` or `a\nb` in ab.", 1, 1)]


def test_tex_between_dollars_is_a_formula_and_prices_are_none() -> None:
    written = r"It takes $O(\lambda_{max})$ steps, $5 and $6, and $HOME_A or $PATH_B."
    assert (
        prose(read("a.rst", f"{written}\n")) == r"It takes `O(\lambda_{max})` steps, $5 and $6, and $HOME_A or $PATH_B."
    )


def test_raw_html_shows_what_is_preformatted_in_it() -> None:
    shown = '   <i>no</i>\n   <pre class="x">\n   <b>one</b>  &lt;1&gt;\n    two</pre>\n'
    text = f"Aa\n==\n\nIt prints:\n\n.. raw:: html\n\n{shown}"
    (block,) = blocks(read("a.rst", text), "code")
    assert (block.code, block.start_line, block.end_line, block.adapted) == ("one  <1>\n two", 10, 11, True)
    assert blocks(read("a.rst", text.replace("raw:: html", "raw:: latex")), "code") == []


def test_many_openings_of_preformatted_html_are_read_at_once() -> None:
    text = "Aa\n==\n\n.. raw:: html\n\n" + "   <pre><pre><pre><pre>\n" * 4_000
    assert processor_seconds(lambda: read("a.rst", text)) < 2


def test_pieces_of_code_that_touch_stay_two() -> None:
    assert prose(read("a.rst", "Title\n=====\n\nIt is `sys.stdout`\\ ``.buffer`` and ``a``\\ s.\n")) == (
        "It is `sys.stdout` `.buffer` and `a`s."
    )


def test_the_title_of_a_card_may_stand_below_the_directive() -> None:
    document = read("a.rst", "Title\n=====\n\n.. grid-item-card::\n    **One** card\n\n    What it holds.\n")
    (container,) = only_block(document).within
    assert (container.title, container.line) == ("One card", 5)


def test_a_row_of_signs_is_a_row() -> None:
    document = read("a.rst", ".. list-table::\n\n   * - A\n     - B\n   * - ``{``\n     - x\n   * - <\n     - >\n")
    assert [len(block.rows) for block in blocks(document, "table")] == [3]


def test_a_page_of_contents_is_named_without_the_ending_of_its_file() -> None:
    document = read("docs/a.rst", "Words.\n\n.. toctree::\n\n   lib/_thread.rst\n   new-5.5\n   boards/index.rst\n")
    assert [(link.text, link.target) for link in document.links] == [
        ("thread", "lib/_thread.rst"), ("new 5.5", "new-5.5.rst"), ("boards", "boards/index.rst")
    ]  # fmt: skip


def test_an_address_alone_between_marks_is_shown_without_them() -> None:
    document = read("a.rst", "See `<https://a.example/x>`__ and `it`__.\n\n__ https://a.example/y\n")
    assert prose(document) == "See [https://a.example/x](https://a.example/x) and [it](https://a.example/y)."

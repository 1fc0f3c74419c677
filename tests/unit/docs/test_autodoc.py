"""Names that a site reads from source are shown by their signatures and docstrings, with the source's own lines."""

from collections.abc import Sequence

import pytest

from shared.docs.model import Origin
from shared.docs.references import find_references
from tests.unit.docs.pages import blocks, headings, read, texts

CORE = '''"""The core of pkg."""
from typing import overload

type Names = list[str]


@overload
def run(what: int) -> None: ...


@overload
def run(what: str) -> None: ...


def run(what) -> None:
    """Run it.

    Twice.
    """
    print(what)


class Runner[T](object):
    """Runs."""

    limit: int = 3
    """How often."""

    def __init__(self, name):
        self.name = name

    @property
    def speed(self) -> int:
        """How fast."""
        return 1

    def bare(self): ...

    def _hidden(self):
        """Hidden."""
'''
PACKAGE = "from .core import run as run\nfrom .core import Runner\nfrom . import core\n"
FILES = {"src/pkg/__init__.py": PACKAGE, "src/pkg/core.py": CORE}
RUN = 'def run(what) -> None:\n    """Run it.\n\n    Twice.\n    """'


def shown(text: str, path: str = "docs/api.md") -> list[tuple[str, int, int]]:
    """First line, and first and last line in the source, of each block of code; each equals those lines."""
    found = []
    for block in blocks(read(text, path, FILES), "code"):
        assert block.origin is not None
        lines = FILES[block.origin.path].split("\n")[block.origin.start_line - 1 : block.origin.end_line]
        assert [line.strip() for line in block.code.split("\n")] == [line.strip() for line in lines]
        found.append((lines[0].strip(), block.origin.start_line, block.origin.end_line))
    return found


def test_mkdocstrings_shows_a_name_with_its_docstring_wherever_it_is_imported_from() -> None:
    document = read("# A\n\nWords.\n\n::: pkg.run\n\nMore.\n", "docs/api.md", FILES)
    (block,) = blocks(document, "code")
    assert (block.code, block.language) == ("def run(what) -> None:", "python")
    assert block.origin == Origin("src/pkg/core.py", 15, 15)
    assert texts(document) == ["Words.", "Run it.", "Twice.", "More."]
    said = [(one.text, one.path, one.start_line) for one in document.sentences][1:3]
    assert said == [("Run it.", "src/pkg/core.py", 16), ("Twice.", "src/pkg/core.py", 18)]


def test_mkdocstrings_shows_a_class_whose_members_alone_say_what_they_do() -> None:
    files = {
        "src/bare.py": 'class Query:\n    def first(self):\n        """The first."""\n\n\nclass Hidden:\n    pass\n'
    }
    found = read("# A\n\nWords.\n\n::: bare\n", "docs/api.md", files)
    assert [one.code.split("\n")[0].strip() for one in blocks(found, "code")] == ["class Query:", "def first(self):"]


def test_mkdocstrings_shows_what_a_module_hands_on_and_lists() -> None:
    files = {"pkg/core.py": CORE, "pkg/__init__.py": "from .core import Runner, run\n__all__ = ['run', 'gone']\n"}
    assert texts(read("# A\n\n::: pkg\n", "a.md", files)) == ["Run it.", "Twice."]


def test_mkdocstrings_reads_a_module_without_a_docstring() -> None:
    for folder in ("src/bare", "bare/bare"):
        files = {f"{folder}/__init__.py": "speed = 1\n"}
        found = read("# A\n\nWords.\n\n::: bare.speed\n\nMore.\n", "docs/api.md", files)
        assert [block.code for block in blocks(found, "code")] == ["speed = 1"]


def test_a_class_is_shown_with_how_it_is_called_and_its_documented_members() -> None:
    assert shown("# A\n\n::: pkg.Runner\n") == [
        ("class Runner[T](object):", 23, 23),
        ("def __init__(self, name):", 29, 29),
        ("limit: int = 3", 26, 26),
        ("@property", 32, 33),
    ]


@pytest.mark.parametrize(("prefix", "said"), [("", "A `Knot`s end."), ("r", "A `Knot`\\\\s end.")])
def test_a_docstring_says_what_python_reads_of_it(prefix: str, said: str) -> None:
    files = {"src/pkg/rope.py": f'def tie():\n    {prefix}"""A :class:`Knot`\\\\s end."""\n'}
    assert texts(read(".. autofunction:: pkg.rope.tie\n", "docs/api.rst", files)) == [said]


@pytest.mark.parametrize("text", ['"""Tie it.\n\n    """  # noqa: E501', '"""Tie it."""  # noqa', "'''Tie it.'''"])
def test_a_remark_behind_a_docstring_is_no_part_of_it(text: str) -> None:
    files = {"src/pkg/rope.py": f"def tie():\n    {text}\n"}
    assert texts(read(".. autofunction:: pkg.rope.tie\n", "docs/api.rst", files)) == ["Tie it."]


def test_options_choose_members() -> None:
    chosen = "# A\n\n::: pkg.Runner\n    options:\n      members:\n        - speed\n      show_root: true\n\nMore.\n"
    assert [first for first, *_ in shown(chosen)][2:] == ["@property"]
    assert len(shown("# A\n\n::: pkg.Runner\n    options:\n      members: false\n")) == 2
    assert [first for first, *_ in shown("Aa\n==\n\n.. autoclass:: pkg.Runner\n   :members: speed\n", "a.rst")][2:] == [
        "@property"
    ]
    assert len(shown("Aa\n==\n\n.. autoclass:: pkg.Runner\n", "a.rst")) == 2
    excluded = "Aa\n==\n\n.. autoclass:: pkg.Runner\n   :members:\n   :exclude-members: limit\n"
    assert [first for first, *_ in shown(excluded, "a.rst")][2:] == ["@property"]


def test_a_module_is_shown_by_its_docstring_and_what_it_documents() -> None:
    text = "Aa\n==\n\n.. automodule:: pkg.core\n   :members:\n"
    assert [first for first, *_ in shown(text, "docs/a.rst")] == [
        "def run(what) -> None:", "class Runner[T](object):", "def __init__(self, name):", "limit: int = 3",
        "@property",
    ]  # fmt: skip
    said = [block for block in blocks(read(text, "docs/a.rst", FILES)) if block.kind != "code"]
    assert [(sentence.text, sentence.start_line) for block in said for sentence in block.sentences] == [
        ("The core of pkg.", 1), ("Run it.", 16), ("Twice.", 18), ("Runs.", 24), ("How often.", 27), ("How fast.", 34)
    ]  # fmt: skip
    assert {block.file("docs/a.rst") for block in said} == {"src/pkg/core.py"}


def test_a_module_without_a_docstring_is_shown_by_what_it_documents() -> None:
    files = {"pkg/core.py": CORE.partition("\n")[2]}
    text = "Aa\n==\n\n.. automodule:: pkg.core\n   :members: run\n"
    (block,) = blocks(read(text, "docs/a.rst", files), "code")
    assert block.code == RUN.partition("\n")[0]


def test_a_page_that_is_one_module_has_its_title_from_the_docstring_which_shows_what_it_names() -> None:
    source = '"""\nBehind a proxy\n==============\n\nSays who asks.\n\n.. autofunction:: run\n"""\n\n\ndef run():\n'
    source += '    """Run it."""\n'
    document = read(".. automodule:: pkg.proxy\n", "docs/proxy.rst", {"pkg/proxy.py": source})
    assert (document.title, headings(document)) == ("Behind a proxy", [("Behind a proxy", 1, 1)])
    assert texts(document) == ["Says who asks.", "Run it."]
    assert document.sections[0].end_line == 1
    untitled = read(".. automodule:: pkg.proxy\n", "docs/proxy.rst", {"pkg/proxy.py": '"""\nSays who asks."""\n'})
    assert headings(untitled) == [("Proxy", 1, 1)]


def test_names_that_a_package_imports_below_a_condition_are_shown() -> None:
    package = (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING or not lazy():\n    from ._core import sleep as sleep\n"
    )
    files = {"pkg/__init__.py": package, "pkg/_core.py": 'def sleep() -> None:\n    """Wait."""\n'}
    assert texts(read("Aa\n==\n\n.. autofunction:: pkg.sleep\n", "docs/api.rst", files)) == ["Wait."]


def test_what_is_said_of_the_first_member_is_no_part_of_a_class_as_it_is_called() -> None:
    source = "class Attribute(Set):\n    #: the open file\n    file = 1\n"
    document = read("Aa\n==\n\n.. autoclass:: pkg.Attribute\n", "docs/api.rst", {"pkg.py": source})
    assert [block.code for block in blocks(document, "code")] == ["class Attribute(Set):"]


def test_headings_below_a_module_are_headings() -> None:
    text = "Aa\n==\n\n.. automodule:: pkg.core\n\n   Running\n   -------\n\n   .. autofunction:: run\n"
    assert [heading for heading, *_ in headings(read(text, "docs/a.rst", FILES))] == ["Aa", "Running"]


def test_names_belong_to_the_module_and_the_class_around_them() -> None:
    text = "Aa\n==\n\n.. currentmodule:: pkg.core\n\n.. autofunction:: run(what)\n\n"
    text += ".. class:: Runner\n\n   Words.\n\n   .. autoattribute:: speed\n"
    assert [first for first, *_ in shown(text, "docs/a.rst")] == ["def run(what) -> None:", "@property"]


def test_names_after_automodule_belong_to_its_module() -> None:
    text = "Aa\n==\n\n.. automodule:: pkg.core\n\n.. autofunction:: run\n"
    assert [first for first, *_ in shown(text, "docs/a.rst")] == ["def run(what) -> None:"]


def test_the_module_holds_for_all_fences_of_a_page() -> None:
    text = "# A\n\n```{currentmodule} pkg\n```\n\n```{eval-rst}\n*   .. autofunction:: run\n```\n"
    assert [first for first, *_ in shown(text)] == ["def run(what) -> None:"]


def test_a_member_that_is_not_found_is_cited_by_the_line_that_names_it() -> None:
    page = "# A\n\n::: pkg.Runner\n    options:\n      members:\n        - speed\n        - gone\n"
    last = blocks(read(page, "docs/api.md", FILES))[-1]
    assert [(one.text, one.start_line) for one in last.sentences] == [("`gone` is not shown here.", 7)]


def test_a_member_whose_name_is_a_part_of_another_is_cited_by_its_own_line() -> None:
    members = "".join(f"        - {name}\n" for name in ("gone_by", "gone"))
    page = read(f"# A\n\n::: pkg.Runner\n    options:\n      members:\n{members}", "docs/api.md", FILES)
    assert [one.partition(":")[0] for one in page.problems] == ["line 6", "line 7"]


def test_a_name_that_is_not_found_is_said_to_be_missing() -> None:
    for path, text in (("a.md", "# A\n\n::: pkg.gone\n"), ("a.rst", "Aa\n==\n\n.. autofunction:: pkg.gone(x)\n")):
        document = read(text, path, FILES)
        assert texts(document) == ["`pkg.gone` is not shown here."]
        assert [block.kind for block in blocks(document)] == ["quote"]
        (problem,) = document.problems
        assert problem.endswith("pkg.gone: made when the documentation is built")
    assert texts(read("Aa\n==\n\n.. doxygenclass:: Gone\n", "a.rst")) == ["`Gone` is not shown here."]


def test_containers_between_colons_stay_containers() -> None:
    document = read("# A\n\n::: note\nOne.\n:::\n\n::: columns\nTwo.\n:::\n", "a.md")
    assert [(b.kind, *(s.text for s in b.sentences)) for b in blocks(document)] == [
        ("admonition", "One."), ("paragraph", "Two.")
    ]  # fmt: skip


def test_the_files_of_a_name_are_found_from_the_document_and_from_the_package() -> None:
    for path, text in (
        ("docs/a.md", "# A\n\n::: pkg.core.run\n"),
        ("docs/a.rst", ".. currentmodule:: pkg\n\n- .. autofunction:: core.run\n"),
    ):
        assert {"src/pkg/core.py", "src/pkg/__init__.py"} <= set(find_references(path, text).includes)
    assert "src/pkg/core.py" in find_references("src/pkg/__init__.py", PACKAGE).includes
    assert find_references("src/pkg/core.py", PACKAGE).includes == ()


def test_a_name_of_another_package_of_the_repository_is_shown_where_it_is_handed_on() -> None:
    files = {
        "src/new/__init__.py": "from typing import Any\nfrom old import define, tools\nfrom . import more\n",
        "src/new/more.py": "from old.more import *\n",
        "src/old/__init__.py": "from ._make import define\n",
        "src/old/_make.py": "def define(cls):\n    'Define.'\n",
        "src/old/more.py": "def check():\n    'Check.'\n",
        "src/old/tools.py": "def mend():\n    'Mend.'\n",
        "src/new/typing.py": "def Any():\n    'Ours.'\n",
        "src/typing.py": "def Any():\n    'Theirs.'\n",
    }
    names = ("define", "more.check", "tools.mend", "Any")
    text = "Aa\n==\n\n" + "".join(f".. autofunction:: new.{name}\n\n" for name in names)
    needed: set[str] = set()
    new = {file for file in find_references("docs/a.rst", text).includes if file in files}
    while new:
        needed |= new
        new = {one for file in new for one in find_references(file, files[file]).includes if one in files} - needed
    assert files.keys() - needed == {"src/new/typing.py", "src/typing.py"}
    shown_here = read(text, "docs/a.rst", files)
    assert texts(shown_here) == ["Define.", "Check.", "Mend.", "`new.Any` is not shown here."]
    assert [block.origin and block.origin.path for block in blocks(shown_here, "code")] == [
        "src/old/_make.py", "src/old/more.py", "src/old/tools.py"
    ]  # fmt: skip


def test_of_many_modules_that_a_package_imports_its_own_are_sought_first() -> None:
    other = "".join(f"from other{n} import name{n}\n" for n in range(1_000))
    found = find_references("src/new/__init__.py", f"{other}from .core import run\n").includes
    assert (found[0], len(found)) == ("src/new/core.py", 798)


def test_neighbours_that_are_not_shown_are_named_together() -> None:
    document = read("Aa\n==\n\n.. autofunction:: one\n\n.. autofunction:: two\n\n.. autofunction:: three\n", "a.rst")
    (block,) = document.sections[0].blocks
    assert [(one.text, one.start_line, one.end_line) for one in block.sentences] == [
        ("`one`, `two` and `three` are not shown here.", 4, 8)
    ]


def said_by(docstring: str) -> Sequence[tuple[str, str, str]]:
    """Kind, term or language, and text of each block that a function's docstring gives."""
    source = f'def run(a):\n    """{docstring}"""\n'
    document = read("Aa\n==\n\n.. autofunction:: pkg.run\n", "docs/a.rst", {"src/pkg/__init__.py": source})
    return [
        (block.kind, block.term or block.language, block.code or " ".join(s.text for s in block.sentences))
        for block in blocks(document)
    ][1:]


def test_sections_of_a_docstring_are_definitions_in_whichever_style() -> None:
    google = """Run.

    Args:
        a (int): How often,
            at most.
        b: More.

    Returns:
        The end.
    """
    numpy = """Run.

    Parameters
    ----------
    a : int
        How often,
        at most.
    b
        More.

    Returns
    -------
    The end.
    """
    for text, title in ((google, "Args"), (numpy, "Parameters")):
        assert said_by(text) == [
            ("paragraph", "", "Run."), ("definition", title, ""), ("definition", "`a` (int)", "How often, at most."),
            ("definition", "`b`", "More."), ("definition", "Returns", "The end."),
        ]  # fmt: skip
    assert said_by("Run.\n\n    :param int a: How often.\n    ")[1] == ("definition", "`a`", "How often.")


MARKDOWN = """Run it, see [how][pkg.stop].

    !!! tip
        Often.

    Args:
        a (int): How often,
            at most.

            - once
        b: More.

    Raises:
        ValueError: If `a` is low.
    Returns:
        The end.

    Note:
        Slow.

    Examples
    --------
    So:

    >>> run(1)
    1

    ```py
    >>> run(2)
    ```
    """


def test_docstrings_that_mkdocstrings_shows_are_read_as_markdown() -> None:
    source = f'def run(a, b):\n    """{MARKDOWN}"""\n'
    document = read("# A\n\n- One.\n\n::: pkg.run\n\n- Two.\n", "docs/a.md", {"pkg/__init__.py": source})
    found = [one for one in blocks(document) if one.origin][1:]
    assert [
        (one.kind, one.start_line, one.end_line, one.label or one.code or " ".join(s.text for s in one.sentences))
        for one in found
    ] == [
        ("paragraph", 2, 2, "Run it, see [how](ref:pkg.stop)."),
        ("admonition", 4, 5, "tip"),
        ("paragraph", 7, 7, "**Args:**"),
        ("list_item", 8, 9, "`a` (int): How often, at most."),
        ("list_item", 11, 11, "once"),
        ("list_item", 12, 12, "`b`: More."),
        ("paragraph", 14, 14, "**Raises:**"),
        ("list_item", 15, 15, "`ValueError`: If `a` is low."),
        ("paragraph", 16, 17, "**Returns:** The end."),
        ("admonition", 19, 20, "note"),
        ("paragraph", 22, 24, "**Examples:** So:"),
        ("code", 26, 27, ">>> run(1)\n1"),
        ("code", 30, 30, ">>> run(2)"),
    ]
    assert [one.language for one in found if one.kind == "code"] == ["pycon", "py"]
    assert [link.target for link in document.links] == ["ref:pkg.stop"]
    lists = [one.list_id for one in blocks(document, "list_item")]
    assert len(set(lists)) == 5
    assert lists[1] == lists[3]


def test_a_docstring_that_shows_itself_ends() -> None:
    said = "Run.\n\n    ::: pkg.run\n\n    ```{eval-rst}\n    .. mkdocstrings:: pkg.run\n    ```\n    "
    document = read("# A\n\n::: pkg.run\n", "a.md", {"pkg.py": f'def run():\n    """{said}"""\n'})
    assert texts(document) == ["Run.", "`pkg.run` is not shown here.", "`pkg.run` is not shown here."]


def test_code_in_a_docstring_is_python_where_it_can_be() -> None:
    text = "Run::\n\n        run(1)\n\n    >>> run(2)\n    2\n\n    Like::\n\n        a -> b\n    "
    code = [block[1:] for block in said_by(text) if block[0] == "code"]
    assert code == [("python", "run(1)"), ("pycon", ">>> run(2)\n2"), ("", "a -> b")]


def test_a_full_stop_behind_a_link_over_two_lines_follows_it_at_once() -> None:
    assert said_by("Read `the book\n    <https://x.org>`_.\n    ") == [
        ("paragraph", "", "Read [the book](https://x.org).")
    ]


def test_names_of_which_a_site_makes_pages_are_described() -> None:
    names = "   run\n   core.Runner.speed\n   gone\n"
    text = f"Aa\n==\n\n.. currentmodule:: pkg\n\n.. autosummary::\n   :toctree: made/\n\n{names}"
    assert [first for first, *_ in shown(text, "docs/a.rst")] == ["def run(what) -> None:", "@property"]
    document = read(text, "docs/a.rst", FILES)
    assert texts(document) == ["Run it.", "Twice.", "How fast.", "`gone` is not shown here."]
    assert {"docs/pkg/run.py", "src/pkg/core.py"} <= set(find_references("docs/a.rst", text).includes)


def test_names_that_a_page_lists_stand_there_with_their_first_sentences() -> None:
    for gap in ("", "\n"):
        names = f"{gap}   run\n   core.Runner.bare\n   gone\n"
        document = read(f"Aa\n==\n\n.. currentmodule:: pkg\n\n.. autosummary::\n{names}", "docs/a.rst", FILES)
        listed = blocks(document, "definition")
        first = 7 + len(gap)
        assert [(block.term, block.start_line) for block in listed] == [
            ("`run`", first), ("`core.Runner.bare`", first + 1)
        ]  # fmt: skip
        assert [(one.text, one.path, one.start_line) for block in listed for one in block.sentences] == [
            ("Run it.", "src/pkg/core.py", 16)
        ]  # fmt: skip
        assert texts(document)[1:] == ["`gone` is not shown here."]


PACKAGE_OF_LAYERS = '''"""The package."""
import sys
from pkg._impl import Thing, _inner, gone, helper
from . import _impl
from .more import *
local = 1
def own():
    "Own."
'''
IMPLEMENTED = """
class Thing:
    "A thing."
    size = 3
    words = {
        "one": "uno",
    }
    def __len__(self):
        "How long."
    def bare(self): ...
def helper():
    "Help."
def _inner():
    "Inner."
def silent(): ...
"""


def shown_of(options: str, listed: str = "") -> list[str]:
    """The first lines of what a page shows of the package `pkg`, and its notes; `listed` is its `__all__`."""
    files = {
        "pkg/__init__.py": PACKAGE_OF_LAYERS + listed,
        "pkg/_impl.py": IMPLEMENTED,
        "pkg/more.py": 'class Extra:\n    "More."\n',
    }
    document = read(f"Aa\n==\n\n.. automodule:: pkg\n{options}", "a.rst", files)
    return [block.code.split("\n")[0] for block in blocks(document, "code")] + [
        sentence.text for block in blocks(document, "quote") for sentence in block.sentences
    ]


def test_a_module_shows_the_members_that_sphinx_would_show() -> None:
    assert shown_of("   :members:\n") == ["def own():"]
    imported = ["class Thing:", "def helper():", "class Extra:", "def own():", "`gone` is not shown here."]
    assert shown_of("   :members:\n   :imported-members:\n") == imported
    listed = "__all__ = ['helper', 'silent']\n__all__ += ('lost',)\n"
    assert shown_of("   :members:\n", listed) == ["def helper():", "`silent` and `lost` are not shown here."]
    assert shown_of("   :members:\n   :ignore-module-all:\n", listed) == ["def own():"]
    assert shown_of("   :members:\n", "__all__ = made()\n") == ["def own():"]
    assert shown_of("   :members: Thing, absent\n") == ["class Thing:", "`absent` is not shown here."]


def test_options_show_members_without_a_docstring_and_those_with_underscores() -> None:
    listed = "__all__ = ['Thing', '_inner', 'local']\n"
    assert shown_of("   :members:\n", listed) == ["class Thing:"]
    undocumented = ["class Thing:", "size = 3", "def bare(self): ..."]
    assert shown_of("   :members:\n   :undoc-members:\n", listed) == undocumented
    special = ["class Thing:", "def __len__(self):"]
    assert shown_of("   :members:\n   :special-members:\n", listed) == special
    assert shown_of("   :members:\n   :special-members: __iter__\n", listed) == ["class Thing:"]
    assert shown_of("   :members:\n   :private-members:\n", listed) == ["class Thing:", "def _inner():"]


def test_a_comment_of_a_value_is_its_docstring() -> None:
    source = "#: How many,\n#: at most.\nMOST = 3\nLEAST = 1  #: How few.\nother = 2  # words\n"
    document = read("Aa\n==\n\n.. automodule:: pkg\n   :members:\n", "a.rst", {"pkg.py": source})
    assert [block.code for block in blocks(document, "code")] == ["MOST = 3", "LEAST = 1  #: How few."]
    assert texts(document) == ["How many, at most."]


def long_page(names: int, lines: int) -> list[tuple[str, int, int]]:
    """Headings of a page that describes so many classes of so many lines in one module, and one name beside it."""
    method = "    def walk(self):\n        '''Walk.\n\n" + "        So it does.\n" * lines + "        '''\n"
    source = "".join(f"class C{n}:\n    '''Words.'''\n{method}" for n in range(names))
    page = "Aa\n==\n\nBb\n--\n\n.. automodule:: pkg\n   :members:\n\n.. autofunction:: other.run\n"
    return headings(read(page, "a.rst", {"pkg.py": source, "other.py": "def run():\n    'Run.'\n"}))


def test_a_long_page_has_a_heading_for_each_name_and_a_short_one_has_not() -> None:

    assert long_page(3, 10) == [("Aa", 1, 1), ("Bb", 2, 4)]
    assert long_page(3, 60)[1:] == [("Bb", 2, 4), *((f"C{n}", 3, 7) for n in range(3)), ("run", 3, 10)]
    assert [heading for heading, *_ in long_page(1, 600)] == ["Aa", "Bb", "C0", "run"]


def test_long_objects_of_mkdocstrings_have_headings_below_the_one_around_them() -> None:
    said = "    More.\n" * 80
    source = "".join(f"class C{n}:\n    '''Words.\n\n{said}    '''\n" for n in range(2))
    page = '# A\n\n## API\n\n::: pkg\n\n## Beyond\n\nWords.\n\n=== "Tab"\n\n    ::: pkg\n'
    names = [("C0", 3, 5), ("C1", 3, 5)]
    assert headings(read(page, "a.md", {"pkg.py": source})) == [("A", 1, 1), ("API", 2, 3), *names, ("Beyond", 2, 7)]
    short = read(page, "a.md", {"pkg.py": source.replace(said, "")})
    assert [heading for heading, *_ in headings(short)] == ["A", "API", "Beyond"]


def test_modules_of_a_long_section_have_headings_of_their_own() -> None:
    source = "def run():\n    '''Run.\n\n" + "    So it does.\n" * 100 + "    '''\ndef walk():\n    'Walk.'\n"
    page = "Aa\n==\n\n" + "".join(f".. automodule:: {name}\n   :members:\n\n" for name in ("one", "two"))
    found = headings(read(page, "a.rst", {"one.py": source, "two.py": source}))
    assert [(heading, level) for heading, level, _ in found] == [("Aa", 1), ("one", 2), ("two", 2)]


def test_names_that_hold_on_some_systems_are_found() -> None:
    source = "try:\n    from fast import run\nexcept ImportError:\n    from pkg.slow import run\n"
    source += "if system:\n    def move():\n        'Move.'\nelse:\n    def move():\n        'Move slowly.'\n"
    files = {"pkg/__init__.py": source, "pkg/slow.py": "def run():\n    'Run.'\n"}
    page = "Aa\n==\n\n.. autofunction:: pkg.run\n.. autofunction:: pkg.move\n"
    assert texts(read(page, "a.rst", files)) == ["Run.", "Move."]


BASE = '''class Base:
    def __init__(self):
        self.id: int = 1
        """What it is known by."""
        self.bare = here = 2
        """Here."""

    def send(self, what):
        r"""Send it.

        :param \\*what: All of it.
        """


class Loop(Loop):
    """Inherits from itself."""
'''
CLIENT = '''from abc import ABC
from .base import Base, Loop


class Client(ABC, Loop, Base):
    """A client."""
'''


def test_a_member_that_a_class_inherits_is_that_of_its_base() -> None:
    members = ("autoattribute:: id", "automethod:: send", "automethod:: gone")
    text = "Aa\n==\n\n.. autoclass:: pkg.client.Client\n\n" + "\n\n".join(f"   .. {one}" for one in members) + "\n"
    files = {"pkg/client.py": CLIENT, "pkg/base.py": BASE}
    document = read(text, "docs/a.rst", files)
    assert texts(document)[1:3] == ["What it is known by.", "Send it."]
    assert texts(document)[-1] == "`gone` is not shown here."
    assert "pkg/base.py" in find_references("pkg/client.py", CLIENT).includes


def test_inherited_members_are_shown_where_they_are_asked_for_under_the_name_of_the_class() -> None:
    files = {"pkg/client.py": CLIENT, "pkg/base.py": BASE}
    page = "Aa\n==\n\n.. autoclass:: pkg.client.Client\n   :members:\n"
    asked = f"{page}   :inherited-members:\n"
    assert texts(read(page, "docs/a.rst", files)) == ["A client."]
    assert texts(read(asked, "docs/a.rst", files)) == ["A client.", "Send it.", "All of it."]
    same = "from pkg import base\n\n\nclass Base(base.Base):\n    'Mine.'\n"
    mine = asked.replace("client.Client", "client.Base")
    assert texts(read(mine, "docs/a.rst", files | {"pkg/client.py": same})) == ["Mine.", "Send it.", "All of it."]
    without = asked.replace("members:\n   :inherited-members:", "members:\n   :inherited-members: Base")
    assert texts(read(without, "docs/a.rst", files)) == ["A client."]
    told = "        So it does.\n" * 200
    long = "".join(f"    def do_{n}(self):\n        '''Do.\n\n{told}        '''\n" for n in range(3))
    base = f"class Loop:\n    pass\n\n\nclass Base:\n{long}"
    found = headings(read(asked, "docs/a.rst", files | {"pkg/base.py": base}))
    assert [heading for heading, *_ in found] == ["Aa", "Client.do_0", "Client.do_1", "Client.do_2"]


def test_classes_that_inherit_from_each_other_without_end_stop_no_reading() -> None:
    chain = "\n".join(f"class A{at}(A{at + 1}):\n    pass" for at in range(1_000))
    deep = f"class Deep({'.'.join('a' * 900)}, {'+'.join('a' * 900)}):\n    '''Deep.'''\n"
    page = "Aa\n==\n\n.. automethod:: pkg.A0.x\n\n.. autoclass:: pkg.Deep\n   :inherited-members:\n"
    document = read(
        f"{page}\n.. autoclass:: pkg.A0\n   :inherited-members:\n", "a.rst", {"pkg/__init__.py": f"{chain}\n{deep}"}
    )
    assert texts(document) == ["`pkg.A0.x` is not shown here.", "Deep."]
    assert find_references("pkg/deep.py", deep).includes == ()


def test_what_a_class_inside_init_sets_is_not_of_the_outer_class() -> None:
    source = "class A:\n    def __init__(self):\n        class In:\n            x = 1\n            '''Of In.'''\n"
    document = read("Aa\n==\n\n.. autoattribute:: pkg.A.In.x\n", "a.rst", {"pkg/__init__.py": source})
    assert texts(document) == ["`pkg.A.In.x` is not shown here."]

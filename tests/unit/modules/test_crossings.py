"""Links between documents, as authors of several formats write them, lead to the section that they name."""

import pytest

from services.modules.cited.crossings import Crossings, Place
from shared.docs.read_documents import dump_document, load_document
from shared.docs.reader import read_document

PAGES = {
    "docs/api.rst": """\
.. _top:

====
 API
====

All the names there are.

.. _long-way:

Dumping it all
==============

Words about dumping it all.

.. currentmodule:: relay

Clients
-------

.. class:: Client

   It sends.
""",
    "docs/knobs.rst": """\
=====
Knobs
=====

All of them.

.. setting:: LONG_WAIT
.. metakey:: wait/long

Waits
=====

How long to wait.

Waits below
===========

.. metakey:: below

The key has a meaning. :setting:`LONG_WAIT` is another.

.. setting:: DESCRIBED

   Said of it.
""",
    "docs/guide/start.md": "# Start\n\nHow to start.\n\n(my_label)=\n## First steps\n\nTake them.\n",
    "docs/guide/index.md": '# Guide\n\nAll.\n\n## Next <a id="later"></a>\n\nMore.\n',
    "docs/04-style/01-scoped-styles.md": "# Scoped\n\nAll.\n\n## Names\n\nMore.\n",
    "docs/src/in.md": "# In\n\nAll.\n\n## [`input`](@id the_input)\n\nWhat goes in.\n",
    "docs/words.md": "# Words\n\nAll.\n\n## Terms\n\n:::{glossary}\nslotted class\n  A class.\n:::\n",
    "docs/7.Deploy/0.index.md": "# Deploy\n\nAll.\n\n## Zero-config use (new)\n\n`port`\n: A number.\n",
    "docs/04-style/02-names.md": "# Names of styles\n\nAll.\n",
    "docs/05-more/02-names.md": "# Names of more\n\nAll.\n",
    "docs/cli/README.md": "# Commands\n\nAll of them.\n",
    "docs/terms.rst": "Terms used\n==========\n\n.. glossary::\n\n   slot\n   gap\n      Where it goes.\n",
    "docs/colours.rst": "Colours\n=======\n\n.. glossary::\n\n   red, green\n      A pair.\n\n   red\n      One.\n"
    "\n   Words of a list\n      What it says.\n",
    "docs/words.rst": "Other words\n===========\n\nWords of a list\n---------------\n\nRead them.\n\n.. glossary::\n"
    "\n   cyan\n      Another.\n",
    "docs/inner.rst": "Inner\n=====\n\n.. module:: relay.inner\n\nWords.\n",
    "docs/faces.rst": "Faces\n=====\n\n.. module:: relay\n\nAsking\n------\n\n.. function:: relay.query\n\n   It asks."
    "\n\nQueries\n-------\n\n.. class:: relay.Query\n\n   It waits.\n",
    "docs/part.adoc": "= Part\n\nWords.\n\n[[limits]]\n== The limits\n\nTen of them.\n",
}


@pytest.mark.parametrize(
    ("path", "text", "page", "heading"),
    [
        ("docs/a.rst", "See :ref:`long-way` now.", "docs/api.rst", "Dumping it all"),
        ("docs/a.rst", "See :ref:`there <Long-Way>` now.", "docs/api.rst", "Dumping it all"),
        ("docs/a.rst", "See :ref:`top` now.", "docs/api.rst", "API"),
        ("docs/a.rst", "See :doc:`guide/start` now.", "docs/guide/start.md", "Start"),
        ("docs/a.rst", "See :ref:`this <api:Dumping it all>` now.", "docs/api.rst", "Dumping it all"),
        ("docs/a.md", "See {ref}`this <guide/start:First steps>` now.", "docs/guide/start.md", "First steps"),
        ("docs/a.rst", "See :class:`~relay.Client` now.", "docs/api.rst", "Clients"),
        ("docs/a.rst", "See :meth:`relay.Client.close` now.", "docs/api.rst", "Clients"),
        ("docs/a.md", "See {ref}`my_label` now.", "docs/guide/start.md", "First steps"),
        ("docs/a.md", "See {py:class}`Client` now.", "docs/api.rst", "Clients"),
        ("docs/a.md", "See [`Client`][relay.Client] now.", "docs/api.rst", "Clients"),
        ("docs/a.md", 'See [x]({{< relref "guide/start#first-steps" >}}) now.', "docs/guide/start.md", "First steps"),
        ("docs/guide/a.md", 'See [x]({{< ref "/guide/start" >}}) now.', "docs/guide/start.md", "Start"),
        ("docs/guide/deep/a.md", 'See [x]({{% ref "guide/start" %}}) now.', "docs/guide/start.md", "Start"),
        ("docs/a.md", "See [x](@ref the_input) now.", "docs/src/in.md", "input"),
        ("docs/guide/a.md", "See [x](./start#first-steps) now.", "docs/guide/start.md", "First steps"),
        ("docs/a.md", "See [x](/guide/#later) now.", "docs/guide/index.md", "Next"),
        ("docs/09-x/a.md", "See [x](scoped-styles#Names) now.", "docs/04-style/01-scoped-styles.md", "Names"),
        ("docs/09-x/a.md", "See [x](../style/scoped-styles) now.", "docs/04-style/01-scoped-styles.md", "Scoped"),
        (
            "a.md",
            "See [x](https://host.example/a/b/blob/main/docs/guide/start.md#first-steps) now.",
            "docs/guide/start.md",
            "First steps",
        ),
        ("a.md", "See [x](https://host.example/a/b/tree/v1/docs/guide/) now.", "docs/guide/index.md", "Guide"),
        ("docs/a.adoc", "See xref:part.adoc#limits[] now.", "docs/part.adoc", "The limits"),
        ("docs/a.adoc", "See <<limits>> now.", "docs/part.adoc", "The limits"),
        ("docs/a.md", "See [this](my_label) now.", "docs/guide/start.md", "First steps"),
        ("docs/a.md", "See [`Client`](relay.Client) now.", "docs/api.rst", "Clients"),
        ("docs/a.md", "See {term}`one <slotted class>` now.", "docs/words.md", "Terms"),
        ("docs/a.rst", "See :term:`slotted class` now.", "docs/words.md", "Terms"),
        ("docs/a.rst", "See :term:`one <gap>` now.", "docs/terms.rst", "slot, gap"),
        ("docs/a.rst", "See :term:`red` now.", "docs/colours.rst", "red"),
        ("docs/a.rst", "See :term:`red, green` now.", "docs/colours.rst", "red, green"),
        ("docs/a.rst", "See :term:`green` now.", "docs/colours.rst", "red, green"),
        ("docs/a.rst", "See :term:`words of a list` now.", "docs/colours.rst", "Words of a list"),
        ("docs/guide/a.md", "See [x](/deploy) now.", "docs/7.Deploy/0.index.md", "Deploy"),
        ("docs/a.md", "See [x](/deploy/#zeroconfig-use-new) now.", "docs/7.Deploy/0.index.md", "Zero-config use (new)"),
        ("docs/a.md", "See [x](/deploy/#zero-config) now.", "docs/7.Deploy/0.index.md", "Zero-config use (new)"),
        ("docs/a.md", "See [x](/deploy/#port) now.", "docs/7.Deploy/0.index.md", "Zero-config use (new)"),
        ("docs/guide/a.md", "See [x](../cli/index.html) now.", "docs/cli/README.md", "Commands"),
        ("docs/04-style/a.md", "See [x](names) now.", "docs/04-style/02-names.md", "Names of styles"),
        ("docs/a.md", "See [x](/docs/b/scoped-styles#names) now.", "docs/04-style/01-scoped-styles.md", "Names"),
        ("docs/a.rst", "See :class:`relay.inner.Query` now.", "docs/faces.rst", "Queries"),
        ("docs/a.rst", "See :func:`relay.query` now.", "docs/faces.rst", "Asking"),
        ("docs/a.rst", "See :setting:`LONG_WAIT` now.", "docs/knobs.rst", "Waits"),
        ("docs/a.rst", "See :metakey:`wait/long` now.", "docs/knobs.rst", "Waits"),
        ("docs/a.rst", "See :metakey:`below` now.", "docs/knobs.rst", "Waits below"),
        ("docs/a.rst", "See :setting:`DESCRIBED` now.", "docs/knobs.rst", "Waits below"),
        ("docs/a.md", "See {setting}`LONG_WAIT` now.", "docs/knobs.rst", "Waits"),
    ],
)
def test_a_link_leads_to_the_section_that_it_names(path: str, text: str, page: str, heading: str) -> None:
    documents = {name: read_document(name, content.encode(), {}) for name, content in PAGES.items()}
    [link] = (documents | {path: read_document(path, text.encode(), {})})[path].links
    place = Crossings(documents, {*documents, path}, ["https://host.example/a/b"]).find(link, path)
    assert place is not None
    assert (place.path, place.heading) == (page, heading)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/a.rst", "See :func:`os.path.join` now."),
        ("docs/a.rst", "See :class:`asyncio.Query` now."),
        ("docs/a.rst", "See :class:`relay.Other.Query` now."),
        ("docs/a.rst", "See :ref:`nowhere` now."),
        ("docs/a.rst", "See :setting:`below` now."),
        ("docs/a.md", "See [x](https://example.com/guide/start) now."),
        ("docs/a.md", "See [x](gone.md) now."),
        ("docs/a.md", "See [x](other/scoped-styles) now."),
        ("docs/a.md", "See [x](/docs/c/scoped-styles) now."),
        ("docs/a.md", "See [x](#gone) now."),
        ("docs/a.md", "See [x](nowhere) now."),
        ("docs/a.md", "See {term}`fast class` now."),
    ],
)
def test_a_link_to_what_is_not_there_leads_nowhere(path: str, text: str) -> None:
    documents = {name: read_document(name, content.encode(), {}) for name, content in PAGES.items()}
    [link] = read_document(path, text.encode(), {}).links
    assert Crossings(documents, {*documents, path}).find(link, path) is None


def test_addresses_below_a_folder_of_the_site_are_pages_of_the_folder_that_nearly_all_of_them_name() -> None:
    names = ("api", "beads", "moves", "words", "zones")
    pages = {f"src/pages/{name}.md": f"# {name.title()}\n\nSee it.\n" for name in names}
    links = " ".join(f"[{name}](/docs/{name}#{name})" for name in (*names, "gone"))
    pages["src/pages/all.md"] = f"# All\n\nSee {links} and [x](/news/api).\n"
    documents = {name: read_document(name, content.encode(), {}) for name, content in pages.items()}
    crossings = Crossings(documents, set(documents))
    found = [crossings.find(link, "src/pages/all.md") for link in documents["src/pages/all.md"].links]
    headings = [place.heading if place else None for place in found]
    assert headings == ["Api", "Beads", "Moves", "Words", "Zones", None, None]


@pytest.mark.parametrize(("files", "page"), [({"docs/conf.py"}, "docs/usage.rst"), (set(), "docs/deep/usage.rst")])
def test_a_page_named_from_the_root_is_below_the_settings_of_the_site(files: set[str], page: str) -> None:
    pages = {"docs/usage.rst": "Usage\n=====\n\nA.\n", "docs/deep/usage.rst": "Usage\n=====\n\nA.\n"}
    pages["docs/deep/a.rst"] = "See :doc:`/usage`.\n"
    documents = {name: read_document(name, content.encode(), {}) for name, content in pages.items()}
    [link] = documents["docs/deep/a.rst"].links
    place = Crossings(documents, {*documents, *files}).find(link, "docs/deep/a.rst")
    assert place is not None
    assert place.path == page


def test_a_page_that_a_docstring_names_is_found_from_the_page_that_shows_it() -> None:
    source = {"pkg/a.py": b'def run():\n    """Run, see :doc:`usage` and :doc:`/usage`."""\n'}
    document = read_document("docs/api.rst", b"API\n===\n\n.. autofunction:: pkg.a.run\n", source)
    usage = read_document("docs/usage.rst", b"Usage\n=====\n\nA.\n", {})
    crossings = Crossings({"a": document, "u": usage}, {"docs/api.rst", "docs/usage.rst", "docs/conf.py", "pkg/a.py"})
    assert [crossings.find(link, "docs/api.rst") for link in document.links] == [
        Place("docs/usage.rst", "", ("u", usage.sections[0].id), "Usage", 1)
    ] * 2


@pytest.mark.parametrize("fragment", ["runtimeErrors", "errors"])
def test_a_heading_with_an_anchor_of_its_own_is_found_by_its_words_too(fragment: str) -> None:
    page = '# Start\n\nWords.\n\n## <a name="runtimeErrors" />Errors\n\nWords of errors.\n'
    documents = {"runtime.md": read_document("runtime.md", page.encode(), {})}
    [link] = read_document("config.md", f"See [x](runtime.md#{fragment}) now.".encode(), {}).links
    place = Crossings(documents, {"runtime.md", "config.md"}).find(link, "config.md")
    assert place is not None
    assert place.heading == "Errors"


@pytest.mark.parametrize(
    ("fragment", "heading"),
    [("TEST", "TEST"), ("Test", "Test"), ("tEST", "TEST"), ("params", "Values"), ("row", "Values")],
)
def test_an_anchor_is_found_as_it_is_spelt_and_in_any_tag(fragment: str, heading: str) -> None:
    page = (
        "# A\n\nWords.\n\n## TEST {#TEST}\n\nOf one.\n\n## Test {#Test}\n\nOf two.\n\n### Values\n\nWords of values.\n"
    )
    page += '\n<span id="params"></span>\n\n| a |\n|---|\n| <b id="row"></b> c |\n'
    documents = {"a.md": read_document("a.md", page.encode(), {})}
    [link] = read_document("b.md", f"See [x](a.md#{fragment}) now.".encode(), {}).links
    place = Crossings(documents, {"a.md", "b.md"}).find(link, "b.md")
    assert place is not None
    assert place.heading == heading


def test_a_label_that_two_pages_give_is_that_of_the_page_itself() -> None:
    page = ".. _intro:\n\nOne\n===\n\nWords of one.\n\nSee :ref:`intro`.\n"
    documents = {name: read_document(name, page.encode(), {}) for name in ("a.rst", "b.rst")}
    [link] = documents["b.rst"].links
    place = Crossings(documents, frozenset(documents)).find(link, "b.rst")
    assert place is not None
    assert place.path == "b.rst"
    assert Crossings(documents, frozenset(documents)).find(link, "c.rst") is None


def test_an_option_of_the_name_of_another_pages_label_does_not_hide_the_label() -> None:
    pages = {
        "a.rst": ".. _colors:\n\nAll colors\n==========\n\nRed.\n",
        "b.rst": ".. option:: --colors\n\n   Use them.\n",
    }
    documents = {name: read_document(name, page.encode(), {}) for name, page in pages.items()}
    [link] = read_document("c.rst", b"See :ref:`colors`.", {}).links
    place = Crossings(documents, {*documents, "c.rst"}).find(link, "c.rst")
    assert place is not None
    assert place.heading == "All colors"


def test_a_heading_of_the_name_of_a_members_owner_may_be_about_another_thing() -> None:
    page = "csv\n===\n\nAs :func:`csv.reader` does.\n\n.. _here:\n\nAt :func:`here.at`.\n"
    document = read_document("a.rst", page.encode(), {})
    places = [Crossings({"a.rst": document}, {"a.rst"}).find(link, "a.rst") for link in document.links]
    assert [place is None for place in places] == [True, False]


def test_a_link_to_a_member_leads_to_the_heading_that_its_name_has() -> None:
    text = "        Words.\n" * 100
    source = "".join(f"class {name}:\n    '''One.\n\n{text}    '''\n" for name in ("Cat", "pkg"))
    page = "API\n===\n\n.. automodule:: pkg\n   :members:\n\n.. autoclass:: pkg.Cat\n"
    documents = {"api.rst": read_document("api.rst", page.encode(), {"pkg.py": source.encode()})}
    places = Crossings(documents, {"api.rst", "a.rst"})
    for target, heading, line in (
        ("pkg", "API", 1),
        ("pkg.Cat", "Cat", 4),
        ("Cat", "Cat", 4),
        ("pkg.pkg.walk", "pkg", 4),
    ):
        [link] = read_document("a.rst", f"See :class:`{target}` now.".encode(), {}).links
        place = places.find(link, "a.rst")
        assert place is not None
        assert (place.heading, place.line) == (heading, line)


def test_a_link_to_a_member_without_its_module_leads_to_the_heading_that_shows_it() -> None:
    text = "        Words.\n" * 200
    source = "class Cat:\n    '''One.'''\n" + "".join(
        f"    def {name}(self):\n        '''Do.\n\n{text}        '''\n" for name in ("walk", "sit", "eat")
    )
    page = "API\n===\n\n.. module:: pkg\n\n.. autoclass:: Cat\n   :members:\n"
    document = read_document("api.rst", page.encode(), {"pkg.py": source.encode()})
    assert "Cat.sit" in [section.heading for section in document.sections]
    [link] = read_document("a.rst", b"See :meth:`.Cat.sit` now.", {}).links
    place = Crossings({"api.rst": document}, {"api.rst", "a.rst"}).find(link, "a.rst")
    assert place is not None
    assert place.heading == "Cat.sit"


@pytest.mark.parametrize("shown", ["pkg.home", "pkg.home.Cat"])
def test_a_link_to_a_member_leads_to_the_heading_that_mkdocstrings_gives_it(shown: str) -> None:
    text = "        Words.\n" * 600
    source = f"class Cat:\n    '''One.'''\n    def sit(self):\n        '''Sit.\n\n{text}        '''\n"
    source += "    def walk(self):\n        '''Walk.'''\nclass Dog:\n    '''One.'''\n"
    document = read_document("api.md", f"# API\n\nWords.\n\n::: {shown}\n".encode(), {"pkg/home.py": source.encode()})
    links = read_document("a.md", b"See [sit][pkg.home.Cat.sit] and [all][pkg.home.Cat].", {}).links
    places = [Crossings({"api.md": document}, {"api.md", "a.md"}).find(link, "a.md") for link in links]
    named = "API" if shown.endswith("Cat") else "Cat"
    assert [place and place.heading for place in places] == ["Cat.sit", named]


def test_a_link_to_a_name_that_its_page_does_not_show_leads_nowhere() -> None:
    page = "API\n===\n\n.. currentmodule:: pkg\n\n.. autofunction:: lost\n\n.. function:: kept\n\n   Keep.\n"
    page += "\nSee :func:`pkg.lost` and :func:`pkg.kept`.\n"
    document = read_document("a.rst", page.encode(), {})
    places = [Crossings({"a.rst": document}, {"a.rst"}).find(link, "a.rst") for link in document.links]
    assert [place is None for place in places] == [True, False]


@pytest.mark.parametrize(
    ("target", "path", "heading"),
    [
        ("/start", "docs/b.md", "App"),  # the permalink
        ("/old", "docs/b.md", "App"),
        ("intro", "docs/a/01-intro.md", "Intro"),  # the page beside, not the address of one far away
        ("../b.md#app", "docs/b.md", "App"),  # the heading, not the sample that has such an id
        ("/page", None, None),  # words of a comment and names with blanks are no addresses
        ("/Getting", None, None),
    ],
)
def test_addresses_of_the_front_matter_are_whole_and_yield_to_pages_beside(
    target: str, path: str | None, heading: str | None
) -> None:
    head = '---\npermalink: /start # The main page\nredirect_from: [/old, "Getting Started"]\nslug: /intro\n---\n'
    pages = {
        "docs/b.md": head + '# App\n\nAll.\n\n## Mount it\n\n```html\n<div id="app"></div>\n```\n',
        "docs/a/01-intro.md": "# Intro\n\nAll.\n",
        "docs/a/x.md": f"# X\n\nSee [it]({target}).\n",
    }
    documents = {name: read_document(name, text.encode(), {}) for name, text in pages.items()}
    [link] = documents["docs/a/x.md"].links
    place = Crossings(documents, set(documents)).find(link, "docs/a/x.md")
    assert (place and place.path, place and place.heading) == (path, heading)


def test_a_module_is_told_where_it_is_described_not_where_its_name_is_only_set() -> None:
    pages = {
        "m.rst": "Board\n=====\n\n.. module:: board\n\nAll.\n",
        "p.rst": "Pin\n===\n\n.. currentmodule:: board\n\nOne.\n",
    }
    documents = {path: read_document(path, text.encode(), {}) for path, text in pages.items()}
    [link] = read_document("a.rst", b"See :mod:`board`.", {}).links
    place = Crossings(documents, {*documents, "a.rst"}).find(link, "a.rst")
    assert place is not None
    assert place.path == "m.rst"


def test_a_member_is_told_where_the_module_of_its_class_is() -> None:
    pages = {"dom.md": "# Dom\n\n::: relay.dom\n", "relay.md": "# Relay\n\n::: relay\n"}
    source = {"relay/__init__.py": b'"""All."""\n', "relay/dom.py": b'class Node:\n    """A node."""\n'}
    documents = {path: read_document(path, text.encode(), source) for path, text in pages.items()}
    places = Crossings(documents, {*documents, "a.rst"})
    links = read_document("a.rst", b"See :meth:`relay.dom.Node.add`.", {}).links
    assert [place and place.path for place in (places.find(link, "a.rst") for link in links)] == ["dom.md"]


def test_a_class_and_a_function_that_differ_in_case_are_two() -> None:
    page = "API\n===\n\nMakers\n------\n\n.. function:: crate\n\nKinds\n-----\n\n.. class:: Crate\n"
    places = Crossings({"api.rst": read_document("api.rst", page.encode(), {})}, {"api.rst", "a.rst"})
    links = read_document("a.rst", b"See :func:`crate`, :class:`Crate` and :class:`CRATE`.", {}).links
    assert [place and place.heading for place in (places.find(link, "a.rst") for link in links)] == [
        "Makers", "Kinds", "Makers",
    ]  # fmt: skip


def test_an_address_on_the_site_of_the_documentation_leads_to_the_page_that_is_published_there() -> None:
    site = "https://relay.example"
    page = read_document("docs/guide/start.md", b"# Start\n\nWords.\n\n## First steps\n\nMore words.\n", {})
    targets = ("/guide/start/#first-steps", "/guide/start/#gone", "/", ".org/guide/start/")
    text = " and ".join(f"[{at}]({site}{target})" for at, target in enumerate(targets))
    readme = read_document("README.md", f"# Relay\n\nRead {text}.".encode(), {})
    documents = {one.path: one for one in (page, readme)}
    places = Crossings(documents, documents.keys(), site=site)
    found = [places.find(link, "README.md") for link in readme.links]
    assert [one and (one.path, one.heading) for one in found] == [("docs/guide/start.md", "First steps"), *3 * [None]]


def test_an_address_leads_to_the_page_that_jekyll_publishes_there() -> None:
    page = read_document("docs/_docs/static_files.md", b"# Static Files\n\nWords of static files.\n", {})
    readme = read_document("README.md", b"# Relay\n\nRead [it](/docs/static-files/).", {})
    documents = {one.path: one for one in (page, readme)}
    place = Crossings(documents, documents.keys()).find(readme.links[0], "README.md")
    assert place is not None
    assert place.heading == "Static Files"


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/docs/", "docs/_docs/first.md"),
        ("https://relay.example/docs/", "docs/_docs/first.md"),
        ("/docs/home/", "docs/_docs/first.md"),
        ("https://relay.example/docs/old-tools/", "docs/tools/Tools.md"),
        ("/docs/tools/all-tools", "docs/tools/Tools.md"),
        ("https://relay.example/tools/every-tool", "docs/tools/Tools.md"),
        ("/docs/readme.md", "docs/readme.md"),
        ("docs/", "docs/readme.md"),
        ("#", None),
    ],
)
def test_an_address_leads_to_the_page_that_says_that_it_is_there(target: str, page: str | None) -> None:
    pages = {
        "docs/_docs/first.md": "---\npermalink: /docs/\nredirect_from:\n- /docs/home/index.html\n---\n# A\n\nWords.\n",
        "docs/tools/Tools.md": "---\nid: every-tool\nslug: all-tools\naliases: /docs/old-tools\n---\n# B\n\nWords.\n",
        "docs/readme.md": "# For makers\n\nWords.\n",
        "README.md": f"# Relay\n\nRead [it]({target}).",
    }
    documents = {
        name: load_document(dump_document(read_document(name, content.encode(), {}))) for name, content in pages.items()
    }
    place = Crossings(documents, documents.keys(), site="https://relay.example").find(
        documents["README.md"].links[0], "README.md"
    )
    assert (place and place.path) == page

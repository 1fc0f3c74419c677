"""The links of a page stand in its lesson: no address and no section is lost on the way, whatever the format."""

from dataclasses import replace

import pytest

from shared.course.field_text import Link, read_markdown
from tests.unit.writer.sample import check, make_brief, write

PAGES = {
    "page.md": """\
# Page

## Links

See [one](https://one.acme.org/a), [two](http://two.acme.org/b?c=d#e), the [server](http://localhost:8000/c),
<https://three.acme.org>, http://four.acme.org/d and [five], as [six](https://six.acme.org/A_(b)) says.

[five]: http://five.acme.org/e

Go on with [what is below](#part-1), the [second](#part), the [Links](#links) again, the [first](#part).

## Part

The first part has words.

## Part

The second part has words too.
""",
    "page.rst": """\
Page
====

Links
-----

See `one <https://one.acme.org/a>`_, `two <http://two.acme.org/b?c=d#e>`_, the `server <http://localhost:8000/c>`_,
https://three.acme.org, http://four.acme.org/d and five_, as `six <https://six.acme.org/A_(b)>`_ says.

.. _five: http://five.acme.org/e

Go on with `what is below <second_>`_, the :ref:`second <page:Part>`, the `Links`_ again, the first_.

.. _first:

Part
----

The first part has words.

.. _second:

Part
----

The second part has words too.
""",
    "page.adoc": """\
= Page

== Links

See https://one.acme.org/a[one], http://two.acme.org/b?c=d#e[two], the http://localhost:8000/c[server],
https://three.acme.org, http://four.acme.org/d and {five}[five], as link:https://six.acme.org/A_(b)[six] says.

Go on with <<second,what is below>>, the xref:first[second], the <<Links>> again, the <<first,first>>.

[[first]]
== Part

The first part has words.

[[second]]
== Part

The second part has words too.
""",
}
PAGES["page.adoc"] = PAGES["page.adoc"].replace("= Page\n", "= Page\n:five: http://five.acme.org/e\n", 1)


def _links(path: str) -> dict[str, Link]:
    module = write(make_brief({path: PAGES[path]}))
    return {link.text.strip("`"): link for link in read_markdown("", module.main_content).links}


@pytest.mark.parametrize("path", PAGES)
def test_each_link_of_a_page_leads_where_the_author_leads(path: str) -> None:
    targets = {text: link.target for text, link in _links(path).items()}
    assert targets == {
        "one": "https://one.acme.org/a", "two": "https://two.acme.org/b?c=d#e",
        "server": "http://localhost:8000/c",
        "https://three.acme.org": "https://three.acme.org", "http://four.acme.org/d": "https://four.acme.org/d",
        "five": "https://five.acme.org/e", "six": "https://six.acme.org/A_(b)",
        "what is below": "#part-1", "second": "#part", "Links": "#links",
        "first": "#part",
    }  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_an_address_without_encryption_stays_as_the_title(path: str) -> None:
    brief = make_brief({path: PAGES[path]})
    module = write(brief)
    assert _links(path)["two"].title == "http://two.acme.org/b?c=d#e"
    assert [one for one in check(brief, module).findings if one.where == "main_content"] == []


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/a",
        "http://acme.org:8080/a",
        "http://db.local",
        "http://a.example",
        "ftp://acme.org",
    ],
)
def test_what_only_a_machine_of_the_authors_answers_is_no_link(address: str) -> None:
    text = f"# Page\n\n## Part\n\nOpen [the page]({address}).\n\nOpen [that]({address}/2) or [those].\n"
    text += f"\n[those]: {address}/3\n"
    main = write(make_brief({"page.md": text})).main_content
    assert "Open the page." in main
    assert "Open that or those." in main
    assert read_markdown("", main).links == ()


@pytest.mark.parametrize(("site", "target"), [("https://acme.org/docs", "https://acme.org/docs/b/#c"), ("", None)])
def test_an_address_of_the_site_that_the_source_lacks_leads_to_the_site(site: str, target: str | None) -> None:
    brief = make_brief({"page.md": "# Page\n\n## Part\n\nSee [that](/b/#c) and [this](b/c) and //b of acme.org.\n"})
    main = write(replace(brief, site=site)).main_content
    assert [link.target for link in read_markdown("", main).links] == ([target] if target else [])


def test_a_name_does_not_lead_to_the_section_that_it_stands_in() -> None:
    text = "Page\n====\n\nA.\n\n{0}\n----\n\n:class:`Tap` or :class:`Cup`.\n\n{1}\n----\n\nA :class:`Tap`.\n"
    main = write(make_brief({"page.rst": text.format("Tap", "Cup")})).main_content
    assert [(link.text, link.target) for link in read_markdown("", main).links] == [
        ("Cup", "#cup"),
        ("Tap", "#tap"),
    ]


def test_a_heading_that_is_a_link_stays_one() -> None:
    text = "# Page\n\n## [Part one](https://one.acme.org)\n\nSome words. See [it](#part-one).\n"
    brief = make_brief({"page.md": text})
    module = write(brief)
    assert module.main_content.startswith("## [Part one](https://one.acme.org)\n\nSome words. See [it](#part-one).")
    assert [one for one in check(brief, module).findings if one.where == "main_content"] == []


def test_a_link_that_begins_the_text_below_a_title_of_the_head_makes_no_link_of_the_title() -> None:
    first, title = make_brief({"a.md": "# Part\n\nWords of it.\n"}), "---\ntitle: Tap\n---\n"
    other = make_brief({"b.md": f"{title}[Tap](https://tap.acme.org)-like words.\n"})
    sections = (*first.module.sections, *other.module.sections)
    ids = (*first.module.document_ids, *other.module.document_ids)
    module = first.module.model_copy(update={"sections": sections, "document_ids": ids})
    both = replace(first, module=module, documents={**first.documents, **other.documents},
                   analyses={**first.analyses, **other.analyses})  # fmt: skip
    shown = write(replace(both, raw=lambda path: (first if path == "a.md" else other).raw(path))).main_content
    assert "# Tap\n\n[Tap](https://tap.acme.org)-like words." in shown

"""The additions of documentation sites to Markdown are read, and none of their markup is left in the text."""

import re

import pytest

from shared.docs.reader import read_document
from tests.support.processor_time import processor_seconds
from tests.unit.docs.pages import blocks, headings, read, said, texts

LEFTOVERS = re.compile(
    r":::|!!!|\?\?\?|\{%|\{\{|</?[A-Za-z]|\{#|\[\^|///|===|\[TOC\]|:[a-z]+:`|\{[a-z]+\}`|[\ue000-\ue0ff]"
)


@pytest.mark.parametrize(
    "source",
    [
        "> [!WARNING]\n> Mind *this*.\n",
        "> **Warning**\n> Mind *this*.\n",
        "!!! warning\n    Mind *this*.\n",
        '??? warning "Title"\n\n    Mind *this*.\n',
        "::: warning\nMind *this*.\n:::\n",
        ":::warning[Title]\n\nMind *this*.\n\n:::\n",
        "/// warning | Title\n\nMind *this*.\n\n///\n",
        '{% hint style="warning" %}\nMind *this*.\n{% endhint %}\n',
        '{{% notice warning "x" %}}\nMind *this*.\n{{% /notice %}}\n',
        "```{warning}\n:class: x\n\nMind *this*.\n```\n",
        ":::{warning}\nMind *this*.\n:::\n",
        "::: {.callout-warning}\nMind *this*.\n:::\n",
        '<Callout type="warning">\nMind *this*.\n</Callout>\n',
    ],
)
def test_admonitions_of_every_site_are_one_kind_of_block(source: str) -> None:
    document = read(source + "\nAfter.\n")
    (block,) = blocks(document, "admonition")
    assert block.label == "warning"
    assert [s.text for s in block.sentences] == ["Mind *this*."]
    assert block.start_line == 1
    assert texts(document) == ["Mind *this*.", "After."]
    assert document.raw_lines[block.sentences[0].start_line - 1].endswith("Mind *this*.")


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ('!!! note "My **own**"\n    x y.\n', "My own"),
        ("::: tip Look here\nx y.\n:::\n", "Look here"),
        (":::note[Look]{.c}\nx y.\n:::\n", "Look"),
        ("::: info Look at [it](b.md) here\nx y.\n:::\n", "Look at it here"),
        ("/// note | `code` and more\n\nx y.\n\n///\n", "code and more"),
        ("> [!NOTE] Look\n> X y.\n", "Look"),
        ("> [!NOTE]\\\n> x y.\n", ""),
        ("```{admonition} Look\nx y.\n```\n", "Look"),
    ],
)
def test_admonitions_keep_their_own_titles(source: str, title: str) -> None:
    (block,) = blocks(read(source), "admonition")
    assert block.title == title


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("> [!NOTE] Never render `x`.\n", ["Never render `x`."]),
        ("> [!NOTE] Never render\n", ["Never render"]),
        ("> [!NOTE] A thing.\n> More of it.\n", ["A thing.", "More of it."]),
        ("> [!NOTE] A thing that goes on\n> below.\n", ["A thing that goes on below."]),
        ("> [!NOTE] A thing\n>\n> More of it.\n", ["A thing", "More of it."]),
        ("> [!NOTE] Like this:\n>\n> ```js\n> x\n> ```\n", ["Like this:"]),
    ],
)
def test_the_rest_of_the_line_of_an_alert_is_text(source: str, said: list[str]) -> None:
    document = read(source)
    assert texts(document) == said
    first = blocks(document, "admonition")[0]
    assert (first.label, first.title, first.start_line) == ("note", "", 1)


@pytest.mark.parametrize("begun", ["Note:", "note:", "**Note:**", "**Note**:", "__NOTE:__"])
def test_quotes_that_begin_with_the_name_of_an_aside_are_admonitions(begun: str) -> None:
    (aside, inner, quote, plain) = blocks(
        read(f"> {begun} It is.\n>\n> - so\n\n> **Note: bold.** Not so.\n\n{begun.capitalize()} It is.\n")
    )
    assert (aside.kind, aside.label, [one.text for one in aside.sentences]) == ("admonition", "note", ["It is."])
    assert (inner.kind, quote.kind, plain.kind) == ("list_item", "quote", "paragraph")


def test_directives_that_only_docc_reads_are_not_shown() -> None:
    document = read(
        "# T\n\n@Metadata { @TechnologyRoot }\n\n@Options(scope: global) {\n  @A(off) {\n  }\n  @B\n}\n\nOne.\n\n"
        "@Comment {\n```\n}\n```\nNot shown.\n}\nTwo.\n\n```\n@Comment {\n```\n\n@Comment {\n\nThree.\n"
    )
    assert texts(document) == ["One.", "Two.", "@Comment {", "Three."]


def test_containers_may_stand_in_one_another() -> None:
    document = read(
        """\
        ::::tip
        Outer.

        :::note
        Inner.

        ```md
        :::
        ```
        :::

        Outer again.
        ::::

        After.
        """
    )
    assert [(b.kind, b.label) for b in blocks(document)] == [
        ("admonition", "tip"),
        ("admonition", "note"),
        ("code", ""),
        ("admonition", "tip"),
        ("paragraph", ""),
    ]


def test_a_container_that_is_never_closed_swallows_nothing() -> None:
    document = read("# T\n\n:::warning\n\nText.\n\n## Next\n\nMore.\n")
    assert headings(document) == [("T", 1, 1), ("Next", 2, 7)]
    assert [b.kind for b in blocks(document)] == ["paragraph", "paragraph"]


def test_tabs_and_groups_are_read_through_in_order() -> None:
    document = read(
        """\
        === "Linux"

            First.

            ```sh
            run
            ```

        === "macOS"

            Second.

        {% tabs %}
        {% tab title="Go" %}
        Third.
        {% endtab %}
        {% endtabs %}

        <Tabs>
        <TabItem value="a" label="A">

        Fourth.

        </TabItem>
        </Tabs>

        ::: code-group
        ```js [a.js]
        let x
        ```
        :::
        """
    )
    assert said(document) == [("First.", 3, 3), ("Second.", 11, 11), ("Third.", 15, 15), ("Fourth.", 22, 22)]
    assert [(b.code, b.language, b.start_line) for b in blocks(document, "code")] == [
        ("run", "sh", 6),
        ("let x", "js", 29),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "[TOC]",
        "[[_TOC_]]",
        "[[toc]]",
        "(target)=",
        "{: .no_toc }",
        "*[HTML]: Hyper Text",
        "{% raw %}",
        "{{< tabs >}}",
        '{{include "/parts/card.html"}}',
        "{{< figure\n  src='x'\n>}}",
        "<style>\na { b: c }\n</style>",
        "<!-- a\n\ncomment -->",
        "```{toctree}\na\nb\n```",
        "```{currentmodule} x\n```",
        ":::{image} x.png\n:alt: y\n:::",
        "<br/>",
        '<a id="x"></a>',
    ],
)
def test_marks_for_the_site_alone_leave_no_text(source: str) -> None:
    assert texts(read(f"Before.\n\n{source}\n\nAfter.\n")) == ["Before.", "After."]


def test_a_template_is_no_mark_for_the_site_where_a_text_names_it() -> None:
    told = 'The template {{include "acme.labels" .}} adds labels, {{ include "/acme.html" }} all.'
    assert texts(read(told)) == [
        'The template `{{include "acme.labels" .}}` adds labels, `{{ include "/acme.html" }}` all.'
    ]
    around = "<div>\n\t<b>A</b>\n\t<div>\n\t\t<p>\n\t\t\t{}\n\t\t</p>\n\t</div>\n</div>\n\nEnd.\n"
    shown = blocks(read(around.format('{{include "/a.html"}}')))
    assert [(one.kind, one.code) for one in shown] == [("paragraph", "")] * 2
    assert texts(read('{{ include "acme.labels" . }}')) == ['`{{ include "acme.labels" . }}`']


def test_code_in_a_wrapping_element_stays_code() -> None:
    document = read('<div class="termy">\n\n```console\n$ run\n```\n\n</div>\n\n<div>\n```sh\nx\n```\n</div>\n')
    assert [(b.code, b.start_line) for b in blocks(document, "code")] == [("$ run", 4), ("x", 11)]


def test_restructuredtext_inside_markdown_is_read_in_place() -> None:
    document = read("# T\n\n```{eval-rst}\nSome ``code`` here.\n\n.. code-block:: python\n\n    x = 1\n```\n")
    assert said(document) == [("Some `code` here.", 4, 4)]
    (code,) = blocks(document, "code")
    assert (code.code, code.language, code.start_line, code.end_line) == ("x = 1", "python", 8, 8)


def test_myst_directives_inside_directives_are_read() -> None:
    document = read("````{tab-set}\n```{tab-item} A\nText one.\n```\n```{code-block} py\n:linenos:\nx\n```\n````\n")
    assert texts(document) == ["Text one."]
    assert [(b.code, b.language) for b in blocks(document, "code")] == [("x", "py")]


def test_highlight_tags_are_fences() -> None:
    (code,) = blocks(read("{% highlight ruby %}\nputs 1\n{% endhighlight %}\n"), "code")
    assert (code.code, code.language, code.start_line) == ("puts 1", "ruby", 2)


def test_what_stands_behind_a_tag_that_never_ends_is_read() -> None:
    document = read('{% include head %}\n{\n "a": 1\n}\n\n## Second\n\nText here.\n')
    assert "Text here." in texts(document)
    assert [one.kind for one in document.blocks] == ["paragraph", "paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in xs %}\n\n## Install\n\nText that stays.\n\n{% endfor %}\n",
        "{% for x in xs %} begins a loop of {{ x }}.\n\nText that stays.\n\nIt ends with {% endfor %}.\n",
        "{% raw %}\n{% for x in xs %}\n{{ x }}\n{% endfor %}\n{% endraw %}\n\nText that stays.\n",
    ],
)
def test_only_what_a_template_repeats_alone_is_not_shown(text: str) -> None:
    said = texts(read(text))
    assert "Text that stays." in said
    assert not any("not shown here" in one for one in said)


def test_a_loop_that_is_not_closed_takes_linear_time() -> None:
    assert processor_seconds(lambda: read("{% for" + " " * 19_000 + "!\n")) < 0.5
    inside = ("{% for a in b %}\n{{ a }}\n" + " " * 19_000 + "!\n{% endfor %}\n") * 40
    assert processor_seconds(lambda: read(inside)) < 1.5


def test_a_snippet_that_is_a_picture_is_shown_as_one() -> None:
    document = read('<div>\n<a href="https://a.b">\n--8<-- "docs/a.svg"\n</a>\n</div>\n\n--8<-- "docs/a.svg"\n')
    assert [(one.kind, one.start_line) for one in document.blocks] == [("image", 3), ("image", 7)]


def test_data_for_a_program_of_the_site_is_code() -> None:
    text = '{% repl %}\n[\n  {"input": "1 + 1"}\n]\n{% endrepl %}\n\nTry it.\n'
    (code,) = blocks(read(text), "code")
    assert (code.language, code.code) == ("json", '[\n  {"input": "1 + 1"}\n]')


def test_nothing_of_a_page_full_of_marks_is_left() -> None:
    document = read(
        """\
        ---
        title: Page
        ---
        # Page { #id }

        Some **text**{ .x } with :material-x: and {{ value }} in it. Here {#more} too.[^1]

        !!! note inline end "T"
            In the note <Badge type="tip" text="x" />.

        <Card title="x" icon="y">
          A card's text.
        </Card>

        1. Step {{< icon "x" >}} one. { .annotate }

            /// tip
            Nested tip.
            ///

        [^1]: Foot.
        """
    )
    for text in [*texts(document), *(s.heading for s in document.sections), *(b.title for b in blocks(document))]:
        assert not LEFTOVERS.search(text.replace("`{{ value }}`", "")), text
    first = "Some **text** with and `{{ value }}` in it."
    assert texts(document) == [
        first, "Here too.\\[1\\]", "In the note.", "A card's text.", "Step one.", "Nested tip.", "\\[1\\] Foot."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opening", "closing", "title"),
    [
        ("/// version-changed | 7.1", "///", "Changed in version 7.1"),
        ("/// version-added | 7.1", "///", "Added in version 7.1"),
        (":::{versionchanged} 7.1", ":::", "Changed in version 7.1"),
        ("```{deprecated} 7.1", "```", "Deprecated since version 7.1"),
    ],
)
def test_what_changed_in_a_version_says_so_even_where_nothing_follows(opening: str, closing: str, title: str) -> None:
    (said,) = blocks(read(f"# A\n\n{opening}\nIt is new.\n{closing}\n"))
    assert (said.kind, said.title, [s.text for s in said.sentences]) == ("admonition", title, ["It is new."])
    (bare,) = blocks(read(f"# A\n\n{opening}\n{closing}\n"))
    assert (bare.kind, bare.title, bare.start_line, bare.sentences) == ("admonition", title, 3, ())


def test_the_remark_after_a_version_is_prose() -> None:
    (block,) = blocks(read("# A\n\n:::{versionadded} 8.2 The `x` option.\n\nMore.\n:::\n"))
    assert block.title == "Added in version 8.2"
    assert [(s.text, s.start_line) for s in block.sentences] == [("The `x` option.", 3), ("More.", 5)]


def test_options_of_blocks_between_slashes_are_no_text_and_may_name_the_kind() -> None:
    text = (
        "# A\n\n/// admonition | Hot\n    type: danger\n    open: true\n\nOne.\n///\n\n/// own-kind | Mine\nTwo.\n///\n"
    )
    assert [(b.label, b.title, *(s.text for s in b.sentences)) for b in blocks(read(text))] == [
        ("danger", "Hot", "One."), ("note", "Mine", "Two.")
    ]  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), [
    ("{% highlight markdown %}", "{% endhighlight %}"), ("{{< highlight markdown >}}", "{{< /highlight >}}"),
])  # fmt: skip
def test_a_listing_between_template_tags_may_hold_fences_and_marks_of_other_dialects(
    opening: str, closing: str
) -> None:
    inside = "<div markdown=1>\n\n/// note\n{: .btn }\n```js\na()\n```\n\n</div>\n{% link a.md %}"
    code, said = blocks(read(f"# A\n\n{opening}\n{inside}\n{closing}\n\nSaid.\n"))
    assert (code.kind, code.code, code.language) == ("code", inside, "markdown")
    assert [s.text for s in said.sentences] == ["Said."]


def test_a_block_between_slashes_of_a_sites_own_kind_only_groups() -> None:
    text = "# A\n\n/// note\n//// fold-code\n```css\na {}\n```\n////\n///\n\n//// fold-code\nTwo.\n////\n"
    code, said = blocks(read(text))
    assert (code.code, [around.kind for around in code.within]) == ("a {}", ["admonition"])
    assert (said.kind, [s.text for s in said.sentences]) == ("paragraph", ["Two."])


@pytest.mark.parametrize(
    "text",
    [
        "::::{tab-set}\n:::{tab-item} One\n:sync: a\nSaid.\n:::\n::::\n",
        "```{tab-item} One\nSaid.\n```\n",
        "```{dropdown} One\nSaid.\n```\n",
        "::: details One\nSaid.\n:::\n",
        "/// details | One\n    type: warning\nSaid.\n///\n",
        "/// tab | One\nSaid.\n///\n",
        '=== "One"\n\n    Said.\n',
        '<TabItem label="One">\n\nSaid.\n\n</TabItem>\n',
        '<Accordion title="One">\n\nSaid.\n\n</Accordion>\n',
    ],
)
def test_tabs_and_what_is_unfolded_keep_their_labels(text: str) -> None:
    (block,) = blocks(read(f"# A\n\n{text}"))
    assert [(around.kind, around.title) for around in block.within] == [("tab", "One")]
    assert [s.text for s in block.sentences] == ["Said."]


def test_code_keeps_the_label_of_its_fence() -> None:
    group = '# A\n\n::: code-group\n```js [config.js]\na\n```\n```ts title="config.ts"\nb\n```\n```sh\nc\n```\n:::\n'
    assert [(b.language, b.title) for b in blocks(read(group), "code")] == [
        ("js", "config.js"), ("ts", "config.ts"), ("sh", "")
    ]  # fmt: skip


def test_emoji_that_say_something_stay_and_others_go() -> None:
    text = "# A\n\n| a | b |\n|---|---|\n| :heavy_check_mark: | :x: |\n| :rocket: One | :white_check_mark: two |\n"
    (table,) = blocks(read(text))
    assert table.rows[1:] == (("✔", "❌"), ("One", "✅ two"))


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("{{ '/docs/x/' | relative_url }}", "/docs/x/"),
        ('{{ "/docs/x/" | absolute_url }}', "/docs/x/"),
        ("{{ site.baseurl }}/z/#q", "/z/#q"),
        ("{% link _docs/y.md %}", "_docs/y.md"),
        ('{{< ref "x.md" >}}', "x.md"),
    ],
)
def test_an_address_that_a_template_gives_is_an_address(written: str, address: str) -> None:
    tag = f'<a href="{written}">x</a>' if '"' not in written else "[x][r]"
    text = f"# T\n\nSee [it]({written}) and [r][] and {tag}.\n\n[r]: {written}\n"
    document = read_document("docs/a.md", text.encode(), {})
    assert [link.target for link in document.links] == [address] * 3


def test_components_of_nuxt_content_are_containers_and_links() -> None:
    document = read(
        """\
        ::note{title="Mind"}
        Be sure.
        #more
        And so.
        ::

        ::code-group
        ```ts [a.ts]
        x
        ```
        ::

        :run{script="dev"}

        :read-more{to="/guide/routing"}

        ::read-more{title="More" to="https://acme.org/more"}
        ::

        Of std: as in

        ::

        and #one here.
        """
    )
    shown = [(block.kind, block.title, [one.text for one in block.sentences]) for block in document.blocks]
    assert shown == [
        ("admonition", "Mind", ["Be sure.", "And so."]),
        ("code", "a.ts", []),
        ("paragraph", "", ['`:run{script="dev"}`']),
        ("paragraph", "", ["[routing](/guide/routing)"]),
        ("paragraph", "", ["[More](https://acme.org/more)"]),
        ("paragraph", "", ["Of std: as in"]),
        ("paragraph", "", ["and #one here."]),
    ]
    assert [link.untitled for link in document.links] == [True, False]


def test_a_cell_of_code_has_the_language_of_the_page() -> None:
    page = "---\nkernelspec:\n  name: x\n  language: julia\n---\n\n# T\n\n```{code-cell}\nx = 1\n```\n"
    assert [block.language for block in blocks(read(page), "code")] == ["julia"]


def test_a_link_without_words_shows_the_title_of_its_page_and_an_anchor_nothing() -> None:
    document = read("See [](use/start.md#a) and [](#my-label), [](https://acme.org) too.\n\n[](#x) Text.\n")
    assert texts(document) == ["See [start](use/start.md#a) and [my label](#my-label), too.", "Text."]
    assert [link.untitled for link in document.links] == [True, True]


def test_an_address_with_a_template_within_it_is_the_rest_of_it_and_defines_its_label() -> None:
    text = "See [Install], [api], [repo] and [x](/docs/{{< param version >}}/run/).\n\n"
    text += (
        "[api]: /docs/{{< param version >}}/learning/api\n[Install]: ../install/\n[repo]: <{{% param repo %}}/tree>\n"
    )
    document = read(text, "docs/v3/a.md")
    assert [link.target for link in document.links] == ["../install/", "/learning/api", "repo/tree", "/run/"]
    assert len(blocks(document)) == 1


def test_tabs_of_hugo_hold_code_in_their_language_or_text_below_their_label() -> None:
    text = """Run:

{{< tabpane >}}
{{< tab header="Command:" disabled=true />}}
{{< tab header="Unix shell" lang="Bash" >}}
cat >> a.toml <<EOL
# no heading
EOL
{{< /tab >}}
{{< tab name="Windows" codelang="bat" >}}
dir
{{< /tab >}}
{{< /tabpane >}}

{{< tabpane text=true >}}
{{< tab header="In text" lang="en" >}}
Use *this*.
{{< /tab >}}
{{< /tabpane >}}

{{% tab "macOS" %}}

Use that.

{{% /tab %}}
"""
    document = read(text)
    assert headings(document) == [("Page", 1, 1)]
    code = [(block.language, block.title, block.code) for block in blocks(document) if block.kind == "code"]
    assert code == [("bash", "Unix shell", "cat >> a.toml <<EOL\n# no heading\nEOL"), ("bat", "Windows", "dir")]
    assert texts(document) == ["Run:", "**In text** Use *this*.", "**macOS**", "Use that."]


def test_paragraphs_and_quotes_that_begin_with_a_word_in_capitals_are_admonitions() -> None:
    document = read(
        "# T\n\nNOTE: It is\nso.\n\nNext.\n\n> TIP: See:\n> * a\n\nWARNING:\nStop.\n\nINFO:\n\n- NOTE: as an item\n"
    )
    assert [(b.kind, b.label, b.start_line, [s.text for s in b.sentences]) for b in blocks(document)] == [
        ("admonition", "note", 3, ["It is so."]), ("paragraph", "", 6, ["Next."]), ("admonition", "tip", 8, ["See:"]),
        ("list_item", "", 9, ["a"]), ("admonition", "warning", 11, ["Stop."]), ("paragraph", "", 14, ["INFO:"]),
        ("list_item", "", 16, ["NOTE: as an item"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("{{ demo() }}", []),
        ("{{ macros.head(kinds=['a']) }}", []),
        ('{{ note(text="Words of it.") }}', ["Words of it."]),
        ('{{ card(url="https://a.org/b", title="A page") }}', ["[A page](https://a.org/b)"]),
        ('{{ card(url="javascript:a", title="A page") }}', []),
        ("The value `x` is {{ value() }}.", ["The value `x` is `{{ value() }}`."]),
        ("{{ value }}", ["`{{ value }}`"]),
    ],
)
def test_a_call_on_a_line_of_its_own_shows_what_its_arguments_say(call: str, shown: list[str]) -> None:
    assert texts(read(f"Said.\n\n{call}\n")) == ["Said.", *shown]


def test_a_call_for_a_film_or_a_picture_is_one() -> None:
    document = read('Said.\n\n{{ youtube(id="a-b", autoplay=true) }}\n\n{{ resize(path="b/c.png", width=5) }}\n')
    images = [one.image for one in blocks(document, "image")]
    assert [(one.target, one.sort) for one in images if one] == [
        ("https://www.youtube.com/watch?v=a-b", "Video"), ("b/c.png", "Picture"),
    ]  # fmt: skip


def test_a_directive_of_docc_hides_neither_headings_nor_what_stands_behind_its_bracket() -> None:
    said = "# T\n\n@Comment {\n It says `{` once.\n}\n\nOne is shown.\n"
    assert texts(read(said)) == ["One is shown."]
    assert "Two is shown." in texts(read("# T\n\n@Comment {\n\n## Two\n\nTwo is shown.\n\n}\n"))
    assert any("are shown" in text for text in texts(read("# T\n\n@Options(a) {\n} These are shown.\n")))


def test_a_link_of_docc_leads_to_no_script() -> None:
    assert texts(read("# T\n\nSee [it](doc:javascript:alert(1)) now.\n")) == ["See it now."]


def test_a_control_within_a_sentence_and_words_behind_a_film_stay() -> None:
    assert texts(read("# T\n\n<p>Press <button>Save</button> now to go.</p>\n")) == ["Press Save now to go."]
    (text,) = texts(read("# T\n\nSee <video src='c.mp4'> for it. Then <video src='d.mp4'></video> goes on.\n"))[:1]
    assert "for it" in text


def test_a_tag_of_many_letters_is_read_in_time_by_its_length() -> None:
    def seconds(length: int) -> float:
        text = f"# T\n\n<div></a{'a' * length}\n</div>\n"
        return processor_seconds(lambda: read(text))

    assert seconds(16_000) < 12 * max(seconds(4_000), 0.02)


@pytest.mark.parametrize(
    ("box", "label"),
    [
        ("{: .note .info}\nFill it\nfirst.", "info"),
        ("Fill it first.\n{: .callout .warning}", "warning"),
        ("> Fill it\n> first.\n{: .callout .tip }", "tip"),
        ("{: .notice}\nFill it first.", "note"),
        ('<div class="note warning"><p>Fill it first.</p></div>', "warning"),
        ('<div class="row"><p>\n</p><div class="tip"><p>Fill it first.</div></div>', "tip"),
    ],
)
def test_a_box_by_its_classes_is_an_admonition(box: str, label: str) -> None:
    document = read_document("a.md", f"# Kettle\n\nBefore it.\n\n{box}\n\nAfter it.\n".encode(), {})
    blocks = document.sections[0].blocks
    assert [(one.kind, one.label) for one in blocks] == [("paragraph", ""), ("admonition", label), ("paragraph", "")]
    assert [one.text for one in blocks[1].sentences] == ["Fill it first."]


@pytest.mark.parametrize(
    "text",
    [
        "{: .warning}\n## Filling\n\nFill it first.\n",
        "{: .lead}\nFill it first.\n",
        "Fill it first.\n{: .summary}\n",
        '<div class="row">\n\nFill it first.\n\n</div>\n',
        "```\n{: .note}\nFill it first.\n```\n",
        "```js\na()\n\nb()\n```\nFill it first.\n{: .note}\n",
        "1. Step one.\n\n    Fill it first.\n{: .note}\n",
    ],
)
def test_what_is_no_box_is_no_admonition(text: str) -> None:
    document = read_document("a.md", f"# Kettle\n\n{text}\nAfter it.\n".encode(), {})
    assert "admonition" not in [block.kind for section in document.sections for block in section.blocks]


@pytest.mark.parametrize(
    ("box", "kind", "label"),
    [
        ('<p class="notice">\nFill it\nfirst.\n</p>', "admonition", "note"),
        (
            '<div class="alert alert-warning">\n\n  <h5>Mind it</h5>\n\nFill it *first*.\n\n</div>',
            "admonition",
            "warning",
        ),
        (
            '<div class="note">\n    <h5>Mind it</h5>\n    <p>\n\n        Fill it first.\n    </p>\n</div>',
            "admonition",
            "note",
        ),
        ('<aside class="tip">\n\t\nFill it first.\n\n</aside>', "admonition", "tip"),
        ('<blockquote class="quote">\nFill it\n\n- first\n\n</blockquote>', "quote", ""),
    ],
)
def test_html_around_markdown_is_one_box(box: str, kind: str, label: str) -> None:
    document = read_document("a.md", f"# Kettle\n\nBefore it.\n\n{box}\n\nAfter it.\n".encode(), {})
    (section,) = document.sections
    before, *inside, after = section.blocks
    assert (before.within, after.within) == ((), ())
    assert {(one.within[0].kind, one.within[0].label, one.within[0].line) for one in inside} == {(kind, label, 5)}
    assert inside[0].end_line < 5 + box.count("\n")
    assert "code" not in [one.kind for one in inside]


@pytest.mark.parametrize(
    "text",
    [
        '<div class="note">\n\n## Filling\n\nFill it first.\n\n</div>\n',
        '<div class="note">\n<h2>Filling</h2>\n\nFill it first.\n</div>\n',
        '<div class="note">\n\nFilling\n---\n\nFill it first.\n\n</div>\n',
        f'<div class="note">\n\n{"Fill it.{0}{0}".format(chr(10)) * 40}</div>\n',
        '<div class="note">\n\nFill it first.\n',
        '<!--\n<div class="note">\nFill it first.\n</div>\n-->\n',
        '<div class="info-table">\n\nFill it first.\n\n</div>\n',
        '    <div class="note">\n    Fill it first.\n    </div>\n',
    ],
)
def test_html_around_a_page_is_no_box(text: str) -> None:
    document = read_document("a.md", f"# Kettle\n\n{text}\nAfter it.\n".encode(), {})
    found = [block for section in document.sections for block in section.blocks]
    assert [one.within for one in found if one.kind != "code"] == [()] * sum(one.kind != "code" for one in found)
    assert ":::" not in "".join(one.code for one in found)


def test_blank_lines_end_no_table_of_html() -> None:
    rows = "<tr><th>Old</th><th>New</th></tr>\n\n<tr>\n  <td>`pour`</td>\n\n      <td>`fill`</td>\n</tr>"
    table, *_ = blocks(read(f"<table>\n\n{rows}\n\n</table>\n\nAfter it.\n"))
    assert (table.rows, table.row_lines) == ((("Old", "New"), ("`pour`", "`fill`")), ((3, 3), (6, 8)))
    assert texts(read("<table><tr><td>\n\n- a\n- b\n\n</td></tr></table>\n")) == ["a", "b"]


def test_what_a_template_repeats_is_said_to_be_not_shown() -> None:
    row = "{% for x in site.data.pots %}\n  <tr>\n\n      <td>{{ x.name }}</td>\n  </tr>\n{% endfor %}"
    (table,) = blocks(read(f"<table>\n<tr><th>Pot</th></tr>\n{row}\n<tr><td>Tea</td></tr>\n</table>\n"))
    assert table.rows == (("Pot",), ("`site.data.pots` is not shown here.",), ("Tea",))
    assert table.row_lines == ((2, 2), (3, 3), (9, 9))
    items = "{% for x in site.pots %}\n- {{ x }}\n{% endfor %}"
    assert texts(read(f"{items}\n\nAfter it.\n")) == ["`site.pots` is not shown here.", "After it."]
    for code in (f"```\n{items}\n```", f"{{% highlight liquid %}}\n{items}\n{{% endhighlight %}}"):
        (block,) = blocks(read(code))
        assert (block.kind, block.code) == ("code", items)


def test_a_raised_mark_with_a_note_on_its_page_stays() -> None:
    text = "Fill it<sup>1</sup> and pour<sup>2</sup>.\n\n> **<sup>1</sup> Cold** water.\n"
    assert texts(read(text)) == [r"Fill it \[1\] and pour.", r"**\[1\] Cold** water."]


def test_terms_and_meanings_of_html_are_definitions() -> None:
    html = (
        "<dl>\n<dt>100</dt>\n<dd>`:continue`</dd>\n\n<dt>a</dt><dt>b<dd><p>One.</p>\n<p>Two.</p></dd><dt>c</dt>\n</dl>"
    )
    found = blocks(read(f"{html}\n\nAfter it.\n"))
    assert [(one.kind, one.term, [s.text for s in one.sentences]) for one in found] == [
        ("definition", "100", ["`:continue`"]), ("definition", "a, b", ["One.", "Two."]),
        ("paragraph", "", ["c"]), ("paragraph", "", ["After it."]),
    ]  # fmt: skip
    assert [(one.start_line, one.end_line, one.within[0].line) for one in found[:2]] == [(3, 3, 2), (5, 6, 5)]


def test_what_is_dropped_at_the_edge_of_strong_words_leaves_no_blank() -> None:
    assert texts(read("**<sup>new</sup> Fill it** and **pour <sup>new</sup>** it.")) == ["**Fill it** and **pour** it."]


def test_a_heading_in_a_box_opens_no_section() -> None:
    text = '# Kettle\n\n<div class="note"><h5>Mind it</h5>\n  <p>Fill it first.</p>\n</div>\n\nAfter it.\n'
    (section,) = read_document("a.md", text.encode(), {}).sections
    assert [block.kind for block in section.blocks] == ["admonition", "paragraph"]
    assert [one.text for one in section.blocks[0].sentences] == ["**Mind it**", "Fill it first."]

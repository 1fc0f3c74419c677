import pytest

from shared.docs.markdown.mdx import to_markdown
from tests.support.processor_time import processor_seconds
from tests.unit.docs.pages import blocks, headings, read, said, texts


def test_modules_components_and_expressions_go_and_their_content_stays() -> None:
    document = read(
        """\
        ---
        title: T
        ---
        import Tabs from '@theme/Tabs';
        import {
          A,
          B,
        } from './x';

        export const version = {
          a: [1, 2],
        };

        # Start {#begin}

        Text with <Highlight color="#25c2a0">words</Highlight> and {/* hidden */} a `{kept}` <b>tag</b>.

        <Tabs groupId="os" values={[{label: 'A', value: 'a'}]}>
          <TabItem value="a">

            Inside the tab.

            ```sh {1}
            run <Now>
            ```

          </TabItem>
        </Tabs>

        {props.list.map((x) => <li>{x}</li>)}

        It has {count} parts. This stays{' '}here.
        """,
        path="docs/a.mdx",
    )
    assert headings(document) == [("Start", 1, 14)]
    assert document.sections[0].anchor == "begin"
    assert said(document) == [
        ("Text with words and a `{kept}` tag.", 16, 16),
        ("Inside the tab.", 21, 21),
        ("It has `{count}` parts.", 32, 32),
        ("This stays here.", 32, 32),
    ]
    (code,) = blocks(document, "code")
    assert (code.code, code.language, code.start_line) == ("run <Now>", "sh", 24)


def test_a_component_that_shows_a_picture_by_itself_is_that_picture() -> None:
    text = """\
        Before.

        <ThemedImage
          lightSrc="/x/light.png"
          darkSrc="/x/dark.png"
          alt="A -> B"
        />

        <Pic src={require('./x.svg').default} alt='So "big"' />

        <Themed alt="Drawn" sources={{ light: useBaseUrl('/x/light.svg'), dark: useBaseUrl('/x/dark.svg') }} />

        <Player src="x.mp4" />
        """
    shown = [("A -> B", "/x/light.png"), ('So "big"', "./x.svg"), ("Drawn", "/x/light.svg")]
    for path in ("docs/a.mdx", "docs/a.md"):
        images = [block.image for block in blocks(read(text, path=path), "image")]
        assert [(image.alt, image.target) for image in images if image] == shown


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"\\( \frac{1}{2} \\)", r"\\( \frac{1}{2} \\)"),
        (r"$$D_{KL}(P \|\| Q) = \sum_{x \in X} P(x)$$", r"`$$D_{KL}(P \|\| Q) = \sum_{x \in X} P(x)$$`"),
        (r"$\frac{a}{b}$", r"`$\frac{a}{b}$`"),
        ("$m$", "`$m$`"),
    ],
)
def test_braces_of_mathematics_are_no_expressions(formula: str, shown: str) -> None:
    assert said(read(f"# T\n\nSee {formula} and {{count}}.\n", path="docs/a.mdx")) == [
        (f"See {shown} and `{{count}}`.", 3, 3)
    ]


def test_amounts_of_money_hold_no_expressions_back() -> None:
    text = "# T\n\nIt costs ${price} or $5, with {a_b} for $6.\n"
    assert said(read(text, path="docs/a.mdx")) == [("It costs $`{price}` or $5, with `{a_b}` for $6.", 3, 3)]


def test_components_over_several_lines_go() -> None:
    document = read(
        """\
        # T

        <Card
          title="A > B"
          icon={<Icon name="x" />}
        >
        \tA card.
        </Card>

        <Image
         src="x"
        />

        End.
        """,
        path="a.mdx",
    )
    assert said(document) == [("A card.", 7, 7), ("End.", 14, 14)]


def test_admonition_components_are_admonitions() -> None:
    document = read(
        '<Aside type="caution" title="Watch out">\n\nMind it.\n\n</Aside>\n\n<Aside>On one line.</Aside>\n',
        path="a.mdx",
    )
    assert [(b.kind, b.label, b.title, b.start_line) for b in blocks(document)] == [
        ("admonition", "caution", "Watch out", 1),
        ("paragraph", "", "", 7),
    ]


def test_raw_imports_are_included_code() -> None:
    document = read(
        """\
        import CodeBlock from '@theme/CodeBlock';
        import Source from '!!raw-loader!./example.js';
        import other from '../other.ts?raw';

        <CodeBlock language="js">{Source}</CodeBlock>

        <Code code={other} lang="ts" />

        <CodeBlock language="js">
          {Source}
        </CodeBlock>
        """,
        path="docs/a.mdx",
        included={"docs/example.js": "let a = 1\n", "other.ts": "let b = 2\n"},
    )
    shown = [(b.code, b.origin.path if b.origin else "") for b in blocks(document, "code")]
    assert shown == [("let a = 1", "docs/example.js"), ("let b = 2", "other.ts"), ("let a = 1", "docs/example.js")]


def test_code_that_a_component_is_given_is_shown_at_its_lines() -> None:
    document = read(
        """\
        # Crates

        <Signature code={`weigh(crate: T): number;`} />

        <Signature
          code={`lift(crate: T): T;
        lift(crates: T[]): T[];`}
        />

        <Code
          lang="js"
          code={`
        const crate = 1;

        lift(crate);
        `}
        />
        """,
        path="docs/a.mdx",
    )
    told = [(one.text, one.start_line) for block in blocks(document, "paragraph") for one in block.sentences]
    assert told == [("`weigh(crate: T): number;`", 3), ("`lift(crate: T): T;`", 6), ("`lift(crates: T[]): T[];`", 7)]
    assert [(b.code, b.start_line, b.end_line) for b in blocks(document, "code")] == [
        ("const crate = 1;\n\nlift(crate);", 13, 15)
    ]


def test_a_markdown_file_that_imports_components_is_read_as_mdx() -> None:
    document = read("import A from './a'\n\n<A x={1}>\n\n    Indented text.\n\n</A>\n")
    assert [b.kind for b in blocks(document)] == ["paragraph"]


def test_an_import_shown_as_code_makes_no_mdx() -> None:
    document = read("```js\nimport A from './a'\n```\n\n    indented code\n\nUse {braces} here.\n")
    assert len(blocks(document, "code")) == 2
    assert texts(document) == ["Use {braces} here."]


def test_unbalanced_braces_and_tags_are_text() -> None:
    assert texts(read("A { b and c < d here.\n\nIt <Never ends.\n", path="a.mdx")) == [
        "A { b and c < d here.",
        "It \\<Never ends.",
    ]


def test_tabs_keep_their_labels_on_lines_of_their_own_and_in_a_line() -> None:
    text = (
        'import T from "t";\n\n<Tabs>\n  <TabItem value="py" label="Python">\n\n  One.\n\n  </TabItem>\n'
        '  <TabItem label="Rust">Two.</TabItem>\n  <Fragment slot="npm">\n\n  Three.\n\n  </Fragment>\n</Tabs>\n\n'
        "Four.\n"
    )
    found = [([c.title for c in b.within], *(s.text for s in b.sentences)) for b in blocks(read(text, "a.mdx"))]
    assert found == [(["Python"], "One."), ([], "**Rust:** Two."), (["npm"], "Three."), ([], "Four.")]


def test_a_card_that_links_says_where_and_why() -> None:
    one = "<Card title='Setup' href='/setup/' description='Begin here.' />"
    several = '<LinkCard\n  title="More"\n  href="/more/"\n  description="All of it."\n/>'
    found = texts(read(f"import a from 'b'\n\n{one}\n\n{several}\n\nEnd.\n", "a.mdx"))
    assert found == ["[Setup](/setup/): Begin here.", "[More](/more/): All of it.", "End."]
    for name in ("to", "url"):
        assert texts(read(f"import a from 'b'\n\n{one.replace('href', name)}\n", "a.mdx")) == found[:1]
    made = [one.sentences[0] for one in blocks(read(f"import a from 'b'\n\n{several}\n", "a.mdx"))]
    assert [(one.start_line, one.end_line) for one in made] == [(3, 7)]


def test_a_page_with_the_script_of_a_vue_component_is_markdown() -> None:
    page = "<script setup>\nimport A from './A.vue'\n</script>\n\nIt has {{ count }} and {x}.\n"
    assert texts(read(page)) == texts(read(page.partition("\n\n")[2]))
    assert texts(read("<script>\n</script>\nimport A from './A.jsx'\n\nIt has {x}.\n")) == ["It has `{x}`."]


def test_a_comment_over_several_blocks_is_no_text_of_the_page() -> None:
    hidden = "{/* Old text.\n\n<Tab>\n```ts\nold()\n```\n</Tab> */} After.\n"
    document = read(
        f"# A\n\nBefore.\n\n{hidden}\n```ts\nnew() // {{/* one\n```\n\n{{/* never closed\n\nLast.\n", "a.mdx"
    )
    assert [block.code for block in blocks(document, "code")] == ["new() // {/* one"]
    assert [
        text for text in texts(document) if "Old" in text or "Before" in text or "After" in text or "Last" in text
    ] == [
        "Before.",
        "After.",
        "Last.",
    ]


def test_a_component_with_an_address_around_words_of_its_line_is_a_link() -> None:
    text = '# T\n\n<LinkButton href="/start">Get started</LinkButton>\n\n<Card href="/x">\n\nWords.\n\n</Card>\n'
    assert texts(read(text, "a.mdx")) == ["[Get started](/start)", "Words."]


def test_a_component_that_words_lead_to_is_said_to_be_missing() -> None:
    document = read("# T\n\nThis gives:\n\n<Preview\n  of={[1]}\n/>\n\nWords.\n\n<Toc />\n\nMore words.\n", "a.mdx")
    assert texts(document) == ["This gives:", "`Preview` is not shown here.", "Words.", "More words."]
    (note,) = blocks(read('# T\n\nThis gives:\n\n<Packages\n  add="relay"\n  dev\n/>\n', "a.mdx"), "quote")
    assert [(one.text, one.start_line, one.end_line) for one in note.sentences] == [
        ('`Packages add="relay" dev` is not shown here.', 5, 8),
    ]  # fmt: skip
    assert texts(read('# T\n\nInstall:\n\n<Packages add="relay" />\n', "a.mdx")) == [
        "Install:", '`Packages add="relay"` is not shown here.',
    ]  # fmt: skip
    own = 'import Chart from "../Chart.astro";\nimport { Sponsors } from "@/made";\n\n# T\n\n'
    assert texts(read(f"{own}This chart helps you.\n\n<Chart />\n\nPay us.\n\n<Sponsors />\n", "a.mdx")) == [
        "This chart helps you.", "`Chart` is not shown here.", "Pay us.",
    ]  # fmt: skip
    assert texts(read("# T\n\nThis chart helps you.\n\n<Space />\n", "a.mdx")) == ["This chart helps you."]
    assert texts(read("# T\n\nOptions:\n\n<TOCInline toc={toc.slice(1)} />\n", "a.mdx")) == ["Options:"]


def test_a_picture_is_of_all_lines_of_its_tag() -> None:
    tag = '<{}\n  src="a.png"\n  alt="Kettle 2020"\n/>\n'
    for path, name in (("a.mdx", "Picture"), ("a.mdx", "img"), ("a.md", "img")):
        (picture,) = blocks(read(f"# T\n\nSee it.\n\n{tag.format(name)}\nOn.\n", path), "image")
        assert (picture.start_line, picture.end_line) == (5, 8), (path, name)


def test_an_import_of_many_blanks_is_read_in_time_by_its_length() -> None:
    line = f"import{' ' * 40_000}a{' ' * 40_000}!"
    assert processor_seconds(lambda: to_markdown("a.mdx", [line])) < 1
    own = 'import  {Chart}  from "./made";\n\n# T\n\nThis chart helps you.\n\n<Chart />\n'
    assert texts(read(own, "a.mdx"))[1:] == ["`Chart` is not shown here."]
    assert texts(read(f"```\n{own[:31]}\n```\n\n{own[33:]}", "a.mdx"))[1:] == []


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_fence_inside_of_a_module_is_no_fence(fence: str) -> None:
    page = "# T\n\nText.\n\n## Two\n\nMore.\n"
    for text in (
        f"export default function X() {{\n  return `\n{fence}\n`;\n}}\n\n{page}",
        f"export const x = {{\n  a: `\n{fence}js\nlet a = {{}};\n{fence}\n`,\n}};\n\n{page}",
    ):
        document = read(text, "docs/a.mdx")
        assert [block.kind for block in blocks(document)] == ["paragraph", "paragraph"]
        assert [text for text, _, _ in headings(document)] == ["T", "Two"]
    shown = blocks(read(f"# T\n\n{fence}js\nexport const a = {{\n{fence}\n\nMore.\n", "a.mdx"))
    assert [block.code for block in shown] == ["export const a = {", ""]


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("<Code code={`\nfoo();`} />", [("`foo();`", 6)]),
        ("<Code code={`\n  \n  foo();\n  `} />", [("foo();", 7)]),
        ("<Code\n  code={`\n  def f():\n      return 1\n  `}\n/>", [("def f():\n    return 1", 7)]),
        ("<Code\n  code={`def f():\n    return 1`}\n/>", [("def f():\n    return 1", 6)]),
        ("<A code={`\n`} />", []),
        ("<Code\n  code={`\n\nconst a = foo();\n`}\n/>", [("const a = foo();", 8)]),
        ("<Code code={`a();\n\nb();`} />", [("`a();`", 5), ("`b();`", 7)]),
        ("<Code code={`f:\n  b();\nc();`} />", [("`f:`", 5), ("`  b();`", 6), ("`c();`", 7)]),
        ("<Code code={`$ npm install`} />", [("`$ npm install`", 5)]),
        (r"<Code code={`a \`b\` \${c}`} />", [(r"``a `b` ${c}``", 5)]),
        ("<Code code={`\na \\`\\`\\`\\nb\n`} />", [("a ```\\nb", 6)]),
        ("<Code code={`${a}`} />", [("`Code` is not shown here.", 5)]),
        ("<Code\n  code={made}\n/>", [("`Code` is not shown here.", 5)]),
        ("<Code data-code={`a();`} />", []),
        ("<Code of={<B code={`a();`} />} />", []),
        ("<Diff was={`old();`} code={`new();`} />", [("`new();`", 5)]),
    ],
)
@pytest.mark.parametrize("lead", ["", "  "])
def test_code_of_a_component_keeps_its_lines_and_is_never_lost(
    tag: str, shown: list[tuple[str, int]], lead: str
) -> None:
    page = f"# T\n\n- Step.\n\n{lead}{tag}\n\n{lead}Next.\n\n## More\n\nEnd.\n".splitlines()
    made = to_markdown("a.mdx", page)
    assert len(made) == len(page)
    document = read("\n".join(page), "a.mdx")
    found = [
        part
        for block in blocks(document)
        for part in (
            [(block.code, block.start_line)]
            if block.kind == "code"
            else [(s.text, s.start_line) for s in block.sentences]
        )
    ]
    last = len(page)
    assert found == [("Step.", 3), *shown, ("Next.", last - 4), ("End.", last)]
    assert [text for text, _, _ in headings(document)] == ["T", "More"]
    assert blocks(document)[-1].within == ()


def test_code_of_a_component_stays_in_its_item() -> None:
    text = "# T\n\n- Step:\n\n  <Code code={`\nconst a = 1;\n`} />\n\n  On.\n\n- <Code code={`b();`} />\n\n## Next\n"
    document = read(f"{text}\nText.\n", "a.mdx")
    _, code, on, line, end = blocks(document)
    assert (code.code, code.start_line, len(code.within)) == ("const a = 1;", 6, 1)
    assert (len(on.within), line.sentences[0].text, end.within) == (1, "`b();`", ())
    assert [text for text, _, _ in headings(document)] == ["T", "Next"]


@pytest.mark.parametrize(
    ("before", "component", "is_told"),
    [
        ("These pots boil.", "<Spacer />", False),
        ("This kettle is below the shelf.", "<Spacer />", False),
        ("See the following spacers.", "<Spacer />", True),
        ("A spacer is wide. It boils.", "<Spacer />", False),
        ("It boils. These steps lead there:", "<Spacer />", True),
        ("A pot.\n\n## Spacers", "<Spacer />", False),
        ("A pot.\n\n<Spacer wide />", "<Spacer />", False),
        ("The list of kettles is long.", "<KettleList />", True),
    ],
)
def test_a_component_of_the_project_is_missed_where_the_sentence_before_names_it(
    before: str, component: str, is_told: bool
) -> None:
    made = 'import Spacer from "./Spacer";\nimport KettleList from "./List";\n\n# T\n\n'
    found = texts(read(f"{made}{before}\n\n{component}\n", "a.mdx"))
    assert (f"`{component.strip('</> ')}` is not shown here." in found) == is_told


def test_the_note_of_a_component_in_an_item_is_one_sentence_of_it() -> None:
    text = '# T\n\n1. This gives:\n\n   <Packages\n     add="relay"\n     dev\n   />\n\n2. On.\n'
    _, note, _ = blocks(read(text, "a.mdx"))
    assert [(one.text, one.start_line, one.end_line) for one in note.sentences] == [
        ('`Packages add="relay" dev` is not shown here.', 5, 8)
    ]
    assert [one.kind for one in note.within] == ["item", "quote"]

"""The author's order is read from whichever file keeps it, and names documents that exist."""

import json
from collections.abc import Mapping

import pytest

from shared.docs.nav.build import build_navigation, navigation_files
from shared.docs.nav.literals import LiteralReader
from shared.docs.navigation import Navigation

Told = list[tuple[int, str, str | None]]


def navigate(files: Mapping[str, str]) -> Navigation:
    """The navigation of a repository; only the files asked for may be read."""
    wanted = navigation_files(sorted(files))
    return build_navigation(sorted(files), {path: files[path].encode() for path in wanted}.__getitem__)


def told(files: Mapping[str, str]) -> Told:
    return [(entry.depth, entry.title, entry.path) for entry in navigate(files).entries]


def pages(*paths: str) -> dict[str, str]:
    return {path: f"# {path}\n" for path in paths}


def test_a_folder_of_mkdocs_stands_as_its_index_page_lists_it() -> None:
    index = "# Guide\n\n- [Install](install.md)\n- [Write](write.md)\n- [More](more/x.md)\n- [Deploy](deploy.md)\n"
    files = {
        "mkdocs.yml": "nav:\n  - Guide: guide/\n",
        **pages("docs/guide/deploy.md", "docs/guide/also.md", "docs/guide/install.md", "docs/guide/write.md"),
        **pages("docs/guide/more/x.md"),
        "docs/guide/README.md": index,
    }
    names = [path.removeprefix("docs/guide/") for _, _, path in told(files) if path]
    assert names == ["README.md", "install.md", "write.md", "more/x.md", "deploy.md", "also.md"]
    numbered = [path for _, _, path in told({**files, "docs/guide/01-first.md": "# First\n"})]
    assert numbered[:3] == ["docs/guide/README.md", "docs/guide/01-first.md", "docs/guide/also.md"]


def test_mkdocs_with_groups_unknown_tags_missing_pages_and_links() -> None:
    config = """
site_name: !ENV [NAME, x]
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
nav:
  - Home: index.md
  - Guide:
      - guide/start.md
      - Deep: {Deeper: guide/deep.md}
      - Gone: guide/gone.md
  - "":
      - plain.md
  - Away: https://a.example
"""
    assert told({"mkdocs.yml": config, **pages("docs/index.md", "docs/guide/start.md", "docs/plain.md")}) == [
        (0, "Home", "docs/index.md"),
        (0, "Guide", None),
        (1, "", "docs/guide/start.md"),
        (0, "", "docs/plain.md"),
    ]


def test_pages_that_only_a_navigation_names_are_told() -> None:
    config = "nav:\n  - index.md\n  - API: api/all.md\n  - Away: https://a.example/x.md\n  - Files: api/\n"
    assert navigate({"mkdocs.yml": config, **pages("docs/index.md")}).made == ("docs/api/all.md",)
    root = "Title\n=====\n\n.. toctree::\n\n   start\n   More <api/modules>\n   /gone\n   genindex\n"
    root += "   https://a.example\n\n.. toctree::\n   :glob:\n\n   made/*\n"
    sphinx = {"docs/conf.py": "", "docs/index.rst": root, **pages("docs/start.md")}
    assert navigate(sphinx).made == ("docs/api/modules", "docs/gone")


def test_settings_of_another_name_do_not_speak_where_those_of_the_usual_name_do() -> None:
    files = {"mkdocs.yml": "nav: [a.md, b.md]\n", "mkdocs-old.yml": "nav: [b.md, a.md, c.md]\n"}
    assert navigate({**files, **pages("docs/a.md", "docs/b.md", "docs/c.md")}).origin == "mkdocs.yml"


def test_the_contents_may_stand_in_a_file_that_the_settings_inherit() -> None:
    files = {"mkdocs-online.yml": "INHERIT: mkdocs-nav.yml\n", "mkdocs-nav.yml": "nav: [b.md, a.md]\n"}
    assert told({**files, **pages("docs/a.md", "docs/b.md")}) == [(0, "", "docs/b.md"), (0, "", "docs/a.md")]


def test_mkdocs_folder_of_documents_may_be_named() -> None:
    files = {"site/mkdocs.yaml": "docs_dir: ../pages\nnav:\n  - a.md\n", **pages("pages/a.md")}
    assert told(files) == [(0, "", "pages/a.md")]


def test_zensical_keeps_the_same_in_toml() -> None:
    files = {"zensical.toml": '[project]\nnav = [{"Home" = "index.md"}]\n', **pages("docs/index.md")}
    assert told(files) == [(0, "Home", "docs/index.md")]


def test_summary_with_groups_nesting_escapes_and_drafts() -> None:
    summary = (
        "# Summary\n\n[Preface](preface.md)\n\n## Part `one`\n\n- [Start](a\\_b.md)\n    - [Inner](in/c.md#x)\n"
        "- [Draft]()\n* [Away](https://a.example)\n"
    )
    files = {"book.toml": "", "src/SUMMARY.md": summary, **pages("src/preface.md", "src/a_b.md", "src/in/c.md")}
    assert told(files) == [
        (0, "Preface", "src/preface.md"),
        (0, "Part one", None),
        (1, "Start", "src/a_b.md"),
        (2, "Inner", "src/in/c.md"),
    ]


def test_the_first_page_of_a_catalog_of_docc_lists_the_others_by_name() -> None:
    first = (
        "# A Book\n\nSee <doc:Two>.\n\n@Metadata {\n  @TechnologyRoot\n}\n\n## Topics\n\n### Guide\n\n- <doc:Two>\n"
        "- <doc:Gone>\n- <doc:A/One#Part>\n\n### Rest\n\n- ``Name``\n- <doc:Three>\n"
    )
    files = {"A.docc/A.md": first, **pages("A.docc/g/One.md", "A.docc/Two.md", "A.docc/h/Three.md", "B.docc/Two.md")}
    listed = [(0, "", "A.docc/A.md"), (0, "Guide", None), (1, "", "A.docc/Two.md"), (1, "", "A.docc/g/One.md"),
              (0, "Rest", None), (1, "", "A.docc/h/Three.md")]  # fmt: skip
    assert told(files) == listed
    assert told(files | {"A.docc/A.md": first.replace("# A Book", "# ``A``").replace("@TechnologyRoot", "")}) == listed


def test_toctrees_are_followed_from_the_root_document_in_both_markups() -> None:
    files = {
        "docs/conf.py": "master_doc = 'contents'\n",
        "docs/contents.rst": (
            "Title\n=====\n\n.. toctree::\n   :maxdepth: 2\n   :caption: First\n\n   start\n   More <guide/index>\n"
            "   self\n   https://a.example\n"
        ),
        "docs/guide/index.md": "# Guide\n\n```{toctree}\n:glob:\n*\n/start\n```\n",
        **pages("docs/start.rst", "docs/guide/b.md", "docs/guide/a.md", "docs/unlisted.md"),
    }
    assert told(files) == [
        (0, "", "docs/contents.rst"),
        (0, "First", None),
        (1, "", "docs/start.rst"),
        (1, "More", "docs/guide/index.md"),
        (2, "", "docs/guide/a.md"),
        (2, "", "docs/guide/b.md"),
    ]


def test_a_page_that_only_includes_another_stands_for_it() -> None:
    files = {
        "docs/conf.py": "",
        "docs/index.rst": ".. toctree::\n\n   install\n   read\n   use\n",
        "docs/install.rst": ".. include:: ../INSTALL.rst\n",
        "docs/read.md": "```{include} ../README.md\n:start-line: 3\n```\n",
        "docs/use.rst": ".. include:: ../README.md\n\nMore.\n",
        **pages("INSTALL.rst", "README.md"),
    }
    assert [path for *_, path in told(files)] == ["docs/index.rst", "INSTALL.rst", "README.md", "docs/use.rst"]


def test_docusaurus_by_ids_categories_shorthand_and_generated_folders() -> None:
    sidebar = """
// @ts-check
/** @type {import('x').SidebarsConfig} */
const shared = ['more/extra'];
const sidebars = {
  docs: [
    'intro',
    { type: 'category', label: "Guides", link: {type: 'doc', id: 'guides/index'}, items: [
      {type: 'doc', id: 'guides/named', label: 'By id'}, ...shared, ] },
    { 'Short hand': ['more/last'] },
    { type: 'category', label: 'All', items: [{type: 'autogenerated', dirName: 'auto'}] },
    { type: 'link', href: 'https://a.example', label: 'Away' },
  ],
};
module.exports = sidebars;
"""
    files = {
        "website/sidebars.js": sidebar,
        "website/docs/01-intro.md": "# Intro\n",
        "website/docs/guides/other.md": "---\nid: named\n---\n# X\n",
        "website/docs/auto/b.md": "---\nsidebar_position: 1\n---\n",
        "website/docs/auto/a.md": "---\nsidebar_position: 2\n---\n",
        "website/docs/auto/sub/_category_.json": json.dumps({"label": "Sub", "position": 1.5}),
        "website/docs/auto/sub/c.md": "# C\n",
        **pages("website/docs/guides/index.md", "website/docs/more/extra.md", "website/docs/more/last.mdx"),
    }
    assert told(files) == [
        (0, "", "website/docs/01-intro.md"),
        (0, "Guides", "website/docs/guides/index.md"),
        (1, "By id", "website/docs/guides/other.md"),
        (1, "", "website/docs/more/extra.md"),
        (0, "Short hand", None),
        (1, "", "website/docs/more/last.mdx"),
        (0, "All", None),
        (1, "", "website/docs/auto/b.md"),
        (1, "Sub", None),
        (2, "", "website/docs/auto/sub/c.md"),
        (1, "", "website/docs/auto/a.md"),
    ]


def test_a_list_that_docusaurus_makes_is_of_the_documentation_and_not_of_the_repository() -> None:
    files = {
        "sidebars.js": "module.exports = { all: [{type: 'autogenerated', dirName: '.'}] };\n",
        "docusaurus.config.js": "module.exports = {};\n",
        **pages("community/a.md", "community/b.md", "docs/use.md", "docs/x/y.md"),
    }
    assert [path for *_, path in told(files) if path] == ["docs/use.md", "docs/x/y.md"]


def test_vitepress_with_functions_bases_and_comments() -> None:
    config = """
import { defineConfig } from 'vitepress'
export default defineConfig({
  srcDir: 'src',
  themeConfig: {
    // sidebar: [{ text: 'Old', link: '/old' }],
    nav: [{ text: 'Nav', link: '/other' }],
    sidebar: {
      '/guide/': { base: '/guide/', items: guide() },
      '/ref/': [{ text: `Ref`, link: '/ref/' }],
    },
  },
})
function guide(): DefaultTheme.SidebarItem[] {
  return [
    { text: 'Begin', collapsed: false, items: [
      { text: "It's first", link: 'first' }, /* no */ { text: 'Gone', link: 'x' }] },
  ]
}
"""
    files = {
        ".vitepress/config.mts": config,
        **pages("src/guide/first.md", "src/ref/index.md", "src/old.md", "src/other.md"),
    }
    assert told(files) == [(0, "Begin", None), (1, "It's first", "src/guide/first.md"), (0, "Ref", "src/ref/index.md")]


def test_vitepress_beside_pages_by_language_and_not_what_a_tool_copies() -> None:
    config = "export default defineAdditionalConfig({ sidebar: [{ text: 'One', link: '/guide/one' }] })"
    copied = "export default defineConfig({ themeConfig: { sidebar: [{ text: 'Copied', link: '/index' }] } })"
    own = pages("template/index.md", "docs/en/guide/one.md", "docs/en/guide/two.md")
    template = {"template/.vitepress/config.js": copied}
    assert told({"docs/config.ts": config, **template, **own}) == [(0, "One", "docs/en/guide/one.md")]
    assert told({**template, **own}) == []
    assert told({**template, **pages("template/index.md")}) == [(0, "Copied", "template/index.md")]


def test_starlight_by_slugs_and_folders() -> None:
    config = (
        "export default defineConfig({ integrations: [starlight({ sidebar: [\n"
        "  { label: 'Start', items: ['begin', { label: 'Two', slug: 'two' }] },\n"
        "  { label: 'Reference', autogenerate: { directory: 'ref' } },\n] })] })\n"
    )
    root = "docs/src/content/docs"
    files = {"docs/astro.config.mjs": config, **pages(f"{root}/begin.mdx", f"{root}/two.md", f"{root}/ref/a.md")}
    assert told(files) == [
        (0, "Start", None), (1, "", f"{root}/begin.mdx"), (1, "Two", f"{root}/two.md"),
        (0, "Reference", None), (1, "", f"{root}/ref/a.md"),
    ]  # fmt: skip


def test_antora_lists_of_several_modules() -> None:
    files = {
        "docs/antora.yml": "name: x\nnav:\n- modules/ROOT/nav.adoc\n- modules/cli/nav.adoc\n",
        "docs/modules/ROOT/nav.adoc": (
            ".Basics\n* xref:index.adoc[Home]\n** xref:cli:run.adoc[]\n* Group\n** xref:deep/a.adoc[A]\n"
        ),
        "docs/modules/cli/nav.adoc": "* xref:more.adoc[]\n",
        **pages(
            "docs/modules/ROOT/pages/index.adoc", "docs/modules/ROOT/pages/deep/a.adoc",
            "docs/modules/cli/pages/run.adoc", "docs/modules/cli/pages/more.adoc",
        ),
    }  # fmt: skip
    assert told(files) == [
        (0, "Basics", None),
        (1, "Home", "docs/modules/ROOT/pages/index.adoc"),
        (2, "", "docs/modules/cli/pages/run.adoc"),
        (1, "Group", None),
        (2, "A", "docs/modules/ROOT/pages/deep/a.adoc"),
        (0, "", "docs/modules/cli/pages/more.adoc"),
    ]


def test_jekyll_by_data_and_by_front_matter() -> None:
    data = (
        "docs:\n  - title: Start\n    children:\n      - title: One\n        url: /docs/one/\n"
        "      - title: Gone\n        url: /x/\n"
    )
    assert told({"_data/navigation.yml": data, **pages("_docs/one.md")}) == [
        (0, "Start", None),
        (1, "One", "_docs/one.md"),
    ]
    listed = (
        "navigation:\n  - section: Start\n    contents:\n      - page: The one\n        path: one.md\n"
        "      - page: b.md\n"
    )
    assert told({"docs/navigation.yml": listed, **pages("docs/one.md", "docs/b.md")}) == [
        (0, "Start", None),
        (1, "The one", "docs/one.md"),
        (1, "", "docs/b.md"),
    ]
    ordered = {
        "_config.yml": "title: x\n",
        "b.md": "---\ntitle: Bee\nnav_order: 1\n---\n",
        "a.md": "---\ntitle: Ay\nnav_order: 2\n---\n",
        "sub/c.md": "---\ntitle: See\nparent: Bee\nnav_order: 9\n---\n",
    }
    assert told(ordered) == [(0, "Bee", "b.md"), (1, "See", "sub/c.md"), (0, "Ay", "a.md")]
    site = {f"docs/{name}.md": f"---\ntitle: {name}\nnav_order: {at}\n---\n" for at, name in enumerate("abc")}
    home = {"_config.yml": "", "index.md": "---\ntitle: Home\nnav_order: 1\n---\n"}
    assert [path for _, _, path in told(home | site)][:2] == ["index.md", "docs/a.md"], "the home page is first"


def test_contents_of_myst_and_docfx() -> None:
    site = pages("index.md", "one.md", "two.md", "parts/three.md")
    listed = [(0, "", "index.md"), (0, "Parts", "one.md"), (1, "", "two.md"), (1, "Last", "parts/three.md")]
    toc = (
        "project:\n  authors:\n    - name: A\n  toc:\n    - file: index.md\n    - title: Parts\n      file: one.md\n"
        "      children:\n        - file: two.md\n        - {title: Last, file: parts/three.md}\n"
    )
    assert told({"myst.yml": toc, **site}) == listed
    plan = "project:\n  exports:\n    - file: one.md\n      articles: [two.md, index.md]\n"
    assert told({"myst.yml": plan, **site}) == []
    toc = (
        "- href: index.md\n- name: Parts\n  href: one.md\n  items:\n    - href: two.md\n"
        "    - {name: Last, href: parts/three.md}\n"
    )
    assert told({"toc.yml": toc, **site}) == listed


def test_jupyter_book_and_hugo() -> None:
    toc = (
        "root: intro\nparts:\n  - caption: One\n    chapters:\n      - file: a\n"
        "        sections:\n          - file: b\n"
    )
    assert told({"_toc.yml": toc, **pages("intro.md", "a.md", "b.ipynb")}) == [
        (0, "", "intro.md"), (0, "One", None), (1, "", "a.md"), (2, "", "b.ipynb"),
    ]  # fmt: skip
    hugo = {
        "hugo.toml": "",
        "content/_index.md": "---\nweight: 1\n---\n",
        "content/b/_index.md": "---\nweight: 1\n---\n",
        "content/b/x.md": "---\nweight: 5\n---\n",
        "content/a.md": "---\nweight: 2\n---\n",
    }
    assert [path for _, _, path in told(hugo)] == [
        "content/_index.md", "content/b/_index.md", "content/b/x.md", "content/a.md",
    ]  # fmt: skip


def test_quarto_sidebars_with_groups_patterns_and_files_taken_in() -> None:
    config = """
metadata-files: [_sidebar.yml]
website:
  sidebar:
    - title: Guide
      contents:
        - index.qmd
        - section: Deeper
          contents: [deep/b.qmd, {text: Away, href: "https://a.example"}, {href: deep/a.md#x}]
        - section: tutorials/index.qmd
          contents: tutorials/*
    - contents: [{auto: "*.ipynb"}]
"""
    files = {
        "nbs/_quarto.yml": config,
        "nbs/_sidebar.yml": "website: {sidebar: {contents: [{section: API, contents: api/**}]}}\n",
        "nbs/tutorials/z.qmd": "---\norder: 1\n---\n",
        **pages("nbs/index.qmd", "nbs/deep/a.md", "nbs/deep/b.qmd", "nbs/tutorials/index.qmd", "nbs/tutorials/a.qmd",
                "nbs/one.ipynb", "nbs/deep/no.ipynb", "nbs/api/x/y.Rmd"),
    }  # fmt: skip
    assert told(files) == [
        (0, "", "nbs/index.qmd"),
        (0, "Deeper", None), (1, "", "nbs/deep/b.qmd"), (1, "", "nbs/deep/a.md"),
        (0, "", "nbs/tutorials/index.qmd"), (1, "", "nbs/tutorials/z.qmd"), (1, "", "nbs/tutorials/a.qmd"),
        (0, "", "nbs/one.ipynb"),
        (0, "API", None), (1, "X", None), (2, "", "nbs/api/x/y.Rmd"),
    ]  # fmt: skip


def test_quarto_books_have_parts_and_chapters() -> None:
    config = "book:\n  chapters: [index.qmd, {part: Two, chapters: [b.qmd]}, {part: c.qmd, chapters: [a.qmd]}]\n"
    assert told({"_quarto.yml": config, **pages("index.qmd", "a.qmd", "b.qmd", "c.qmd")}) == [
        (0, "", "index.qmd"), (0, "Two", None), (1, "", "b.qmd"), (0, "", "c.qmd"), (1, "", "a.qmd"),
    ]  # fmt: skip


def test_folders_of_mkdocs_may_order_themselves() -> None:
    files = {
        "mkdocs.yml": "site_name: x\n",
        "docs/.pages": "nav:\n  - start.md\n  - Deep: deep\n  - ...\n  - last.md\n",
        "docs/deep/.nav.yml": "nav: [b.md, a.md]\n",
        **pages("docs/start.qmd", "docs/between.md", "docs/last.md", "docs/deep/a.md", "docs/deep/b.md"),
    }
    assert [path for _, _, path in told(files)] == [
        "docs/start.qmd", None, "docs/deep/b.md", "docs/deep/a.md", "docs/between.md", "docs/last.md",
    ]  # fmt: skip
    listed = {"mkdocs.yml": "nav: [start.md, Code: deep/]\n", **pages("docs/start.md", "docs/deep/a.md")}
    assert told(listed) == [(0, "", "docs/start.md"), (0, "Code", None), (1, "", "docs/deep/a.md")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "_meta.js",
            "const it = {start: 'Start', '-- x': {type: 'separator'}, deep: '', last: ''}\nexport default it",
        ),
        ("meta.json", json.dumps({"pages": ["---Docs---", "start", "deep", "last", "[Blog](https://x.io)"]})),
    ],
)
def test_folders_of_nextra_and_fumadocs_say_what_they_hold(name: str, text: str) -> None:
    files = {
        f"content/{name}": text,
        "content/deep/_meta.json": json.dumps({"b": "B", "a": "A"}),
        "elsewhere/meta.json": json.dumps({"pages": ["no", "such", "start"], "of": "data"}),
        **pages("content/start.mdx", "content/between.mdx", "content/last.mdx", "elsewhere/start.md"),
        **pages("content/deep/a.mdx", "content/deep/b.mdx"),
    }
    wanted = ["content/start.mdx", None, "content/deep/b.mdx", "content/deep/a.mdx", "content/last.mdx"]
    assert [path for _, _, path in told(files)] == wanted
    assert f"content/{name}" in navigation_files([*files])
    rest = {**files, "content/deep/_meta.json": "{"}
    assert [path for _, _, path in told(rest)][2:4] == ["content/deep/a.mdx", "content/deep/b.mdx"]


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("docs/docs.json", {"navigation": {"tabs": [{"groups": [{"group": "S", "pages": ["b", "sub/a"]}]}]}}),
        ("docs/config.json", {"sections": [{"label": "S", "children": [{"label": "B", "to": "b"}, {"to": "sub/a"}]}]}),
    ],
)
def test_lists_of_pages_in_json(name: str, config: object) -> None:
    found = told({name: json.dumps(config), **pages("docs/a.md", "docs/b.mdx", "docs/sub/a.md")})
    assert [path for _, _, path in found if path] == ["docs/b.mdx", "docs/sub/a.md"]
    assert "S" in [title for _, title, _ in found]


def test_the_sidebars_of_a_site_come_in_the_order_of_its_bar() -> None:
    config = (
        "export default { themeConfig: { nav: [{ text: 'G', link: '/guide/' }, { items: [{ link: '/api/a' }] }],\n"
        "sidebar: { '/old': [{ link: '/old/x' }], '/api': [{ link: '/api/a' }], '/guide': [{ link: '/guide/' }],\n"
        "  '/': [{ link: '/top' }] } } }\n"
    )
    site = pages("docs/guide/index.md", "docs/api/a.md", "docs/old/x.md", "docs/top.md")
    assert [path for _, _, path in told({"docs/.vitepress/config.js": config, **site})] == [
        "docs/top.md", "docs/guide/index.md", "docs/api/a.md", "docs/old/x.md",
    ]  # fmt: skip


def test_of_editions_of_a_numbered_book_the_plain_folder_counts() -> None:
    plain, first = [f"book/0{n}-a.md" for n in range(1, 6)], [f"book_v1/0{n}-a.md" for n in range(1, 7)]
    assert [path for _, _, path in told(pages(*first, *plain))] == plain


def test_numbered_names_are_the_last_resort_and_count_as_numbers() -> None:
    files = pages("README.md", "book/ch02-01-b.md", "book/ch10-00-c.md", "book/ch02-00-a.md", "2024-01-01-news.md")
    assert [path for _, _, path in told(files)] == ["book/ch02-00-a.md", "book/ch02-01-b.md", "book/ch10-00-c.md"]
    assert told(pages("a.md", "1-b.md", "2-c.md")) == []
    hidden = [f".changes/{number}.md" for number in range(40)]
    assert [path for *_, path in told(pages(*hidden, "docs/1-b.md", "docs/3-c.md", "docs/2-d.md"))] == [
        "docs/1-b.md", "docs/2-d.md", "docs/3-c.md",
    ]  # fmt: skip


def test_the_page_before_a_numbered_folder_is_not_the_heading_of_it() -> None:
    found = told(pages("book/00-setup.md", "book/01-first/01-a.md", "book/01-first/02-b.md"))
    assert [depth for depth, _, _ in found] == [0, 0, 0]


@pytest.mark.parametrize("folder", ["tests/books", "examples", "mdbook-tests/data"])
def test_the_contents_of_a_book_that_tests_something_give_way_to_those_of_the_project(folder: str) -> None:
    numbers = [f"{n}.md" for n in range(1, 30)]
    book = {f"{folder}/SUMMARY.md": "".join(f"- [x]({name})\n" for name in numbers)}
    book |= pages(*(f"{folder}/{name}" for name in numbers))
    guide = {"guide/SUMMARY.md": "- [B](b.md)\n- [A](a.md)\n", **pages("guide/a.md", "guide/b.md")}
    assert navigate(book | guide).origin == "guide/SUMMARY.md"
    assert navigate(book).origin == f"{folder}/SUMMARY.md"


def test_the_fullest_navigation_counts_and_of_nearly_equal_ones_the_nearest_to_the_root() -> None:
    numbers = [f"{n}.md" for n in range(10)]
    files = pages(*numbers, *(f"old/src/{name}" for name in numbers), "docs/index.md")
    files["SUMMARY.md"] = "".join(f"- [x]({name})\n" for name in numbers[:9])
    files["old/src/SUMMARY.md"] = "".join(f"- [x]({name})\n" for name in numbers)
    files["mkdocs.yml"] = "nav: [index.md]\n"
    assert navigate(files).origin == "SUMMARY.md"


def test_a_document_stands_once_and_an_empty_group_is_left_out() -> None:
    config = "nav:\n  - A: a.md\n  - Again: a.md\n  - Empty:\n      - Gone: x.md\n  - Last: b.md\n"
    assert told({"mkdocs.yml": config, **pages("docs/a.md", "docs/b.md")}) == [
        (0, "A", "docs/a.md"),
        (0, "Last", "docs/b.md"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "nav: [a: {b: [c"},
        {"mkdocs.yml": "nav: 7\n"},
        {"mkdocs.yml": "a: &a [*a]\nnav: *a\n"},
        {
            "mkdocs.yml": "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]\n" for n in range(9))
            + "nav: *a8\n"
        },
        {"sidebars.js": "module.exports = {a: [((((("},
        {"sidebars.json": "{"},
        {".vitepress/config.ts": "sidebar: f(), function f() { return f() }"},
        {"conf.py": "", "index.rst": ".. toctree::\n\n   index\n"},
        {"antora.yml": "nav: [1, null, ../x]\n"},
        {"_data/nav.yml": "- a\n- {b: [c]}\n"},
        {"zensical.toml": "=\n"},
        {"docs/_category_.json": "["},
        {"docs/meta.json": '{"pages": [[], 7, "../x", "a", null]}', "docs/a.md": ""},
        {"_quarto.yml": "website: {sidebar: {contents: [7, {auto: [x]}, {section: {}}, {contents: {a: b}}]}}\n"},
        {"mkdocs.yml": "site_name: x\n", "docs/.pages": "nav: [{a: {b: [7]}}, null]\n", "docs/a.md": ""},
        {"docs.json": '{"navigation": [[[{"pages": [1, null, "../x"]}]]]}'},
    ],
)
def test_broken_configurations_never_raise(files: dict[str, str]) -> None:
    found = navigate(files)
    assert all(entry.path in files for entry in found.entries)


def test_copied_in_projects_are_not_asked() -> None:
    assert navigation_files(["node_modules/x/mkdocs.yml", "vendor/y/SUMMARY.md"]) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, 'b': \"x\\n\", [c]: 2, d() { return 1 }, e: true ? 1 : 2, }", {"a": 1.0, "b": "x\n", "e": True}),
        ("[1, , 'a' as const, ...more, null] satisfies X", [1.0, "a", None]),
        ("fn([{ x: `y` }], 2)", [{"x": "y"}]),
        ("(await load(['a']))", ["a"]),
    ],
)
def test_literals_are_read_and_expressions_are_not(text: str, value: object) -> None:
    assert LiteralReader(text).value_at(0) == value


_LIST = "# A\n\nSee [the end](c.md).\n\n- [B](b.md)\n- [Deep](deep/)\n- [Away](https://a.example)\n- [C](c.md)\n"


def test_a_readme_that_lists_its_folder_orders_it_and_so_do_the_index_pages_it_lists() -> None:
    files = {"README.md": _LIST, **pages("a.md", "b.md", "c.md", "deep/x.md", "deep/y.md", "deep/z.md")}
    files["deep/index.md"] = "# D\n\n| page |\n|--|\n| [Z](z.md) |\n| [X](x.md) |\n| [Y](y.md) |\n"
    assert [(depth, path) for depth, _, path in told(files)] == [
        (0, "README.md"), (1, "b.md"), (1, "deep/index.md"), (2, "deep/z.md"), (2, "deep/x.md"), (2, "deep/y.md"),
        (1, "c.md"),
    ]  # fmt: skip


def test_the_contents_of_a_page_order_its_folder_and_other_lists_of_it_do_not() -> None:
    spec = "# Spec\n\n- [C](c.md)\n- [B](b.md)\n- [A](a.md)\n\n# <a name='x' />Table of Contents\n\n- [A](a.md)\n"
    files = {"spec.md": f"{spec}  - [C](c.md)\n- [B](b.md)\n", **pages("a.md", "b.md", "c.md")}
    assert [path for *_, path in told(files)] == ["spec.md", "a.md", "c.md", "b.md"]
    assert told({"spec.md": spec.partition("# <a")[0], **pages("a.md", "b.md", "c.md")}) == []
    own = "# Ways\n\n## Contents\n\n- [Basics](#basics)\n\n## Basics\n\nWords.\n\n## See also\n\n"
    assert told({"ways.md": f"{own}- [C](c.md)\n- [B](b.md)\n- [A](a.md)\n", **pages("a.md", "b.md", "c.md")}) == []


def test_links_in_sentences_and_links_out_of_the_folder_are_no_order() -> None:
    prose = "# A\n\nSee [b](b.md), then [c](c.md), then [d](d.md).\n"
    assert told({"README.md": prose, **pages("b.md", "c.md", "d.md")}) == []
    outside = "# A\n\n- [b](../b.md)\n- [c](../c.md)\n- [d](../d.md)\n"
    assert told({"x/README.md": outside, **pages("b.md", "c.md", "d.md")}) == []


def test_a_navigation_file_counts_before_lists_of_links() -> None:
    files = {"README.md": _LIST, "mkdocs.yml": "docs_dir: .\nnav: [c.md, b.md]\n", **pages("b.md", "c.md")}
    assert [path for _, _, path in told(files)] == ["c.md", "b.md"]


def test_numbers_of_a_few_documents_are_no_order_of_all() -> None:
    few = {**pages("1-a.md", "2-b.md", "3-c.md"), **pages(*(f"{name}.md" for name in "defghijk"))}
    assert told(few) == []


def test_an_astro_sidebar_of_its_own_names_groups_by_calls_and_its_pages_may_stand_in_a_folder_for_english() -> None:
    sidebar = (
        "export const sidebar = [\n\tgroup('start', {\n\t\titems: ['b', group('more', { items: ['a'] })],\n\t}),\n];\n"
    )
    files = {"astro.sidebar.ts": sidebar, **pages("src/content/docs/en/a.mdx", "src/content/docs/en/b.mdx")}
    assert [path for _, _, path in told(files)] == ["src/content/docs/en/b.mdx", "src/content/docs/en/a.mdx"]


def test_eleventy_orders_pages_by_keys_each_under_the_nearest_parent_of_that_key() -> None:
    def page(key: str, order: int, parent: str = "") -> str:
        above = f"  parent: {parent}\n" if parent else ""
        return f"---\ntitle: T\neleventyNavigation:\n  key: {key}\n{above}  order: {order}\n---\n"

    files = {
        "site/.eleventy.js": "",
        "site/docs/v2/intro.md": page("Intro", 1), "site/docs/v2/start.md": page("Start", 1, "Intro"),
        "site/docs/v3/intro.md": page("Intro", 2), "site/docs/v3/a.md": page("Last", 2, "Intro"),
        "site/docs/v3/z.md": page("First", 1, "Intro"), "site/articles/a.md": page("Tags", 0),
    }  # fmt: skip
    assert told(files) == [
        (0, "Intro", "site/docs/v2/intro.md"), (1, "Start", "site/docs/v2/start.md"),
        (0, "Intro", "site/docs/v3/intro.md"), (1, "First", "site/docs/v3/z.md"), (1, "Last", "site/docs/v3/a.md"),
        (0, "Tags", "site/articles/a.md"),
    ]  # fmt: skip


def test_the_includes_of_an_asciidoc_index_order_the_parts_of_the_manual() -> None:
    index = (
        "= Manual\n\nWhy.\n\ninclude::tcp.adoc[]\n\n== More\n\ninclude::http.adoc[leveloffset=+1]\n\n"
        "include::dns.adoc[]\n"
    )
    files = {"doc/index.adoc": index, **pages("doc/dns.adoc", "doc/http.adoc", "doc/tcp.adoc")}
    assert [path for _, _, path in told(files)] == ["doc/index.adoc", "doc/tcp.adoc", "doc/http.adoc", "doc/dns.adoc"]


def test_of_two_folders_one_deep_the_shorter_name_is_asked_first() -> None:
    listed = "- [B](b.md)\n- [A](a.md)\n- [C](c.md)\n"
    names = [f"{folder}/{page}.md" for folder in ("docs", "docs-master") for page in "abc"]
    files = {"docs/README.md": listed, "docs-master/README.md": listed, **pages(*names)}
    assert told(files)[0][2] == "docs/README.md"


def test_a_book_of_any_name_includes_its_chapters_and_these_their_sections() -> None:
    files = {
        "00-preface.asc": "= Preface\n",
        "book.asc": "= The Book\n\ninclude::ch2-tea.asc[]\n\ninclude::ch1-more.asc[]\n",
        "ch1-more.asc": "== More\n\ninclude::parts/milk.asc[]\n",
        "ch2-tea.asc": "[[tea]]\n== Tea\n\ninclude::parts/water.asc[]\n\ninclude::parts/leaf.asc[]\n",
        "parts/leaf.asc": "=== Leaf\n", "parts/milk.asc": "=== Milk\n", "parts/water.asc": "=== Water\n",
    }  # fmt: skip
    assert [(entry.depth, entry.path, entry.title) for entry in navigate(files).entries] == [
        (0, "book.asc", ""), (1, "ch2-tea.asc", "Tea"), (2, "parts/water.asc", ""), (2, "parts/leaf.asc", ""),
        (1, "ch1-more.asc", "More"), (2, "parts/milk.asc", ""),
    ]  # fmt: skip


def test_vuepress_names_its_sidebars_and_counts_links_from_their_folders() -> None:
    sidebar = """
import type { SidebarConfig } from '@vuepress/theme-default';
export const sidebarEn: SidebarConfig = {
  '/book/': [
    { text: 'Begin', link: '/book/begin.md', collapsible: false, children: ['/book/tour.md', '/book/more'] },
    'last',
  ],
  '/blog/': false,
};
"""
    files = {".vuepress/configs/sidebar/en.ts": sidebar}
    assert told({**files, **pages("last.md", *(f"book/{name}.md" for name in ("begin", "last", "more", "tour")))}) == [
        (0, "Begin", "book/begin.md"), (1, "", "book/tour.md"), (1, "", "book/more.md"), (0, "", "book/last.md"),
    ]  # fmt: skip


def test_documenter_lists_pages_in_julia() -> None:
    make = """makedocs(;
    sitename="A",  # "x" => "y.md"
    pages=[
        "Home" => "index.md",
        "Reading" => Any["Options" => "in/options.md", "in/gone.md"],
        "last.md",
    ],
)
deploydocs("z.md")
"""
    files = {"docs/make.jl": make, **pages("docs/src/index.md", "docs/src/in/options.md", "docs/src/last.md")}
    assert told(files) == [
        (0, "Home", "docs/src/index.md"),
        (0, "Reading", None),
        (1, "Options", "docs/src/in/options.md"),
        (0, "", "docs/src/last.md"),
    ]


def test_exdoc_lists_pages_in_elixir() -> None:
    mix = """  defp docs do
    [main: "overview", extras: extras(), formatters: ["html"]]
  end
  defp extras do
    [
      "guides/start.md",
      # "guides/old.md",
      "guides/options.md": [title: "All options", filename: "o.md"],
      "guides/gone.md"
    ] ++ Path.wildcard("guides/how.md")
  end
"""
    files = {
        "mix.exs": mix,
        **pages("README.md", *(f"guides/{name}.md" for name in ("how", "old", "options", "start"))),
    }
    assert told(files) == [(0, "", "guides/start.md"), (0, "", "guides/options.md")]


def test_a_link_below_the_edition_of_a_site_leads_to_the_page_of_the_edition() -> None:
    contents = "- ## Prologue\n    - [New](/docs/{{version}}/zebra)\n    - [Upgrade](/docs/{{version}}/ant)\n"
    files = {"documentation.md": f"{contents}- ## Begin\n    - [Install](/{{{{version}}}}/install)\n"}
    found = told({**files, **pages("ant.md", "install.md", "zebra.md")})
    assert [path for _, _, path in found] == ["documentation.md", "zebra.md", "ant.md", "install.md"]


def test_of_one_position_a_page_comes_before_a_folder() -> None:
    files = {
        "docs/best/index.md": "---\norder: 1\n---\n# A\n",
        "docs/best/b.md": "# B\n",
        "docs/quick.md": "---\norder: 1\n---\n# Q\n",
        "docs/start.md": "---\norder: 2\n---\n# S\n",
    }
    assert [path for _, _, path in told(files) if path] == [
        "docs/quick.md", "docs/best/index.md", "docs/best/b.md", "docs/start.md",
    ]  # fmt: skip


def test_positions_in_front_matter_are_an_order_where_no_site_is_configured() -> None:
    def page(place: str) -> str:
        return f"---\n{place}\n---\n# A\n"

    files = {
        "docs/start.md": page("order: 1"),
        "docs/zeal.md": page("menu:\n  docs:\n    weight: 2"),
        "docs/parts.md": page("order: 3"),
        "docs/parts/one.md": page("order: 2"),
        "docs/parts/all.md": page("sort_rank: 9"),
        "docs/about.md": page("sort_rank: 4"),
        "README.md": "# Acme\n",
    }
    names = [path.removeprefix("docs/") for _, _, path in told(files) if path]
    assert names == ["start.md", "zeal.md", "parts.md", "parts/one.md", "parts/all.md", "about.md"]
    more = {"docs/more/README": "# A\n", "docs/more/index.md": page("order: 0"), **pages("docs/more/a.md")}
    names = [path.removeprefix("docs/") for _, _, path in told({**files, **more}) if path]
    assert names.index("more/index.md") < names.index("more/a.md") < names.index("start.md")
    assert not navigate({**files, **pages(*(f"docs/more/{name}.md" for name in "abcdefghijklmnopqrst"))}).entries


def test_folders_stand_as_their_pages_are_numbered_through_all_of_them() -> None:
    def weighed(**places: int) -> dict[str, str]:
        return {
            f"docs/{path.replace('_', '/')}.md": f"---\nweight: {place}\n---\n# A\n" for path, place in places.items()
        }

    through = weighed(use_a=1, use_b=2, guide_a=10, guide_b=11, how_a=20)
    files = [f"docs/{name}.md" for name in ("use/a", "use/b", "guide/a", "guide/b", "how/a")]
    assert [path for _, _, path in told(through) if path] == files
    anew = weighed(guide_a=1, guide_b=2, how_a=1, use_a=2, use_b=3)
    assert [path for _, _, path in told(anew) if path] == [*files[2:], *files[:2]]


def test_numbers_say_nothing_of_hidden_folders() -> None:
    numbered = [f"docs/0{at}-x.md" for at in range(1, 4)]
    assert [path for _, _, path in told(pages(*numbered, "docs/04-y/.made/z.md"))] == numbered


def test_contents_of_an_edition_of_a_site_in_a_file_of_its_own() -> None:
    files = {
        "site/.vitepress/config.ts": "export default { srcDir: 'src' }\n",
        "site/.vitepress/sidebar/latest.ts": "export const sidebar: DefaultTheme.SidebarItem[] = [\n"
        "  { text: 'B', link: '/docs/b' },\n  { text: 'A', link: '/docs/a' }\n]\n",
        **pages("site/src/latest/docs/a.md", "site/src/latest/docs/b.md", "site/src/index.md"),
    }
    assert [path for _, _, path in told(files)] == ["site/src/latest/docs/b.md", "site/src/latest/docs/a.md"]


def test_sidebars_of_docsify_and_of_wikis() -> None:
    docsify = "* [Home](/)\n* Use\n  * [B](use/b.md)\n  * [A](use/a)\n"
    files = {"docs/_sidebar.md": docsify, **pages("docs/README.md", "docs/use/a.md", "docs/use/b.md")}
    assert told(files) == [
        (0, "Home", "docs/README.md"), (0, "Use", None), (1, "B", "docs/use/b.md"), (1, "A", "docs/use/a.md"),
    ]  # fmt: skip
    wiki = "**News**\n\n* [[Zig Zag]]\n* [[All of it|About-It]]\n* [Go](https://github.com/a/b/wiki/Go)\n* [[None]]\n"
    assert told({"_Sidebar.md": wiki, **pages("Home.md", "Zig-Zag.md", "About-It.md", "Go.md")}) == [
        (0, "News", None), (1, "Zig Zag", "Zig-Zag.md"), (1, "All of it", "About-It.md"), (1, "Go", "Go.md"),
    ]  # fmt: skip


def test_a_list_of_links_by_their_addresses_at_the_forge_orders_its_folder() -> None:
    listed = "".join(
        f"* [{name}](https://github.com/acme/book/blob/main/{name}.md)\n" for name in ("use", "all", "end")
    )
    files = {"README.md": f"# Book\n\n{listed}", **pages("all.md", "end.md", "use.md")}
    assert [path for _, _, path in told(files)] == ["README.md", "use.md", "all.md", "end.md"]


def test_a_lesson_comes_before_its_numbered_exercises_and_a_solution_after_its_task() -> None:
    lesson = ["1-loop/lesson.md", "1-loop/1-count/task.md", "1-loop/1-count/solution.md", "1-loop/2-sum/task.md"]
    placed = [*lesson, "2-end/1-a.md", "2-end/2-b/task.md"]
    assert [path for _, _, path in told(pages(*placed))] == placed
    last = ["1-a/x.md", "2-b/x.md", "3-end.md"]
    assert [path for _, _, path in told(pages(*last))] == last


def test_contents_of_a_test_that_name_few_documents_hide_no_numbers_of_files() -> None:
    numbered = [f"docs/0{at}-x.md" for at in range(1, 8)]
    files = {**pages(*numbered, "tests/docs/a.md"), "tests/mkdocs.yml": "nav:\n - A: a.md\n"}
    assert [path for _, _, path in told(files)] == numbered


@pytest.mark.parametrize("index", ["index.md", "README.md"])
def test_pages_at_the_root_count_before_a_folder_of_english_ones(index: str) -> None:
    config = "export default { themeConfig: { sidebar: [{ text: 'B', link: '/guide/b' }, { text: 'C', link: '/c' }] } }"
    files = {**pages(index, "guide/b.md", "c.md", "en/c.md", "en/guide/b.md"), ".vitepress/config.ts": config}
    assert [path for _, _, path in told(files)] == ["guide/b.md", "c.md"]


@pytest.mark.parametrize(
    ("path", "text", "site"),
    [
        ("docs-config.ts", 'export default {\n  siteUrl: "https://prose.dev",\n};\n', "https://prose.dev"),
        ("website/docusaurus.config.js", 'x = {\n\turl: "https://a.dev/",\n\tbaseUrl: "/b/",\n}\n', "https://a.dev/b"),
        (
            "docusaurus.config.js",
            "const siteUrl = process.env.SITE || 'https://a.dev';\nx = { url: siteUrl }",
            "https://a.dev",
        ),
        ("mkdocs.yml", "site_name: A\nsite_url: https://a.dev/latest/\n", "https://a.dev"),
        ("hugo.toml", 'baseURL = "https://a.dev/"\n[[menus.main]]\nurl = "https://b.dev/"\n', "https://a.dev"),
        ("docs/_config.yml", 'url: "https://a.dev" # the host\n', "https://a.dev"),
        ("antora-playbook.yml", "site:\n  title: A\n  url: https://a.dev/guide\n", "https://a.dev"),
        ("docs/.vitepress/config.ts", "sitemap: {\n    hostname: 'https://a.dev',\n}", "https://a.dev"),
        ("docs/conf.py", 'html_baseurl = "https://a.dev/"\n', "https://a.dev"),
        ("docs/public/CNAME", "docs.a.dev\n", "https://docs.a.dev"),
        ("hugo.toml", 'baseURL = "http://localhost:1313/"\n', ""),
        ("mkdocs.yml", "nav: []\nextra:\n  - url: https://b.dev\nrepo_url: https://github.com/a/b\n", ""),
        ("package.json", '{\n\t"homepage": "https://a.dev/docs/a",\n}', "https://a.dev"),
        ("packages/a/package.json", '{\n\t"homepage": "https://a.dev/docs/a",\n}', ""),
        ("package.json", '{"homepage": "https://github.com/a/b#readme"}', ""),
        ("package.json", '{\n"homepage": "https://gitlab.com/a/b#readme"}', ""),
        ("package.json", '{\n"homepage": "https://www.npmjs.com/package/a"}', ""),
        (".github/ISSUE_TEMPLATE/config.yml", "site_url: https://b.dev\n", ""),
        ("examples/site/mkdocs.yml", "site_url: https://b.dev\n", ""),
        ("docusaurus.config.js", 'url: "https://your-site.example.com",\n', ""),
    ],
)
def test_the_address_of_the_site_is_read_from_its_configuration(path: str, text: str, site: str) -> None:
    assert navigate({path: text, **pages("README.md")}).site == site


def test_of_many_packages_the_roots_is_asked_and_the_one_beside_the_configuration_of_the_site() -> None:
    home = '{\n"homepage": "https://%s.dev"\n}'
    packages = {f"packages/p{n}/package.json": home % "p" for n in range(9)}
    files = {"website/docusaurus.config.js": "x = {}", **pages("README.md"), **packages}
    beside = {**files, "website/package.json": home % "b"}
    assert [path for path in navigation_files(list(beside)) if path in packages] == []
    assert navigate(beside).site == "https://b.dev"
    assert navigate({**beside, "package.json": home % "a"}).site == "https://a.dev"
    assert navigate(files).site == ""

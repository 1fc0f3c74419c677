import posixpath
import re

import yaml
from markdown_it import MarkdownIt

from shared.course.export.fence_marks import move_marks_out_of_fences
from shared.course.export.markdown import build_markdown
from shared.course.export.site import build_site
from shared.course.field_text import read_markdown
from shared.course.model import Course, Licence
from shared.course.section_links import list_fragments
from tests.support.course_sources import PICTURES, PNG_NAME, SVG_NAME, read_raw

_FIRST = "modules/01-your-first-queue.md"


def test_the_folder_holds_a_file_for_each_module(folder: dict[str, str]) -> None:
    assert sorted(folder) == [
        "README.md",
        "glossary.md",
        _FIRST,
        "modules/02-leases-retries-safely.md",
        "modules/03-madmin.md",
        "sources.md",
    ]


def test_front_matter_is_yaml_whatever_the_title_holds(course: Course) -> None:
    title = 'A "quoted": title \\ with # signs'
    module = course.modules[0].model_copy(update={"title": title})
    files = build_markdown(course.model_copy(update={"modules": [module]}), read_raw, {})
    text = next(data.decode() for name, data in files.items() if name.startswith("modules/"))
    assert yaml.safe_load(text.split("---\n")[1])["title"] == title


def test_every_relative_link_resolves(markdown: dict[str, bytes], folder: dict[str, str]) -> None:
    for name, text in folder.items():
        for token in MarkdownIt().parse(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)):
            for child in token.children or []:
                target = str(child.attrs.get("href") or child.attrs.get("src") or "")
                if target and not target.startswith(("https://", "#")):
                    path, _, fragment = target.partition("#")
                    page = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                    assert page in markdown, (name, target)
                    assert not fragment or fragment in _anchors(folder[page]), (name, target)


def _anchors(page: str) -> list[str]:
    """The fragments of the headings of a page, as code hosts make them."""
    return list_fragments(heading.text for heading in read_markdown("", page.split("\n---\n", 1)[1]).headings)


def test_a_link_leads_to_the_heading_that_its_title_names(course: Course) -> None:
    texts = (
        "## Your first queue\n\n### Linux\n\nB.\n\n## Mac (`new`)\n\n### Linux\n\n[c](#your-first-queue) `](#linux)`",
        '[a](#{0} "Mac new › Linux") [b](#{0} "Linux") [c](#{0} "Your first queue") [d](#{0} "Gone") [e](#{0})',
    )
    first, second = (
        course.modules[at].model_copy(update={"main_content": text, "recall": []}) for at, text in enumerate(texts)
    )
    second = second.model_copy(update={"main_content": second.main_content.replace("{0}", first.id)})
    altered = course.model_copy(update={"modules": [first, second], "pathways": []})
    files = {name: data.decode() for name, data in build_markdown(altered, read_raw, {}).items()}
    page = next(name for name in files if name.startswith("modules/01"))
    found = re.findall(
        r"\[([a-e])\]\(01-[^)#]*#?([^)\s]*)", files[page.replace("01-your-first-queue", "02-leases-retries-safely")]
    )
    assert dict(found) == {"a": "linux-1", "b": "linux", "c": "your-first-queue-1", "d": "", "e": ""}
    assert set(dict(found).values()) - {""} <= set(_anchors(files[page]))
    assert "[c](#your-first-queue-1) `](#linux)`" in files[page]  # the title of the page is a heading too

    site = {name: data.decode() for name, data in build_site(altered, read_raw, {}).items() if name.endswith("html")}
    links = re.findall(r'href="01-[^"#]*#?([^"]*)"[^>]*>([a-e])</a>', site["modules/02-leases-retries-safely.html"])
    assert {text: at for at, text in links} == {"a": "linux-1", "b": "linux", "c": "your-first-queue", "d": "", "e": ""}
    assert all(f'id="{at}"' in site["modules/01-your-first-queue.html"] for at, _ in links if at)


def test_a_module_lists_its_concepts_with_what_they_build_on(course: Course) -> None:
    first, second, *others = course.concepts
    home, later = course.modules[0].id, course.modules[1].id
    known = first.model_copy(
        update={"name": "lease*", "gloss": "A lease ends.", "module_id": home, "prerequisites": []}
    )
    built = second.model_copy(update={"name": "retry", "gloss": "", "module_id": later, "prerequisites": [first.id]})
    bare = [known.model_copy(update={"id": name, "name": name, "gloss": ""}) for name in "ab"]
    bare[1] = bare[1].model_copy(update={"gloss": "Some ways lead to b.", "is_defined": False})
    gone = [one.model_copy(update={"module_id": None, "prerequisites": []}) for one in others]
    altered = course.model_copy(update={"concepts": [known, built, *bare, *gone]})
    files = {name: data.decode() for name, data in build_markdown(altered, read_raw, {}).items()}
    assert "## Concepts\n\n- **lease\\***: A lease ends.\n\nAlso: a, b\n\n" in files[_FIRST]
    assert (
        f"## Concepts\n\nretry (builds on [lease\\*]({_FIRST.partition('/')[2]}))\n\n"
        in files["modules/02-leases-retries-safely.md"]
    )
    met = "Builds on [lease\\*](01-your-first-queue.md#put-and-take"
    assert (
        f'{met} "A lease ends."): say what it is before you look.\n\n' in files["modules/02-leases-retries-safely.md"]
    )
    site = {name: data.decode() for name, data in build_site(altered, read_raw, {}).items() if name.endswith("html")}
    page = site["modules/01-your-first-queue.html"]
    assert '>Also:</span> <a href="../glossary.html#concept-a">a</a>, <a ' in page


def test_every_mark_has_a_footnote_and_every_footnote_a_mark(folder: dict[str, str]) -> None:
    for name, text in folder.items():
        defined = set(re.findall(r"^\[\^([^\]]+)\]:", text, re.MULTILINE))
        marked = set(re.findall(r"\[\^([^\]]+)\](?!:)", text))
        assert marked == defined, name


def test_a_footnote_leads_to_the_lines_at_the_commit(course: Course, folder: dict[str, str]) -> None:
    commit = course.sources[0].commit
    assert (
        f"[^c8]: [docs/start.md, line 31](https://github.com/example/tidepool/blob/{commit}/docs/start.md?plain=1#L31)"
        f" at commit `{commit[:12]}`"
    ) in folder[_FIRST]


def test_code_blocks_say_their_language_and_are_cited_behind(folder: dict[str, str]) -> None:
    assert "cite=" not in folder[_FIRST]
    assert "```console\n$ pip install tidepool\n" in folder[_FIRST]
    assert "tidepool 2.4.0\n```\n\n[^c4]\n" in folder[_FIRST]


def test_a_block_in_a_list_is_cited_in_its_item(folder: dict[str, str]) -> None:
    assert '   queue.put({"task": "rotate"})\n   ```\n\n   Adapted from the source.[^c6]\n' in folder[_FIRST]


def test_a_block_in_a_quotation_is_cited_in_it() -> None:
    moved = move_marks_out_of_fences("> ~~~~py cite=c1\n> x\n> ~~~~\n\nafter")
    assert moved == "> ~~~~py\n> x\n> ~~~~\n>\n> [^c1]\n\nafter"


def test_a_block_without_a_mark_stays_as_it_is() -> None:
    text = "```text\n```python cite=c1 in the text\n```\n"
    assert move_marks_out_of_fences(text) == text


def test_lines_to_highlight_stay_with_a_block() -> None:
    moved = move_marks_out_of_fences("```python cite=c1 adapted marked=2,4-5\nx = 1\n```")
    assert moved == '```python hl_lines="2 4-5"\nx = 1\n```\n\nAdapted from the source.[^c1]'


def test_marks_move_out_of_several_blocks() -> None:
    moved = move_marks_out_of_fences("```a cite=c1\n1\n```\n\n```b cite=c2\n2\n```")
    assert moved == "```a\n1\n```\n\n[^c1]\n\n```b\n2\n```\n\n[^c2]"


def test_answers_stand_together_behind_the_questions(folder: dict[str, str]) -> None:
    text = folder[_FIRST]
    assert text.index("### Question 4") < text.index("### Answers") < text.index("## Where this leads")
    assert "2. **False** It needs no server.[^c2]" in text


def test_a_module_without_questions_and_conclusion_has_no_heading_for_them(course: Course) -> None:
    module = course.modules[0].model_copy(
        update={"assessment": [], "main_content": "Only prose.", "conclusion": "", "citations": []}
    )
    bare = course.model_copy(update={"modules": [module]})
    files = {**build_markdown(bare, read_raw, {}), **build_site(bare, read_raw, {})}
    pages = [data.decode() for name, data in files.items() if name.startswith("modules/01")]
    assert len(pages) == 2
    assert not any(words in page for page in pages for words in ("Check yourself", "Where this leads", "no questions"))


def test_the_overview_offers_the_ways_with_their_hours_and_lists_each(folder: dict[str, str]) -> None:
    text = folder["README.md"]
    assert "- [The first hour](#the-first-hour) (1 module, 12 min): A way through the documentation." in text
    task = text.partition("## One task\n")[2].partition("\n## ")[0]
    assert "1. [Leases \\& retries \\<safely\\>](modules/02-leases-retries-safely.md) (18 min)" in task
    assert "Your first queue" not in task


def test_a_module_leads_on_in_each_way_that_holds_it(folder: dict[str, str]) -> None:
    first = folder[_FIRST]
    assert "Everything, in order: Next: [Leases \\& retries \\<safely\\>](02-leases-retries-safely.md)" in first
    assert "One task: " not in folder["modules/02-leases-retries-safely.md"]


def test_a_module_recalls_what_came_before_and_says_what_it_leaves_out(course: Course, folder: dict[str, str]) -> None:
    text = folder["modules/02-leases-retries-safely.md"]
    recalled = text.partition("## Do you remember?")[2].partition("A worker may die")[0]
    assert recalled.endswith("\n\n---\n\n")
    assert "From [Your first queue](01-your-first-queue.md)." in recalled
    assert "Which call puts a job into a queue?" in recalled
    assert "**B**" in text.partition("## Answers to “Do you remember?”")[2].partition("## Where this leads")[0]
    commit = course.sources[0].commit
    address = f"https://github.com/example/tidepool/blob/{commit}/docs/admin.rst"
    assert f"- [Command line]({address}): for the project's makers" in text


def test_the_licence_is_named_with_its_file(course: Course, folder: dict[str, str]) -> None:
    address = f"https://github.com/example/tidepool/blob/{course.sources[0].commit}/LICENSE"
    for name in ("README.md", "sources.md"):
        assert (
            f"stands under MIT, and so do the passages that this course takes from it. [LICENSE]({address})"
            in (folder[name])
        )


def test_a_course_that_may_not_be_shared_says_so(course: Course) -> None:
    source = course.sources[0].model_copy(update={"licence": Licence()})
    text = build_markdown(course.model_copy(update={"sources": [source]}), read_raw, {})["README.md"].decode()
    assert "This course is for private use." in text


def test_the_glossary_holds_the_concepts_that_a_sentence_tells_and_what_they_build_on(folder: dict[str, str]) -> None:
    entries = [line for line in folder["glossary.md"].splitlines() if line.startswith("- ")]
    assert any("; builds on Job; defined in " in entry for entry in entries)
    assert all(re.match(r"- \*\*[^*]+\*\*: \w.+ (?:Introduced in|Not taught)", entry) for entry in entries)


def test_titles_are_shown_letter_for_letter(folder: dict[str, str]) -> None:
    assert "[Leases \\& retries \\<safely\\>](modules/02-leases-retries-safely.md)" in folder["README.md"]


def test_left_out_documents_say_why(folder: dict[str, str]) -> None:
    assert re.search(r"CHANGES\.md.*: changelog", folder["sources.md"])
    assert re.search(r"docs/admin\.rst.*\n  - line 9: the directive '\S*b\S* was left out\n", folder["sources.md"])


def test_a_section_that_another_module_tells_leads_to_that_module(folder: dict[str, str]) -> None:
    assert re.search(
        r"Workers.*: told in \[Your first queue\]\(01-your-first-queue\.md\)",
        folder["modules/02-leases-retries-safely.md"],
    )


def test_pictures_and_data_travel(markdown: dict[str, bytes]) -> None:
    assert {PNG_NAME, SVG_NAME, "course.json"} <= set(markdown)
    assert b"<script" not in markdown[SVG_NAME]


def test_the_glossary_tells_what_a_term_means_before_where_it_stands(folder: dict[str, str]) -> None:
    assert "- **Queue**: A queue is an ordered list of jobs. Introduced in [" in folder["glossary.md"]


def test_an_incomplete_course_says_so_at_the_top_of_the_overview_and_of_the_module(folder: dict[str, str]) -> None:
    before_modules = folder["README.md"].split("## Modules")[0]
    assert "> **This course is incomplete**: 1 of its 3 modules lack something." in before_modules
    assert "> - [作业と運用](modules/03-madmin.md): The document shows no code." in before_modules
    title = "# 作业と運用\n\n"
    assert f"{title}> **This module is incomplete**: The document shows no code.\n" in folder["modules/03-madmin.md"]
    assert "incomplete" not in folder[_FIRST]


def test_a_complete_course_says_nothing_of_the_kind(course: Course) -> None:
    files = build_markdown(course.model_copy(update={"modules": course.modules[:1]}), read_raw, PICTURES)
    assert not any(b"incomplete" in data for name, data in files.items() if name.endswith(".md"))


def test_a_local_source_is_named_in_words(course: Course) -> None:
    local = course.sources[0].model_copy(update={"url": "local:a75bc0a75bc0a75bc0a75bc0"})
    whole = course.model_copy(update={"sources": [local]})
    text = build_markdown(whole, read_raw, {})["README.md"].decode()
    assert "- a local repository (first commit a75bc0a75bc0) at commit" in text
    assert "local:" not in text
    for name, data in build_site(whole, read_raw, {}).items():
        assert not name.endswith(".html") or b"local:a75" not in data


def test_a_course_without_concepts_has_no_glossary_and_no_link_to_one(course: Course) -> None:
    bare = course.model_copy(update={"concepts": []})
    folder = build_markdown(bare, read_raw, PICTURES)
    site = build_site(bare, read_raw, PICTURES)
    assert not {"glossary.md", "glossary.html"} & {*folder, *site}
    pages = {**folder, **{name: data for name, data in site.items() if name.endswith(".html")}}
    assert not [name for name, data in pages.items() if b"glossary.md" in data or b"glossary.html" in data]

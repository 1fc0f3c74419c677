import os
import subprocess
import sys

import pytest

from services.doc_analyser.offline.documents import study
from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.offline.language import detect_language
from services.doc_analyser.offline.levels import classify, judge_level, mark_sections
from services.doc_analyser.offline.sections import is_teachable, outline_sections, says_more_than_links
from shared.docs.reader import read_document
from shared.engine.minutes import reading_minutes
from shared.kernel.errors import NothingToTeach
from shared.language.similarity import Vectors, embed_words, likeness
from tests.unit.analysis.build import analysis, document

PAGE = """# Getting started with Widgets

Widgets is a library that turns plain text into pictures on every platform.
It is small. However, it does a lot for its users every day of the year.

## Prerequisites

- Python, version 3.11 or later
- A terminal

## Installing

Install the package with your package manager before you do anything else.

```console
$ pip install widgets
```

A **canvas** is the area that a picture is drawn on by the library.
See the [gallery](gallery.md) for pictures that others have made.

## Links

- [Gallery](gallery.md)
- [Forum](https://example.org)
"""


def test_an_analysis_says_what_the_document_says() -> None:
    found = analysis(PAGE, "docs/getting-started.md")
    assert found.title == "Getting started with Widgets"
    assert (found.doc_type, found.complexity_level, found.language) == ("tutorial", "beginner", "en")
    assert found.prerequisites == ("Python, version 3.11 or later", "A terminal")
    assert "canvas" in [concept.name for concept in found.key_concepts]
    assert found.links == ("docs/gallery.md",)
    assert "gallery" in [topic.lower() for topic in found.related_topics]
    assert [(one.words > 0, one.code_lines) for one in found.sections][:1] == [(True, 0)]
    assert found.minutes == max(1, round(reading_minutes(found.sections)))
    assert {section.heading: section.teachable for section in found.sections}["Links"] is True


@pytest.mark.parametrize("extra", ['repository = "https://a.example/x.git"\nlicense = "MIT"', 'license = "MIT"'])
def test_an_entry_of_a_gallery_is_not_taught(extra: str) -> None:
    text = f'\n+++\ntitle = "A theme"\n[extra]\n{extra}\n+++\n\n{PAGE}'.encode()
    file = DocumentFile("d1", "s1", "0" * 64, "docs/themes/a.md", text, {})
    if "repository" not in extra:
        assert study(file, "").analysis.title == "A theme"
        return
    with pytest.raises(NothingToTeach, match="another project"):
        study(file, "")


def test_a_summary_is_sentences_of_the_document_that_stand_by_themselves() -> None:
    found = analysis(PAGE)
    lines = PAGE.splitlines()
    assert 1 <= len(found.summary) <= 3
    for sentence in found.summary:
        source = " ".join(lines[sentence.span.start_line - 1 : sentence.span.end_line])
        assert sentence.text in source
        assert not sentence.text.startswith(("It", "However", "This"))


def test_the_same_bytes_give_the_same_analysis_under_every_hash_seed() -> None:
    code = (
        "from tests.unit.analysis.test_analysis import PAGE\n"
        "from tests.unit.analysis.build import analysis\n"
        "import sys; sys.stdout.write(analysis(PAGE).model_dump_json())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(next(iter(runs))) > 1000


def embed(texts: list[str]) -> Vectors:
    return embed_words([text.split() for text in texts], lambda _: 1)


def test_vectors_are_whole_numbers_and_do_not_depend_on_company() -> None:
    alone = embed(["how to install the server"])
    together = embed(["x", "how to install the server", "a much longer sentence about something else entirely"])
    assert (alone[0] == together[1]).all()
    assert (alone == alone.round()).all()
    near, far = likeness(alone, embed(["installing a server", "bananas and apples"]))[0]
    assert near > far
    assert not embed([""]).any()


@pytest.mark.parametrize(
    ("body", "teachable", "says_more"),
    [
        ("- [One](a.md)\n- [Two](b.md)\n- [Three and four and five](c.md)\n", True, False),
        ("", False, False),
        ("Extends [the factory of Relay](https://example.org/factory).\n", True, False),
        ("Type: `object`\n", True, False),
        ("![a wheel](wheel.png)\n", True, False),
        ("- [genindex](genindex)\n- [search](search)\n", False, False),
        ("This client does not support pipelining.\n", True, True),
        ("```sh\nmake\n```\n", True, True),
        ("- [Wheels in the wild](https://example.org) by Ann of the club\n", True, True),
    ],
)
def test_sections_that_teach(body: str, teachable: bool, says_more: bool) -> None:
    section = document(f"# Title\n\n{body}").sections[0]
    assert (is_teachable(section), says_more_than_links(section)) == (teachable, says_more)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The server keeps the state of all consumers and it is not lost when a client goes away.", "en"),
        ("Der Server behält den Zustand und er ist nicht verloren, wenn ein Client die Verbindung verliert.", "de"),
        ("Le serveur garde les messages dans une file et il est possible de les lire avec un client.", "fr"),
        ("El servidor guarda los mensajes en una cola y no es posible que se pierdan con el cliente.", "es"),
        ("服务器会保存所有消费者的状态,即使客户端断开连接也不会丢失。", "zh"),
        ("サーバーはすべてのコンシューマーの状態を保持します。", "ja"),
        ("Ο διακομιστής κρατά την κατάσταση όλων των καταναλωτών.", "el"),
        ("השרת שומר את המצב של כל הצרכנים גם כאשר לקוח מתנתק.", "he"),
        ("يحتفظ الخادم بحالة جميع المستهلكين ولا تضيع الرسائل.", "ar"),
        ("سرور وضعیت همه مصرف‌کنندگان را نگه می‌دارد و پیام‌ها گم نمی‌شوند.", "fa"),
        ("Máy chủ giữ trạng thái của tất cả người dùng khi máy khách ngắt kết nối.", "vi"),
        ("เซิร์ฟเวอร์เก็บสถานะของผู้ใช้ทุกคน", "th"),
        ("A kiszolgáló minden fogyasztó állapotát megőrzi, és nem vész el, ha egy kliens leáll.", "hu"),
        ("Server menyimpan keadaan semua konsumen dan tidak akan hilang jika klien yang lain pergi.", "id"),
        ("Server uchovává stav všech příjemců a to se neztratí, pokud se klient odpojí od serveru.", "cs"),
        ("Servern håller reda på alla mottagare och det går inte förlorat när en klient lämnar den.", "sv"),
        ("nats-server --config x.conf", "en"),
    ],
)
def test_the_language_of_prose(text: str, tag: str) -> None:
    assert detect_language(text) == tag


@pytest.mark.parametrize(
    ("path", "title", "kind"),
    [
        ("docs/faq.md", "FAQ", "faq"),
        ("docs/tutorial/first.md", "First Steps", "tutorial"),
        ("README.md", "Widgets", "overview"),
        ("docs/reference/widget.md", "Widget", "reference"),
        ("docs/how-to/rotate.md", "Rotate keys", "guide"),
        ("docs/configuration.md", "Configuration", "configuration"),
        ("docs/api.md", "API", "api"),
        ("docs/troubleshooting.md", "Troubleshooting", "troubleshooting"),
        ("examples/shop.md", "A shop", "example"),
        ("docs/src/man/joins.md", "Joins", "guide"),
        ("guides/api_authentication.md", "API Authentication", "guide"),
        ("guides/json_and_apis.md", "JSON and APIs", "guide"),
        ("docs/core-api.md", "Core API", "api"),
        ("Book.docc/ReferenceManual/Types.md", "Types", "reference"),
        ("Book.docc/GuidedTour/GuidedTour.md", "A Swift Tour", "tutorial"),
        ("docs/counting.md", "Automatic Reference Counting", "guide"),
    ],
)
def test_the_sort_of_a_document(path: str, title: str, kind: str) -> None:
    assert classify(document(f"# {title}\n\nSome words about it all.\n", path), title) == kind


@pytest.mark.parametrize(("words", "kind"), [("It boils. It rests.", "api"), ("It boils. " * 4, "guide")])
def test_a_page_that_mostly_describes_objects_is_to_look_up(words: str, kind: str) -> None:
    objects = "".join(f".. method:: Pot.{name}()\n\n   Does so. Now.\n\n" for name in ("fill", "boil", "pour"))
    page = read_document("docs/pot.rst", f"Pot\n===\n\n{words}\n\n{objects}".encode(), {})
    assert classify(page, page.title) == kind
    assert classify(read_document("docs/pot.rst", f"Pot\n===\n\n{objects[:45]}".encode(), {}), "Pot") == "guide"


def test_levels_follow_words_and_titles() -> None:
    easy = document("# Hello world\n\nOpen a file. Type a word. Save the file.\n", "docs/hello.md")
    hard = document(
        "# Consensus internals\n\nThe replication protocol serialises concurrent partitioning decisions across the "
        "distributed cluster, whose memory performance depends on asynchronous backpressure.\n",
        "docs/internals.md",
    )
    assert judge_level(easy, easy.title, "tutorial") == "beginner"
    assert judge_level(hard, hard.title, "reference") == "advanced"


def test_each_section_says_for_whom_it_is_and_why() -> None:
    text = (
        "# Streams\n\nA stream holds facts in order.\n\n## What is a stream?\n\nAn ordered line of facts.\n\n"
        "## Internals\n\nFacts are kept in blocks.\n\n### Blocks\n\nA block is a file.\n\n## Reading\n\nRead it.\n"
    )
    found = {one.heading: (one.asks, one.asks_reason) for one in analysis(text).sections}
    assert found["What is a stream?"] == ("beginner", "first steps")
    assert found["Internals"] == found["Blocks"] == ("advanced", "internals")
    assert found["Reading"] == ("intermediate", "")


def test_the_installation_is_for_everybody_whatever_its_heading_and_its_page_say() -> None:
    text = (
        "# Setup\n\nHow to get it.\n\n## Installing/Upgrading from the index\n\nRun it.\n\n"
        "### Offline\n\nCopy it.\n\n## Upgrading from 1.0\n\nRename.\n"
    )
    marked = mark_sections(analysis(text).sections, "advanced", "Setup", "api")
    assert [one.asks for one in marked] == ["advanced", "intermediate", "intermediate", "advanced"]


def test_sections_of_a_page_for_experienced_readers_are_for_them() -> None:
    outlines = analysis("# Streams\n\nA stream holds facts in order, one by one.\n").sections
    assert [one.asks_reason for one in mark_sections(outlines, "advanced", "Streams", "guide")] == [
        "a page for experienced readers"
    ]


def test_a_section_of_a_reference_is_one_to_look_up_unless_its_heading_says_more() -> None:
    outlines = analysis(
        "# Streams\n\nA stream holds facts.\n\n## Open\n\nOpen it.\n\n## Internals\n\nBlocks.\n"
    ).sections
    found = [one.asks_reason for one in mark_sections(outlines, "intermediate", "Streams", "api")]
    assert found == ["details to look up", "details to look up", "internals"]


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("Upgrading to 3.0", "earlier versions"), ("Upgrading", "earlier versions"), ("Upgrade process", ""),
        ("Migrating from 2.0", "earlier versions"), ("Migration guide", "earlier versions"), ("Migrations", ""),
        ("Running our first migration", ""), ("2.0 Migration", "earlier versions"), ("Migrating from Frotz", ""),
        ("Deprecated", ""), ("Removed commands", ""), ("Internal links", ""),
        ("Internals", "internals"), ("Internal API", "internals"), ("Performance", ""), ("Custom types", ""),
    ],
)  # fmt: skip
def test_what_only_sounds_like_earlier_versions_or_internals_is_for_everybody(heading: str, reason: str) -> None:
    outlines = analysis(f"# Sockets\n\n## {heading}\n\nIt begins as a request.\n").sections
    assert [one.asks_reason for one in outlines if one.heading == heading] == [reason]


def test_a_page_of_source_alone_is_taught_by_its_docstrings_and_one_of_plain_code_is_not() -> None:
    source = b'class Client:\n    """Sends what it is given."""\n'
    files = {"pkg/client.py": source}
    shown = DocumentFile(
        "d", "s", "0" * 64, "docs/client.rst", b"Client\n======\n\n.. autoclass:: pkg.client.Client\n", files
    )
    assert study(shown, "pkg").analysis.doc_type == "api"
    bare = DocumentFile("d", "s", "0" * 64, "docs/code.md", b"# Code\n\n```sh\nmake all\n```\n", {})
    with pytest.raises(NothingToTeach, match="only code"):
        study(bare, "pkg")


def test_prerequisites_of_one_system_are_not_those_of_the_course() -> None:
    text = "# W\n\nIt draws.\n\n## On Windows\n\n### Prerequisites\n\nYou need the runtime package.\n"
    assert analysis(text, "README.md").prerequisites == ()
    near = "# W\n\nIt draws.\n\n## Prerequisites\n\nYou need the runtime package. It should run on any system.\n"
    told = "You need the runtime package. It should run on any system"
    assert analysis(near, "README.md").prerequisites == (told,)
    more = f"{told}. {'So it is said of it everywhere. ' * 4}\n\n- A shell\n".replace(".  ", ". ")
    assert analysis(f"# W\n\nIt draws.\n\n## Prerequisites\n\n{more}", "README.md").prerequisites == ("A shell",)
    long = more.partition("- A")[0]
    [kept] = analysis(f"# W\n\nIt draws.\n\n## Prerequisites\n\n{long}", "README.md").prerequisites
    assert kept == f"{told}. {'So it is said of it everywhere. ' * 3}".rstrip(". ")
    told = "# W\n\nIt draws.\n\n## Prerequisites\n\nThe easiest way is a machine in a cloud.\n\nImages come first.\n"
    assert analysis(told, "README.md").prerequisites == ()
    quoted = "# W\n\nIt draws.\n\n## Before you start\n\nThey said:\n\n > _Rules require knowledge. Blindly._\n"
    assert analysis(quoted, "README.md").prerequisites == ()


def test_the_prints_of_a_section_hold_its_code_without_its_blanks() -> None:
    text = "# A\n\nCall it once a day.\n\n```py\n{}\n```\n"
    first, same, other = (analysis(text.format(code)).sections[0].prints for code in ("run( 1 )", "run(1)", "run(2)"))
    assert first == same != other


def test_a_section_that_shows_a_partial_alone_repeats_no_other() -> None:
    page = b"# A\n\n{/* */}\n\n## Types\n\nimport N from './_n.md';\n\n<N />\n\n## More\n\nIt is called once a day.\n"
    read = read_document("docs/a.mdx", page, {"docs/_n.md": b"The types of this page are those of the package.\n"})
    shown, own = outline_sections(read)[-2:]
    assert (shown.words > 5, shown.prints, shown.whole) == (True, (), "")
    assert own.prints
    assert own.whole
    whole = read_document(
        "docs/a.mdx", b"import N from './_n.md';\n\n<N />\n", {"docs/_n.md": b"The types are those of it.\n"}
    )
    assert all(one.prints for one in outline_sections(whole))


def test_a_profile_of_a_shell_is_not_about_speed() -> None:
    text = "# Widget\n\nDraws lines.\n\n## Profiling\n\nSee times.\n\n## Create a PowerShell profile\n\nDo it.\n"
    found = {section.heading: section.asks_reason for section in analysis(text).sections}
    assert [found["Profiling"], found["Create a PowerShell profile"]] == ["speed", ""]


@pytest.mark.parametrize(("words", "is_told"), [("what each of them is written in", True), ("words", False)])
def test_a_list_that_says_what_is_on_its_pages_is_like_a_table(words: str, is_told: bool) -> None:
    found = document(f"# Title\n\nOf pages:\n\n- [One](a.md): {words}\n- [Two](b.md): {words}\n- Three\n")
    assert outline_sections(found)[0].has_table is is_told


def test_a_section_begins_with_heading_and_paragraphs_and_the_code_behind_them_that_it_names_again() -> None:
    text = (
        "# Views\n\nA view has a canvas.\n\nAnd a frame.\n\n```py\nrow_height()\n```\n\nIt has a window.\n\n- A door\n"
    )
    found = outline_sections(document(text))[0]
    assert {"view", "canvas", "frame"} <= {*found.said_first}
    assert "row_height" not in found.said_first
    again = outline_sections(document(f"{text}\nA `row_height` is a number.\n"))[0]
    assert "row_height" in again.said_first  # not in the first example alone
    assert {"window", "door"} <= dict(found.mentions).keys() - {*found.said_first}


def test_a_section_that_begins_with_a_list_begins_with_its_heading_alone() -> None:
    found = outline_sections(document("# Views\n\n- A canvas\n\n```py\nrow_height()\n```\n"))[0]
    assert found.said_first == ("view",)

"""Documents that are not what they say, or that mean harm: each is refused in words, or read without harm."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from services.documents.reading import read_document
from shared.docs.document_text import DocumentText
from shared.docs.html import archive
from shared.docs.html.docx import read_docx
from shared.docs.html.epub import read_epub
from shared.docs.html.facts import MAX_ENTRIES, MAX_HTML_BYTES, MAX_UNPACKED_BYTES, UnreadableMarkup
from shared.docs.html.reader import read_html
from shared.docs.kinds import KIND_OF_ENDING
from shared.workers.limits import LimitPassed, Limits
from shared.workers.pool import WorkerPool
from tests.support.processor_time import processor_seconds
from tests.unit.docs.packed import book_parts, packed, paragraph, word_parts

_SECONDS = 4.0  # nested headers took 23, breaks 4.6, while each was read for each one above or before it
_SAID = "A page with a few plain words."
_WORD = word_parts(paragraph(_SAID))
_BOOK = book_parts({"a": f"<p>{_SAID}</p>"})
_LAUGHS = (
    '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    "<a>&d;</a>"
)  # fmt: skip
_OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


def refused(read: Callable[[bytes], DocumentText], data: bytes) -> tuple[str, str]:
    """The code and message of a refusal."""
    with pytest.raises(UnreadableMarkup) as caught:
        read(data)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("ending", "head", "is_one"),
    [
        ("html", b"<!DOCTYPE html>\n<html>", True),
        ("html", b"<?xml version='1.0'?><!-- a --><html>", True),
        ("html", "\ufeff<html>".encode("utf-16"), True),
        ("html", b"<svg onload=a()>", False),
        ("html", b"plain words <p>", False),
        ("html", b"%PDF-1.4 <html>", False),
        ("docx", packed(_WORD)[:4096], True),
        ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, False),
        ("epub", packed(_BOOK)[:4096], True),
        ("pdf", packed(_WORD)[:4096], False),
    ],
)
def test_the_first_bytes_tell_the_kind(ending: str, head: bytes, *, is_one: bool) -> None:
    assert KIND_OF_ENDING[ending].begins(head) is is_one


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 9_000, "<ul><li>" * 3_000, "<b><i><a>" * 2_000, "<table><tr><td>" * 2_000, "<blockquote>" * 9_000,
        "<header>" * 9_000 + "<h1>A title</h1>", "<br>" * 40_000,
    ],
)  # fmt: skip
def test_elements_may_stand_in_each_other_as_deep_as_they_like(body: str) -> None:
    texts: list[str] = []
    assert processor_seconds(lambda: texts.append(read_html(f"{body}{_SAID}".encode()).text)) < _SECONDS
    assert _SAID in texts[0].replace("\n", " ")


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td colspan=99999>a<td>b</table>", "<ol start=99999999999999><li>a</ol>", "<h9>a</h9>",
        "<p>&#xD800;&#0;\x01a", "<p>\ue001\ue010a\ue012", "<textarea>b</textarea>a", "<![CDATA[a]]>a",
        "<p a=a" * 99 + ">a",
    ],
)  # fmt: skip
def test_wrong_marks_come_to_an_end(body: str) -> None:
    assert "a" in read_html(f"<html>{body}".encode()).text


def test_a_page_that_scripts_would_write_has_no_text() -> None:
    assert refused(read_html, b"<html><title>App</title><body><div id=root></div><script>go()</script>") == (
        "document_without_text", "The document has no text."
    )  # fmt: skip


def test_what_a_page_would_run_or_show_of_others_is_said() -> None:
    text = read_html(f"<script>a()</script><p>{_SAID}</p><iframe src='http://127.0.0.1/'></iframe>".encode())
    assert (text.text, text.ignored) == (f"{_SAID}\n", ("scripts", "other pages"))


def test_a_large_page_is_refused_unread() -> None:
    assert refused(read_html, b"<p>" + b" " * MAX_HTML_BYTES)[0] == "document_too_large"


@pytest.mark.parametrize("read", [read_docx, read_epub])
@pytest.mark.parametrize("tenths", range(1, 10, 2))
def test_an_archive_that_was_cut_off_is_damaged(read: Callable[[bytes], DocumentText], tenths: int) -> None:
    data = packed(_WORD if read is read_docx else _BOOK)
    code, message = refused(read, data[: len(data) * tenths // 10])
    assert (code, message.endswith("is damaged: it is not a whole archive.")) == ("document_damaged", True)


def test_an_archive_of_something_else_is_not_a_document() -> None:
    for read in (read_docx, read_epub):
        assert refused(read, packed({"a.txt": "a"}))[0] == "not_document"
    assert refused(read_epub, packed(_WORD))[0] == refused(read_docx, packed(_BOOK))[0] == "not_document"


def test_a_book_that_does_not_begin_as_the_rules_of_books_say_is_read() -> None:
    data = packed({name: part for name, part in _BOOK.items() if name != "mimetype"})
    assert KIND_OF_ENDING["epub"].begins(data[:4096])
    assert _SAID in read_epub(data).text


@pytest.mark.parametrize("xml", [_LAUGHS, _OUTSIDE, _OUTSIDE.encode("utf-16"), "<a>", "", "\0\0"])
def test_entities_and_what_is_not_xml_are_refused(xml: str | bytes) -> None:
    for part in ("word/document.xml", "word/styles.xml", "_rels/.rels"):
        assert refused(read_docx, packed({**_WORD, part: xml}))[0] == "document_damaged"
    for part in ("META-INF/container.xml", "OPS/book.opf"):
        assert refused(read_epub, packed({**_BOOK, part: xml}))[0] == "document_damaged"


def test_an_entity_of_a_page_in_a_book_is_not_opened() -> None:
    page = f'<!DOCTYPE html [<!ENTITY b SYSTEM "file:///etc/passwd">]><html><body><p>{_SAID} &b;</p></body></html>'
    assert "root:" not in read_epub(packed({**_BOOK, "OPS/a.xhtml": page})).text


def test_an_encrypted_document_is_refused_as_one() -> None:
    data = bytearray(packed(_WORD))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 1)
    assert refused(read_docx, bytes(data)) == (
        "document_encrypted", "The DOCX is encrypted: it opens with a password only."
    )  # fmt: skip
    lock = '<encryption><CipherReference URI="{}"/></encryption>'
    locked = packed({**_BOOK, "META-INF/encryption.xml": lock.format("OPS/a.xhtml")})
    assert refused(read_epub, locked)[0] == "document_encrypted"
    assert _SAID in read_epub(packed({**_BOOK, "META-INF/encryption.xml": lock.format("OPS/font.otf")})).text


def test_an_archive_that_grows_is_refused_by_what_its_list_says() -> None:
    bomb = b" " * (MAX_UNPACKED_BYTES + 1)
    assert refused(read_docx, packed({**_WORD, "word/styles.xml": bomb}))[0] == "document_too_large"
    assert refused(read_epub, packed({**_BOOK, "OPS/a.xhtml": bomb}))[0] == "document_too_large"


def test_an_archive_whose_list_lies_gives_no_more_than_it_says() -> None:
    data = packed({**_WORD, "word/document.xml": b"<a>" + b" " * 1_000_000})
    lied = data.replace((1_000_003).to_bytes(4, "little"), (3).to_bytes(4, "little"))
    assert lied != data
    assert refused(read_docx, lied)[0] == "document_damaged"


def test_files_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    assert refused(read_docx, packed(_WORD)) == ("document_too_large", "The DOCX holds more than 3 files.")
    assert MAX_ENTRIES > 1000


def test_names_in_a_book_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret.xhtml").write_text("<p>secret</p>")
    package = str(_BOOK["OPS/book.opf"]).replace("a.xhtml", f"../../../../../..{tmp_path}/secret.xhtml")
    text = refused(read_epub, packed({**_BOOK, "OPS/book.opf": package}))
    assert text[0] == "document_without_text"


def test_a_picture_that_lies_outside_is_not_opened(tmp_path: Path) -> None:
    word = str(_WORD["word/document.xml"])
    picture = '<w:p><w:r><w:drawing><a:blip r:link="r9"/></w:drawing></w:r></w:p>'
    named = word.replace("<w:body>", f"<w:body>{picture}").replace(
        "<w:document ", '<w:document xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ', 1,
    )  # fmt: skip
    relations = str(_WORD["word/_rels/document.xml.rels"]).replace(
        "</Relationships>", '<Relationship Id="r9" Type="a" Target="http://127.0.0.1:9/a.png" TargetMode="External"/>'
        "</Relationships>",
    )  # fmt: skip
    parts = {
        **_WORD,
        "word/document.xml": named,
        "word/_rels/document.xml.rels": relations,
        "word/vbaProject.bin": b"a",
    }
    text = read_docx(packed(parts))
    assert (text.text, text.ignored) == (f"{_SAID}\n", ("macros",))


def test_tables_in_tables_of_a_docx_come_to_an_end() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 5_000 + paragraph("a") + "</w:tc></w:tr></w:tbl>" * 5_000
    assert refused(read_docx, packed(word_parts(body)))[0] == "document_damaged"


@pytest.mark.parametrize("ending", ["html", "docx", "epub"])
async def test_a_bomb_is_refused_by_the_limits_of_its_worker(ending: str) -> None:
    many = "<w:p/>" * 1_000_000 if ending == "docx" else "<p><b><i>" * 500_000
    word = str(_WORD["word/document.xml"]).replace("<w:body>", f"<w:body>{many}")
    made = {
        "html": many.encode(), "docx": packed({**_WORD, "word/document.xml": word}),
        "epub": packed({**_BOOK, "OPS/a.xhtml": many}),
    }  # fmt: skip
    data = made[ending]
    pool = WorkerPool(1, Limits(processor_seconds=2.0, memory_bytes=64 * 1024**2))
    try:
        async with pool.session() as workers:
            work = partial(read_document, data, KIND_OF_ENDING[ending].media_type, "")
            with pytest.raises((LimitPassed, UnreadableMarkup)) as caught:
                await workers.run(work, about="bomb")
            assert "64 MiB of memory" in str(caught.value) or "2 s of processor time" in str(caught.value)
    finally:
        await pool.close()

"""PDFs that are not documents, or that mean harm: each is refused in words and within limits, or read without harm."""

import zlib
from functools import partial

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from shared.docs.document_text import DocumentText
from shared.docs.pdf import facts
from shared.docs.pdf.facts import MAX_PAGES, UnreadablePdf
from shared.docs.pdf.reader import read_pdf
from shared.workers.limits import LimitPassed, Limits
from shared.workers.pool import WorkerPool
from tests.unit.docs.printed import WORDS, Print, assembled, one_page, printed, stream

_SENTENCE = "A page with a few plain words"


def refused(data: bytes) -> tuple[str, str]:
    """The code and message of a refusal."""
    with pytest.raises(UnreadablePdf) as caught:
        read_pdf(data)
    return caught.value.code, caught.value.message


def paged(page: Print) -> None:
    for number in range(10):
        page.head(f"Heading {number}", depth=0)
        page.prose(f"{_SENTENCE}. " * 30)
        page.turn()


@pytest.mark.parametrize(
    "data", [b"", b"%PDF", b"<html><body>%PDF</body></html>", b"PK\x03\x04" + b"\0" * 2000, b"\0" * 5000]
)
def test_what_does_not_begin_like_a_pdf_is_not_one(data: bytes) -> None:
    assert refused(data) == ("not_pdf", "The file is not a PDF: it does not begin like one.")


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_pdf_that_was_cut_off_is_damaged(tenths: int) -> None:
    data = printed(paged)
    assert refused(data[: len(data) * tenths // 10]) == ("pdf_damaged", "The PDF is damaged: its end is missing.")


def test_a_pdf_without_what_its_end_speaks_of_is_damaged() -> None:
    assert refused(b"%PDF-1.4\n" + b"x" * 3000 + b"\n%%EOF\n")[0] == "pdf_damaged"


def test_a_pdf_that_needs_a_password_is_encrypted_and_one_that_needs_none_is_read() -> None:
    def write(password: str) -> bytes:
        page = Print(encrypt=StandardEncryption(password, ownerPassword="owner"))
        page.prose(_SENTENCE)
        return page.done()

    assert refused(write("secret")) == ("pdf_encrypted", "The PDF is encrypted: it opens with a password only.")
    assert _SENTENCE in read_pdf(write("")).text


def test_a_scan_is_refused_as_one() -> None:
    def write(page: Print) -> None:
        for _ in range(3):
            page.picture()
            page.turn()

    code, message = refused(printed(write))
    assert code == "pdf_without_text"
    assert "is a scan" in message


def test_a_page_that_is_a_picture_is_said_and_the_others_are_read() -> None:
    def write(page: Print) -> None:
        page.prose(f"{_SENTENCE}. {_SENTENCE}.")
        page.turn()
        page.picture()

    text = read_pdf(printed(write))
    assert text.text == f"{_SENTENCE}. {_SENTENCE}.\n"
    assert text.problems == ("page 2 shows a picture and no text",)


def test_empty_pages_are_not_a_scan() -> None:
    assert refused(printed(lambda page: page.turn())) == (
        "pdf_empty", "The PDF has no text: its pages show nothing that is text."
    )  # fmt: skip


def test_letters_without_meaning_are_not_text() -> None:
    def write(page: Print) -> None:
        for _ in range(10):
            page.line("% & ' ( ) * + , # ! $ \" ; < = > / \\ { }")

    code, message = refused(printed(write))
    assert code == "pdf_damaged"
    assert message == "Not one page of the PDF can be read: the fonts of page 1 do not say which letters they show."


def test_pages_are_counted_before_one_is_read() -> None:
    kids = b" ".join([b"3 0 R"] * (MAX_PAGES + 1))
    data = assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, MAX_PAGES + 1),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>",
    )
    assert refused(data)[0] == "pdf_too_many_pages"


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    data = one_page(WORDS)
    monkeypatch.setattr("shared.docs.pdf.file.MAX_PDF_BYTES", len(data))
    assert _SENTENCE in read_pdf(data).text
    assert refused(data + b"\n") == (
        "pdf_too_large",
        f"The PDF has {len(data) + 1} bytes; a PDF is read up to {len(data)}.",
    )


def test_text_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.docs.pdf.reader.MAX_CHARACTERS", 10)
    assert refused(one_page(WORDS))[0] == "pdf_too_much_text"
    crowded = stream(b"BT /F 1 Tf 20 100 Td (" + b"a" * (facts.MAX_PAGE_CHARACTERS + 1) + b") Tj ET")
    assert refused(one_page(crowded))[0] == "pdf_too_much_text"


@pytest.mark.parametrize(
    ("catalogue", "more", "named"),
    [
        (b"/OpenAction 6 0 R", b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "JavaScript"),
        (b"/OpenAction 6 0 R", b"<< /S /Launch /F (/bin/sh) >>", "launch actions"),
        (
            b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>",
            b"<< /Type /Filespec /F (a.exe) >>",
            "embedded files",
        ),
    ],
)
def test_what_a_pdf_would_run_or_bring_is_ignored_and_said(catalogue: bytes, more: bytes, named: str) -> None:
    text = read_pdf(one_page(WORDS, catalogue, more))
    assert text.ignored == (named,)
    assert text.text == f"{_SENTENCE}\n"


@pytest.mark.parametrize(
    "data",
    [
        one_page(
            WORDS, b"/Outlines 6 0 R", b"<< /First 7 0 R >>", b"<< /Title (a) /Next 7 0 R /First 7 0 R /Parent 6 0 R >>"
        ),
        assembled(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"),
        assembled(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count -1 >>"),
        one_page(WORDS).replace(b"startxref\n", b"startxref\n9"),
        one_page(stream(b"BT /F 12 Tf 20 100 Td (A page with a few plain words) Tj ET BI /W 9 /H 9 ID aaaa")),
        one_page(b"<< /Length 2147483648 >>\nstream\nBT ET\nendstream"),
        one_page(stream(b"BT /F 99999999999 Tf 1e38 1e38 Td (x) Tj ET")),
    ],
    ids=["outline", "page tree", "count", "table", "inline picture", "length", "numbers"],
)
def test_circles_and_wrong_numbers_come_to_an_end(data: bytes) -> None:
    try:
        said = read_pdf(data).text
    except UnreadablePdf as error:
        said = error.code
    assert said in {f"{_SENTENCE}\n", "pdf_damaged", "pdf_empty"}


def deflated(piece: bytes, times: int) -> bytes:
    """Many pieces, deflated twice."""
    packer = zlib.compressobj(9)
    return zlib.compress(b"".join([packer.compress(piece * 1000) for _ in range(times // 1000)]) + packer.flush(), 9)


@pytest.mark.parametrize("piece", [b"BT /F 1 Tf (a) Tj ET ", b" " * 100, b"q "], ids=["text", "blanks", "nesting"])
async def test_a_bomb_is_refused_by_the_limits_of_its_worker(piece: bytes) -> None:
    data = one_page(stream(deflated(piece, 200_000_000 // len(piece)), b"/Filter [/FlateDecode /FlateDecode]"))
    assert len(data) < 10_000
    pool = WorkerPool(1, Limits(processor_seconds=2.0, memory_bytes=64 * 1024**2))
    try:
        async with pool.session() as workers:
            with pytest.raises((LimitPassed, UnreadablePdf)) as caught:
                await workers.run(partial(read_pdf, data), about="bomb.pdf")
            assert "64 MiB of memory" in str(caught.value) or "2 s of processor time" in str(caught.value)
            assert (await workers.run(partial(read_pdf, one_page(WORDS)), DocumentText)).pages == 1
    finally:
        await pool.close()

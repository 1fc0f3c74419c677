"""Small PDFs for tests: printed by reportlab, or put together from objects."""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from shared.docs.document_text import DocumentText
from shared.docs.model import Document
from shared.docs.pdf.reader import read_pdf
from shared.docs.reader import read_document

WIDTH, HEIGHT = A4
LEFT, RIGHT = 72.0, WIDTH - 72
BODY, CODE, HEAD = ("Times-Roman", 10.0), ("Courier", 9.0), ("Helvetica-Bold", 16.0)


class Print:
    """A PDF that is written from the top of each page to its bottom."""

    def __init__(self, **options: object) -> None:
        self._out = io.BytesIO()
        self.canvas: Any = Canvas(self._out, pagesize=A4, **options)
        self._bookmarks = 0
        self.y = HEIGHT - 80

    def line(self, text: str, font: tuple[str, float] = BODY, left: float = LEFT, step: float = 1.2) -> None:
        """A line of text."""
        self.canvas.setFont(*font)
        self.canvas.drawString(left, self.y, text)
        self.y -= step * font[1]

    def head(self, text: str, size: float = 16.0, depth: int | None = None) -> None:
        """A heading, with a bookmark of this depth from 0 if one is given."""
        self.y -= 14
        if depth is not None:
            self._bookmarks += 1
            self.canvas.bookmarkHorizontal(str(self._bookmarks), 0, self.y + size)
            self.canvas.addOutlineEntry(text, str(self._bookmarks), depth)
        self.line(text, ("Helvetica-Bold", size))
        self.y -= 6

    def prose(self, text: str, left: float = LEFT, right: float = RIGHT, font: tuple[str, float] = BODY) -> None:
        """A paragraph, filled from `left` to `right`."""
        row = ""
        for word in text.split():
            if row and left + self.canvas.stringWidth(f"{row} {word}", *font) > right:
                self.line(row, font, left)
                row = ""
            row = f"{row} {word}".strip()
        self.line(row, font, left)
        self.y -= 6

    def code(self, text: str) -> None:
        """Code, a line of it for each of the text."""
        for one in text.split("\n"):
            self.line(one, CODE, LEFT + 20)
        self.y -= 6

    def picture(self) -> None:
        """A picture all over the page."""
        self.canvas.drawImage(ImageReader(Image.new("RGB", (40, 60), "grey")), 0, 0, WIDTH, HEIGHT)

    def turn(self) -> None:
        """The next page."""
        self.canvas.showPage()
        self.y = HEIGHT - 80

    def done(self) -> bytes:
        """The PDF."""
        self.canvas.save()
        return self._out.getvalue()


def printed(write: Callable[[Print], None]) -> bytes:
    """A PDF that a function writes."""
    page = Print()
    write(page)
    return page.done()


def read(data: bytes) -> tuple[DocumentText, Document]:
    """The text of a PDF and the document it is."""
    text = read_pdf(data)
    return text, read_document("printed.pdf.md", text.text.encode(), {})


def assembled(*objects: bytes, size: int | None = None) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size or len(objects) + 1, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(content: bytes, catalogue: bytes = b"", *more: bytes, font: bytes = _FONT) -> bytes:
    """A PDF of one page with this content stream object; objects from 6 on follow."""
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        content,
        font,
        *more,
    )


WORDS = stream(b"BT /F 12 Tf 20 100 Td (A page with a few plain words) Tj ET")

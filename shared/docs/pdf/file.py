"""A PDF as pdfium opens it: its pages by size and picture, its outline, and what else is in the file."""

import re
from itertools import islice
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from shared.docs.kinds import is_pdf
from shared.docs.pdf.facts import MAX_PAGES, MAX_PDF_BYTES, UnreadablePdf

_MOST_BOOKMARKS = 20_000
_TAIL_BYTES = 4096
_FILE_NAME = re.compile(r"^Microsoft |\.\w{2,5}$")


class Bookmark(NamedTuple):
    """An entry of the outline: its depth from 1, its page from 1, and how far down it points if it says so."""

    title: str
    depth: int
    page: int
    top: float | None


class Pdf:
    """A PDF that pdfium opened; raises UnreadablePdf for one that is refused as a whole."""

    def __init__(self, data: bytes) -> None:
        _check_bytes(data)
        try:
            self._pdf = pdfium.PdfDocument(data)
            self.pages = len(self._pdf)
        except pdfium.PdfiumError as error:
            if b"/Encrypt" in data and error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise UnreadablePdf(
                    "The PDF is encrypted: it opens with a password only.", code="pdf_encrypted"
                ) from error
            raise UnreadablePdf("The PDF is damaged: its pages cannot be found.") from error
        if self.pages > MAX_PAGES:
            message = f"The PDF has {self.pages} pages; a PDF is read up to {MAX_PAGES}."
            raise UnreadablePdf(message, code="pdf_too_many_pages")
        if not self.pages:
            raise UnreadablePdf("The PDF has no page.", code="pdf_empty")

    @property
    def title(self) -> str:
        """The title of its metadata, or "" if it has none or the name of a file."""
        title = " ".join(self._pdf.get_metadata_value("Title").split())
        return "" if _FILE_NAME.search(title) else title

    def outline(self) -> list[Bookmark]:
        """The bookmarks, in their order; those that point nowhere are left out."""
        found = []
        for entry in islice(self._pdf.get_toc(), _MOST_BOOKMARKS):
            title, destination = " ".join(entry.get_title().split()), entry.get_dest()
            page = destination.get_index() if destination else None
            if destination and page is not None and title:
                mode, view = destination.get_view()
                place = {raw.PDFDEST_VIEW_XYZ: 1, raw.PDFDEST_VIEW_FITH: 0, raw.PDFDEST_VIEW_FITBH: 0}.get(mode, 9)
                found.append(Bookmark(title, entry.level + 1, page + 1, view[place] if place < len(view) else None))
        return found

    def ignored(self, data: bytes) -> tuple[str, ...]:
        """What is in the file besides pages, as far as it can be told without opening it."""
        signs = {
            "JavaScript": raw.FPDFDoc_GetJavaScriptActionCount(self._pdf) > 0 or b"/JavaScript" in data,
            "embedded files": raw.FPDFDoc_GetAttachmentCount(self._pdf) > 0 or b"/EmbeddedFile" in data,
            "launch actions": re.search(rb"/Launch\b", data) is not None,
            "form fields": self._pdf.get_formtype() != raw.FORMTYPE_NONE,
        }
        return tuple(name for name, is_there in signs.items() if is_there)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of the page of this number as it is shown, in points."""
        width, height = self._pdf.get_page_size(number - 1)
        return max(1.0, width), max(1.0, height)

    def draw(self, number: int, scale: float) -> tuple[int, int, bytes]:
        """The page as it is shown: width and height in pixels, and red, green and blue of each. What it would run or
        ask for is not drawn. Raises PdfiumError.
        """
        page = self.page(number)
        try:
            bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
            row, stride, pixels = 3 * bitmap.width, bitmap.stride, bytes(bitmap.buffer)
            rows = (pixels[at : at + row] for at in range(0, stride * bitmap.height, stride))
            return bitmap.width, bitmap.height, b"".join(rows)
        finally:
            page.close()

    def page(self, number: int) -> pdfium.PdfPage:
        """The page of this number, from 1; whoever asks closes it. Raises PdfiumError."""
        return self._pdf[number - 1]


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_PDF_BYTES:
        message = f"The PDF has {len(data)} bytes; a PDF is read up to {MAX_PDF_BYTES}."
        raise UnreadablePdf(message, code="pdf_too_large")
    if not is_pdf(data):
        raise UnreadablePdf("The file is not a PDF: it does not begin like one.", code="not_pdf")
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        raise UnreadablePdf("The PDF is damaged: its end is missing.")

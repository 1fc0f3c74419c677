"""From the bytes of a PDF to its text. For a worker process: a C library reads what strangers wrote."""

from collections.abc import Sequence

import pypdfium2 as pdfium

from shared.docs.document_text import DocumentText
from shared.docs.pdf.blocks import blocks_of
from shared.docs.pdf.facts import MAX_CHARACTERS, READER, UnreadablePdf
from shared.docs.pdf.file import Pdf
from shared.docs.pdf.headings import find_headings, without_contents
from shared.docs.pdf.layout import Line, body_size, has_leaders, lines_of, not_typewritten, without_running_heads
from shared.docs.pdf.markdown import write
from shared.docs.pdf.pages import Page, read_page
from shared.docs.pdf.scans import NotRead, find_scans
from shared.docs.pdf.slides import are_slides, slide_titles, without_repeats
from shared.docs.problems import shorten

_FEW_LETTERS = 20
"""A page that shows a picture and fewer letters than this is taken for a picture."""
_ENOUGH_LETTERS = 100
"""On a page with so many characters, a third at least are letters or digits, if its fonts are understood."""
_MOST_OF_A_PAGE = 0.5
_WITHOUT_TESSERACT = ". A PDF with text in it can be read, and a scan where tesseract is installed."


def read_pdf(data: bytes, languages: str = "") -> DocumentText:
    """The text of a PDF. Pages that are pictures are read in these `languages` where tesseract knows them.

    Raises UnreadablePdf, whose code and message say why.
    """
    pdf, scans = Pdf(data), None
    lines: list[Line] = []
    heights: list[float] = []
    problems: list[str] = []
    characters = pictures = unread = 0
    for number in range(1, pdf.pages + 1):
        page = _page(pdf, number)
        if page is None:
            unread += 1
            problems.append(f"page {number} cannot be read")
            heights.append(0.0)
            continue
        heights.append(page.height)
        found, shows = lines_of(page), f"page {number} shows a picture and no text"
        letters = sum(line.characters for line in found)
        said = "".join(line.text for line in found).replace(".", "").replace(" ", "")
        if len(said) >= _ENOUGH_LETTERS and sum(map(str.isalnum, said)) < len(said) / 3:
            unread += 1
            problems.append(f"the fonts of page {number} do not say which letters they show")
            continue
        if letters < _FEW_LETTERS and page.pictures > _MOST_OF_A_PAGE and (scans := scans or find_scans(languages)):
            try:
                found = lines_of(scans.read(pdf, page))
            except NotRead as reason:
                shows = f"page {number} is a picture whose words are not read: {reason}"
            letters = sum(line.characters for line in found)
        if letters < _FEW_LETTERS and page.pictures > 0:
            pictures += page.pictures > _MOST_OF_A_PAGE
            problems.append(shows)
        characters += letters
        if characters > MAX_CHARACTERS:
            message = f"The PDF has more than {MAX_CHARACTERS} characters of text; more are not read."
            raise UnreadablePdf(message, code="pdf_too_much_text")
        lines += found
    about_scans = f"; {problems[0]}." if scans and problems else _WITHOUT_TESSERACT
    _refuse_without_text(pdf.pages, characters, pictures, unread, problems, about_scans)
    size = body_size(lines)
    kept = not_typewritten(without_running_heads(lines, heights, size) or lines)
    outline, slides = pdf.outline(), are_slides([pdf.size(number) for number in range(1, pdf.pages + 1)])
    kept = without_repeats(kept, outline) if slides else kept
    told = [line for line in kept if not has_leaders(line)]
    headings = find_headings(told, outline, heights, size, pdf.title, slide_titles(told) if slides else {})
    kept = without_contents(kept, headings)
    written = list(write(blocks_of(kept, headings, size)))
    tops = [one.text for one in headings if one.level == 1]
    return DocumentText(
        text="\n".join(text for text, _ in written) + "\n",
        places=tuple(place for _, place in written),
        pages=pdf.pages,
        title=tops[0] if len(tops) == 1 else pdf.title,
        reader=READER if scans is None else f"{READER}/{scans.reader}",
        ignored=pdf.ignored(data),
        problems=shorten(problems),
    )


def _page(pdf: Pdf, number: int) -> Page | None:
    try:
        return read_page(pdf, number)
    except pdfium.PdfiumError:
        return None


def _refuse_without_text(
    pages: int, characters: int, pictures: int, unread: int, problems: Sequence[str], about_scans: str
) -> None:  # fmt: skip
    """Refuse a PDF whose pages cannot be read, or show pictures instead of text."""
    if unread == pages:
        raise UnreadablePdf(f"Not one page of the PDF can be read: {problems[0]}.")
    if pictures and characters < _FEW_LETTERS * pages and pictures * 2 >= pages:
        message = f"The PDF is a scan: its pages are pictures without text{about_scans}"
        raise UnreadablePdf(message, code="pdf_without_text")
    if not characters:
        reason = "its pages show pictures and no text" if problems else "its pages show nothing that is text"
        raise UnreadablePdf(f"The PDF has no text: {reason}.", code="pdf_without_text" if problems else "pdf_empty")

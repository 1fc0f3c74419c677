"""A page that is printed, turned into a picture and read again by the tesseract of this machine."""

import io
import shutil
import sys
from difflib import SequenceMatcher
from pathlib import Path
from time import monotonic

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from shared.docs.pdf.reader import read_pdf
from tests.unit.docs.printed import HEIGHT, WIDTH, Print, printed

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

_PAGE = Path(__file__).parents[2] / "docs" / "adr" / "0024-worker-processes.md"
_LEAST_RIGHT = 0.97


def _prints(page: Print) -> None:
    page.line("Worker processes", ("Helvetica-Bold", 22.0))
    page.y -= 20
    for paragraph in _PAGE.read_text(encoding="utf-8").split("\n\n")[1:6]:
        page.prose(" ".join(one.strip("*`[]()") for one in paragraph.split() if one.isascii()))


def _scanned(data: bytes) -> bytes:
    image: Image.Image = pypdfium2.PdfDocument(data)[0].render(scale=200 / 72, grayscale=True).to_pil()
    out = io.BytesIO()
    image.rotate(0.3, fillcolor=255).save(out, "JPEG", quality=60)
    return printed(lambda page: page.canvas.drawImage(ImageReader(out), 0, 0, WIDTH, HEIGHT))


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed here")
def test_nearly_all_words_of_a_scan_are_read() -> None:
    printed_page = printed(_prints)
    wanted = read_pdf(printed_page).text
    began = monotonic()
    found = read_pdf(_scanned(printed_page), "eng")
    right = SequenceMatcher(None, wanted.split(), found.text.split(), autojunk=False).ratio()
    sys.stdout.write(f"{found.reader}: {len(wanted.split())} words, {right:.1%} right in {monotonic() - began:.1f} s\n")
    assert found.text.startswith("# Worker processes\n")
    assert right > _LEAST_RIGHT

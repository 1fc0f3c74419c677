"""The words of a page as pdfium sees them, with their places and fonts."""

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from shared.docs.pdf.facts import MAX_PAGE_CHARACTERS, UnreadablePdf
from shared.docs.pdf.file import Pdf

_SCALE = 1000
_FIXED_PITCH, _ITALIC, _FORCE_BOLD = 1, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_LEAST_HEIGHT = 0.05
_MONO = re.compile(
    r"mono|courier|typewriter|consol|menlo|cmtt|cmsltt|cmitt|[el]ctt|lmtt|txtt|andale|terminal|pcrr|\bhack\b|code",
    re.IGNORECASE,
)
_BOLD = re.compile(r"bold|black|heavy|demi|semib|cmbx|cmb\d|cmssbx|sfbx|ecbx|medi\b|-b$|bd$", re.IGNORECASE)
_PLAIN = re.compile(r"roman|regular|italic|^(?:times|helvetica|courier|arial)|^cm(?:r|ss|tt|ti)\d", re.IGNORECASE)
"""Names of fonts that are not bold, whatever the weight that is worked out from the width of their stems."""
_MATH = re.compile(
    r"cmmi|cmsy|cmex|cmmib|cmbsy|msam|msbm|math|eufm|rsfs|stmary|wasy|txsy|txex|rtxmi|rtxsy", re.IGNORECASE
)
_SYMBOLS = re.compile(r"^msam|dingbats|wingdings", re.IGNORECASE)
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_ACCENTS = dict(zip("´¨ˆ˜¸ˇ˘˚˝", "\u0301\u0308\u0302\u0303\u0327\u030c\u0306\u030a\u030b", strict=True))
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([^\\W\\d_])")
"""A letter that is drawn with an accent before it, as TeX does."""
HYPHEN = "\N{SOFT HYPHEN}"
"""Stands for a hyphen at the end of a line, until it is known whether it belongs to the word."""


class Font(NamedTuple):
    """The font of a word, as far as layout needs it."""

    bold: bool = False
    italic: bool = False
    mono: bool = False
    math: bool = False
    symbols: bool = False


class Word(NamedTuple):
    """Characters without white space between, and where they stand: points from the top left corner of the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: Font


@dataclass(frozen=True)
class Page:
    """A page that was read: `pictures` is the share of it that pictures cover."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    pictures: float = 0.0


def read_page(pdf: Pdf, number: int) -> Page:
    """The page of this number, from 1. Raises PdfiumError for one that cannot be read."""
    page = pdf.page(number)
    text = page.get_textpage()
    try:
        shown = _Shown(page)
        words = tuple(_words(text, shown, number))
        pictures = sum(
            _area(thing) for thing in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
        ) / max(1.0, shown.width * shown.height)  # fmt: skip
        return Page(number, shown.width, shown.height, words, pictures)
    finally:
        text.close()
        page.close()


def _area(thing: Any) -> float:
    left, bottom, right, top = thing.get_bounds()
    return float(abs((right - left) * (top - bottom)))


class _Shown:
    """A page as it is shown: turned and cropped, with the origin at the top left."""

    def __init__(self, page: Any) -> None:
        self.width, self.height = page.get_size()
        size = (int(self.width * _SCALE), int(self.height * _SCALE))
        across, down = ctypes.c_int(), ctypes.c_int()

        def point(x: float, y: float) -> tuple[float, float]:
            raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
            return across.value / _SCALE, down.value / _SCALE

        (self.e, self.f), (ax, ay), (bx, by) = point(0, 0), point(100, 0), point(0, 100)
        self.a, self.b, self.c, self.d = (
            (ax - self.e) / 100,
            (ay - self.f) / 100,
            (bx - self.e) / 100,
            (by - self.f) / 100,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page's own space as it is shown."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def direction(self, x: float, y: float) -> tuple[float, float]:
        """A direction likewise."""
        return self.a * x + self.c * y, self.b * x + self.d * y


def _words(text: Any, shown: _Shown, number: int) -> Iterator[Word]:
    """The upright words of a page in the order the file draws them."""
    count = text.count_chars()
    if count > MAX_PAGE_CHARACTERS:
        message = f"Page {number} of the PDF has {count} characters; a page is read up to {MAX_PAGE_CHARACTERS}."
        raise UnreadablePdf(message, code="pdf_too_much_text")
    reading = _Characters(text, shown)
    start, characters = 0, ""
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        character = _character(code)
        if character == HYPHEN and not reading.is_drawn(index):
            character = " "
        if character.isspace() or not character:
            if characters and (word := reading.word(characters, start, index - 1)):
                yield word
            characters = ""
            continue
        if characters and character.isdecimal() and not characters[-1].isdecimal() and reading.is_smaller(index, start):
            if word := reading.word(characters, start, index - 1):
                yield word
            characters = ""
        if not characters:
            start = index
        characters += character
        if character == HYPHEN:
            if word := reading.word(characters, start, index):
                yield word
            characters = ""
    if characters and (word := reading.word(characters, start, count - 1)):
        yield word


def _character(code: int) -> str:
    """A character as text; "" for one that has no picture. pdfium gives the broken-word hyphen as 2 or U+FFFE."""
    if code in (2, 0xFFFE, 0xAD):
        return HYPHEN
    if code in _LIGATURES:
        return _LIGATURES[code]
    character = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\N{REPLACEMENT CHARACTER}"
    return character if character.isprintable() or character.isspace() else ""


class _Characters:
    """Measures words of one page by the characters they begin and end with."""

    def __init__(self, text: Any, shown: _Shown) -> None:
        self._text, self._shown = text, shown
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix, self._box = raw.FS_MATRIX(), raw.FS_RECTF()

    def word(self, characters: str, first: int, last: int) -> Word | None:
        """A word, or None when it is turned, empty or without a place."""
        text, matrix, box = self._text, self._matrix, self._box
        if not raw.FPDFText_GetCharOrigin(text, first, self._x, self._y) or not raw.FPDFText_GetMatrix(
            text, first, matrix
        ):
            return None
        left, baseline = self._shown.point(self._x.value, self._y.value)
        across, down = self._shown.direction(matrix.a, matrix.b)
        if across <= 0 or abs(down) > across / 5 or not raw.FPDFText_GetLooseCharBox(text, last, box):
            return None
        right = max(self._shown.point(x, y)[0] for x, y in ((box.left, box.top), (box.right, box.bottom)))
        size = raw.FPDFText_GetFontSize(text, first) * math.hypot(matrix.c, matrix.d)
        if not (math.isfinite(left + right + baseline + size) and 0 <= left < right and 0.5 <= size < 1000):
            return None
        font = self._font((first + last) // 2)
        if not font.mono:
            characters = _ACCENTED.sub(_with_accent, characters)
        return Word(characters, round(left, 2), round(right, 2), round(baseline, 2), round(size, 1), font)

    def is_smaller(self, index: int, start: int) -> bool:
        """Whether a character is set smaller than another, as the mark of a footnote and an exponent are."""
        text = self._text
        return bool(raw.FPDFText_GetFontSize(text, index) < 0.85 * raw.FPDFText_GetFontSize(text, start))

    def is_drawn(self, index: int) -> bool:
        """Whether a character has height; some fonts call the space a hyphen."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(self._text, index, left, right, bottom, top)
        return top.value - bottom.value > _LEAST_HEIGHT

    def _font(self, index: int) -> Font:
        thing = raw.FPDFText_GetTextObject(self._text, index)
        font = raw.FPDFTextObj_GetFont(thing) if thing else None
        if not font:
            return Font()
        name = ctypes.create_string_buffer(128)
        raw.FPDFFont_GetBaseFontName(font, name, 128)
        return font_of(name.value.decode("utf-8", "replace"), raw.FPDFFont_GetFlags(font), raw.FPDFFont_GetWeight(font))


def _with_accent(found: re.Match[str]) -> str:
    letter = "i" if found[2] == "\N{LATIN SMALL LETTER DOTLESS I}" else found[2]
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[found[1]])
    return whole if len(whole) == 1 else found[0]


@lru_cache(4096)
def font_of(name: str, flags: int, weight: int) -> Font:
    """What the name of a font and its descriptor say of it."""
    name = name.partition("+")[2] or name
    is_math = _MATH.search(name) is not None
    return Font(
        bold=_BOLD.search(name) is not None
        or (weight >= _BOLD_WEIGHT and not _PLAIN.search(name))
        or (flags > 0 and bool(flags & _FORCE_BOLD)),
        italic=(flags > 0 and bool(flags & _ITALIC)) or "ital" in name.lower() or "obli" in name.lower(),
        mono=not is_math and (_MONO.search(name) is not None or (flags > 0 and bool(flags & _FIXED_PITCH))),
        math=is_math,
        symbols=_SYMBOLS.search(name) is not None,
    )

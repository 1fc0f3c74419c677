"""Words of pages that are pictures, by the machine's tesseract. For a worker process: tesseract is behind its walls."""

import os
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from statistics import median

from shared.docs.pdf.facts import UnreadablePdf
from shared.docs.pdf.file import Pdf
from shared.docs.pdf.pages import Font, Page, Word

MAX_SCANNED_PAGES = 200
MAX_SECONDS = 600.0
"""Of processor time for all pages of a PDF."""

_PAGE_SECONDS = 30
_PATIENCE_SECONDS = 50.0
_TOO_LONG = "tesseract takes too long for it"
_DPI = 200
_MOST_PIXELS = 4_000
_LEAST_SURE = 40.0
_LIKE_OTHERS = 1.35
"""Lines that are not this much higher than most are of the same size: a line without high letters is lower."""
_HEADING_STEP = 2.0
_BELOW_BASELINE = 0.2
_LANGUAGES = re.compile(r"[A-Za-z_]{2,20}(?:\+[A-Za-z_]{2,20})*")
_KEPT = ("PATH", "TESSDATA_PREFIX")


class NotRead(Exception):
    """One page has no words: the reason, which may be the load of the machine."""


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass
class Scans:
    """Reads pages with tesseract. `languages` as tesseract names them, such as "eng+deu"."""

    program: str
    version: str
    languages: str
    pages: int = field(default=0, init=False)
    _began: float = field(default_factory=_used, init=False)

    @property
    def reader(self) -> str:
        """What it is called in the reader of a text."""
        return f"tesseract-{self.version}-{self.languages}"

    def read(self, pdf: Pdf, page: Page) -> Page:
        """The page with the words that its picture shows. Raises NotRead, and UnreadablePdf past a limit of all."""
        self.pages += 1
        if self.pages > MAX_SCANNED_PAGES:
            message = f"The PDF has more than {MAX_SCANNED_PAGES} pages that are pictures; more are not read."
            raise UnreadablePdf(message, code="pdf_too_many_pages")
        if _used() - self._began > MAX_SECONDS:
            message = f"To read the pictures of the PDF needs more than {MAX_SECONDS:.0f} s of processor time."
            raise UnreadablePdf(message, code="document_too_complex")
        scale = min(_DPI / 72, _MOST_PIXELS / max(pdf.size(page.number)))
        width, height, pixels = pdf.draw(page.number, scale)
        picture = b"P5 %d %d 255\n" % (width, height) + pixels[1::3]
        options = ["-l", self.languages, "--dpi", str(round(scale * 72)), "tsv"]
        try:
            done = subprocess.run(
                [self.program, "stdin", "stdout", *options], input=picture, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=_environment(), timeout=_PATIENCE_SECONDS, check=False,
                preexec_fn=_bound,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise NotRead(_TOO_LONG) from error
        except OSError as error:
            raise NotRead("tesseract cannot be started") from error
        if done.returncode:
            raise NotRead(_TOO_LONG if done.returncode == -signal.SIGXCPU else "tesseract fails at it")
        words = tuple(_words(done.stdout.decode(errors="replace"), scale))
        return Page(page.number, page.width, page.height, words, page.pictures)


def find_scans(languages: str) -> Scans | None:
    """The tesseract of this machine, if it is there and knows the languages."""
    program = shutil.which("tesseract")
    if not program or not _LANGUAGES.fullmatch(languages):
        return None
    told, known = (_tell(program, option) for option in ("--version", "--list-langs"))
    version = re.match(r"tesseract v?([\w.]+)", told)
    if version is None or not set(languages.split("+")) <= set(known.split()):
        return None
    return Scans(program, version[1], languages)


@cache
def _tell(program: str, option: str) -> str:
    try:
        return subprocess.run(
            [program, option], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=_environment(), timeout=10,
            check=False, text=True, errors="replace",
        ).stdout  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _environment() -> dict[str, str]:
    return {"OMP_THREAD_LIMIT": "1"} | {name: os.environ[name] for name in _KEPT if name in os.environ}


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_PAGE_SECONDS, _PAGE_SECONDS + 1))


def _words(tsv: str, scale: float) -> Iterator[Word]:
    """The words of a table of tesseract: level, page, block, paragraph, line, word, place, how sure it is, text."""
    rows = [row.split("\t", 11) for row in tsv.splitlines()[1:]]
    lines = {tuple(row[1:5]): row for row in rows if len(row) == 12 and row[0] == "4"}
    usual = median([int(row[9]) for row in lines.values()]) if lines else 0
    for row in rows:
        text = row[11].strip() if len(row) == 12 and row[0] == "5" else ""
        if not text or float(row[10]) < _LEAST_SURE or (line := lines.get(tuple(row[1:5]))) is None:
            continue
        left, width, top, high = int(row[6]), int(row[8]), int(line[7]), int(line[9])
        is_larger = high > _LIKE_OTHERS * usual
        points = high / scale
        size = round(points / _HEADING_STEP) * _HEADING_STEP if is_larger else round(usual / scale, 1)
        baseline = (top + high) / scale - _BELOW_BASELINE * points
        yield Word(text, round(left / scale, 2), round((left + width) / scale, 2), round(baseline, 2), size, Font())

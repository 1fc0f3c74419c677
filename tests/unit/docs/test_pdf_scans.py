"""Pages that are pictures, and a program in the place of tesseract: what becomes of its words, and what bounds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.docs.pdf import scans
from shared.docs.pdf.facts import READER, UnreadablePdf
from shared.docs.pdf.reader import read_pdf
from tests.unit.docs.printed import Print, printed

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def table(*lines: tuple[int, int, str]) -> str:
    """Lines with their top and height, as tesseract tells them."""
    rows = []
    for number, (top, height, text) in enumerate(lines, 1):
        rows.append(f"4\t1\t1\t1\t{number}\t0\t200\t{top}\t900\t{height}\t-1\t")
        rows += [
            f"5\t1\t1\t1\t{number}\t{at + 1}\t{200 + 120 * at}\t{top}\t110\t{height}\t95.5\t{word}"
            for at, word in enumerate(text.split())
        ]
    rows.append("5\t1\t1\t1\t1\t9\t200\t900\t50\t20\t12.5\tguessed")
    return HEAD + "\n".join(rows) + "\n"


PAGE = table(
    (200, 52, "Kettles"), (320, 26, "A kettle heats water"), (352, 26, "on a ring until"), (384, 27, "it sings.")
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    scans._tell.cache_clear()
    yield tmp_path
    scans._tell.cache_clear()


def install(folder: Path, does: str) -> None:
    (folder / "page.tsv").write_text(PAGE, encoding="utf-8")
    program = folder / "tesseract"
    program.write_text(
        "#!/bin/sh\ncase $1 in\n--version) echo tesseract 5.9.9;;\n--list-langs) printf 'List\\neng\\n';;\n"
        f"*) {does};;\nesac\n",
        encoding="ascii",
    )
    program.chmod(0o755)


def picture(pages: int = 1) -> bytes:
    def draw(page: Print) -> None:
        for _ in range(pages):
            page.picture()
            page.turn()

    return printed(draw)


def test_words_of_a_picture_become_a_text_with_a_heading_and_places(folder: Path) -> None:
    install(folder, f"cat > {folder}/sent; cat {folder}/page.tsv")
    found = read_pdf(picture(), "eng")
    assert found.text.splitlines() == ["# Kettles", "", "A kettle heats water", "on a ring until", "it sings."]
    assert found.reader == f"{READER}/tesseract-5.9.9-eng"
    assert found.problems == ()
    assert (found.places[2].page, round(found.places[2].left)) == (1, 72)
    assert (folder / "sent").read_bytes()[:16] == b"P5 1654 2339 255"


@pytest.mark.parametrize("languages", ["", "deu", "eng+deu", "eng --psm 0", "../eng"])
def test_a_scan_in_a_language_that_is_not_known_is_refused(folder: Path, languages: str) -> None:
    install(folder, f"cat {folder}/page.tsv")
    with pytest.raises(UnreadablePdf, match="where tesseract is installed") as refused:
        read_pdf(picture(), languages)
    assert refused.value.code == "pdf_without_text"


@pytest.mark.parametrize("does", ["exit 1", "cat /dev/null", "kill -9 $$", "printf 'level\\n5\\tx\\n'"])
def test_a_page_that_tesseract_does_not_read_is_a_picture(folder: Path, does: str) -> None:
    install(folder, does)
    with pytest.raises(UnreadablePdf) as refused:
        read_pdf(picture(), "eng")
    assert refused.value.code == "pdf_without_text"


def test_pages_and_time_have_an_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(folder, f"cat {folder}/page.tsv")
    monkeypatch.setattr(scans, "MAX_SCANNED_PAGES", 1)
    with pytest.raises(UnreadablePdf, match="more than 1 pages that are pictures"):
        read_pdf(picture(2), "eng")
    monkeypatch.setattr(scans, "MAX_SECONDS", -1.0)
    with pytest.raises(UnreadablePdf, match="processor time"):
        read_pdf(picture(), "eng")
    monkeypatch.setattr(scans, "MAX_SECONDS", 600.0)
    monkeypatch.setattr(scans, "_PATIENCE_SECONDS", 0.2)
    install(folder, "exec sleep 20")
    with pytest.raises(UnreadablePdf, match="page 1 is a picture whose words are not read: tesseract takes too long"):
        read_pdf(picture(), "eng")


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("exec sleep 20", "takes too long"),
        ("while :; do :; done", "takes too long"),
        ("exit 1", "fails at it"),
    ],
)
def test_a_page_that_is_not_read_is_named_beside_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, does: str, why: str
) -> None:
    monkeypatch.setattr(scans, "_PATIENCE_SECONDS", 2.0 if "sleep" in does else 20.0)
    monkeypatch.setattr(scans, "_PAGE_SECONDS", 1)
    install(folder, f"[ -e {folder}/second ] && {{ {does}; }}; touch {folder}/second; cat {folder}/page.tsv")
    found = read_pdf(picture(2), "eng")
    assert "A kettle heats water" in found.text
    (problem,) = found.problems
    assert problem.startswith(f"page 2 is a picture whose words are not read: tesseract {why}")


def test_a_page_with_text_is_not_looked_at_again(folder: Path) -> None:
    install(folder, f"touch {folder}/asked")

    def draw(page: Print) -> None:
        page.picture()
        page.prose("A page with a picture behind a few plain words that anybody can read.")

    assert read_pdf(printed(draw), "eng").reader == READER
    assert not (folder / "asked").exists()

"""Pictures of cited pages: they show the page, and the boxes hold the cited lines."""

import io
from typing import Any

from PIL import Image
from reportlab.lib.utils import ImageReader

from shared.docs.listing import LinePlaces
from shared.docs.pdf.cited import MAX_PICTURE_BYTES, MAX_PICTURES_BYTES, CitedPages, PageBox
from shared.docs.pdf.pictures import show_cited
from shared.docs.pdf.reader import read_pdf
from tests.unit.docs.printed import HEIGHT, WIDTH, Print, printed


def show(data: bytes, *words: str, most_bytes: int = MAX_PICTURES_BYTES) -> CitedPages:
    """The lines from the one with the first word to the one with the last."""
    read = read_pdf(data)
    lines = read.text.splitlines()
    at = [next(number for number, line in enumerate(lines, 1) if word in line) for word in words]
    return show_cited(data, LinePlaces(read.places).model_dump_json().encode(), [(at[0], at[-1])], most_bytes)


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def two_pages(page: Print) -> None:
    page.prose("Alpha begins the first page.")
    page.prose("Bravo comes next.")
    page.y -= 200
    page.prose("Charlie stands far below.")
    page.canvas.showPage()
    page.y = HEIGHT - 80
    page.prose("Delta is on the second page.")


def dark(image: Image.Image, box: PageBox) -> bool:
    """Whether something is printed in the box."""
    shares = zip(box[1:], (image.width, image.height) * 2, strict=True)
    return bool(image.convert("L").crop(tuple(round(edge * size) for edge, size in shares)).getextrema()[0] < 100)  # type: ignore[arg-type,operator]


def test_a_box_holds_the_line_and_nothing_else() -> None:
    shown = show(printed(two_pages), "Charlie")
    [[box]] = shown.boxes
    assert (box.page, list(shown.pictures)) == (1, [1])
    image = picture(shown.pictures[1])
    assert abs(image.width / image.height - WIDTH / HEIGHT) < 0.01
    assert dark(image, box)
    above = box._replace(top=2 * box.top - box.bottom - 0.02, bottom=box.top - 0.01)
    assert not dark(image, above)


def test_lines_below_each_other_have_one_box_and_each_page_its_own() -> None:
    [boxes] = show(printed(two_pages), "Alpha", "Delta").boxes
    assert [box.page for box in boxes] == [1, 1, 2], "two paragraphs, one far below, and the next page"


def test_a_turned_page_is_shown_as_people_see_it() -> None:
    def draw(page: Print) -> None:
        page.canvas.setPageRotation(90)
        page.canvas.rotate(90)
        page.canvas.translate(0, -WIDTH)
        page.y = WIDTH - 80
        page.prose("Echo stands upright.")

    shown = show(printed(draw), "Echo")
    [[box]] = shown.boxes
    assert (box.top < 0.2, box.left < 0.2, dark(picture(shown.pictures[1]), box)) == (True, True, True)


def test_a_page_is_gray_or_coloured_and_drawn_as_fine_as_fits() -> None:
    noise = Image.effect_noise((600, 600), 90).convert("RGB")

    def draw(page: Print) -> None:
        page.prose("Foxtrot is said beside a picture.")
        page.canvas.drawImage(ImageReader(noise), 72, 100, 450, 450)

    def red(page: Print) -> None:
        page.canvas.setFillColorRGB(1, 0, 0)
        page.prose("Golf is red.")

    shown = show(printed(draw), "Foxtrot")
    small = picture(shown.pictures[1])
    plain, coloured = (
        picture(show(printed(make), word).pictures[1]) for make, word in ((two_pages, "Alpha"), (red, "Golf"))
    )
    assert len(shown.pictures[1]) <= MAX_PICTURE_BYTES
    assert small.width < plain.width
    assert (plain.mode, coloured.mode) == ("L", "RGB")
    few = len(shown.pictures[1]) - 1
    assert not show(printed(draw), "Foxtrot", most_bytes=few).pictures, "all pages together are bounded"


def test_a_poster_has_a_small_picture() -> None:
    def draw(page: Any) -> None:
        page.canvas.setPageSize((14_000, 9_000))
        page.y = 8_000
        page.prose("Hotel is on a poster.", font=("Times-Roman", 90.0), right=12_000)

    shown = show(printed(draw), "Hotel")
    assert max(picture(shown.pictures[1]).size) <= 1_601

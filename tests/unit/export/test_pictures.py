import pytest

from shared.course.export.pictures import measure_picture, safe_pictures
from shared.course.export.svg import sanitise_svg
from tests.support.course_sources import PICTURES, PNG_NAME, SVG_NAME

_NAME = "assets/" + "0" * 64
_OPEN = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def _clean(inner: bytes) -> str:
    cleaned = sanitise_svg(_OPEN + inner + b"</svg>")
    assert cleaned is not None
    return cleaned.decode()


def test_what_draws_stays() -> None:
    cleaned = _clean(b'<g fill="none"><path d="M0 0h4" stroke-width="2"/></g><text x="1">a &lt; b</text>')
    assert '<path d="M0 0h4" stroke-width="2"></path>' in cleaned
    assert "a &lt; b" in cleaned


@pytest.mark.parametrize(
    "hostile",
    [
        b"<script>alert(1)</script>",
        b'<path d="M0 0" onload="alert(1)"/>',
        b"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>alert(1)</body></foreignObject>",
        b'<image href="https://evil.test/alert.png"/>',
        b'<use xlink:href="data:image/svg+xml;base64,alert"/>',
        b'<image href="data:image/svg+xml;base64,alert"/>',
        b'<a href="javascript:alert(1)"><text>x</text></a>',
        b'<animate attributeName="href" values="javascript:alert(1)"/>',
        b'<set attributeName="onload" to="alert(1)"/>',
        b"<style>@import 'https://evil.test/alert.css';</style>",
        b"<style>*{background:url(https://evil.test/alert)}</style>",
        b'<rect style="fill:url(https://evil.test/alert)"/>',
        b'<rect style="fill:u\\72l(https://evil.test/alert)"/>',
        b'<rect fill="url(//evil.test/alert)"/>',
        b"<iframe srcdoc='alert'/>",
    ],
)
def test_what_loads_or_runs_goes(hostile: bytes) -> None:
    cleaned = _clean(b"<g>" + hostile + b"</g>")
    assert "alert" not in cleaned
    assert "evil" not in cleaned


def test_a_gradient_may_be_named_by_its_fragment() -> None:
    cleaned = _clean(b'<rect fill="url(#g)"/><use xlink:href="#s"/>')
    assert 'fill="url(#g)"' in cleaned
    assert 'xlink:href="#s"' in cleaned


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html><svg/></html>",
        b"not xml",
        b"",
        b"<svg><g></svg>",
    ],
)
def test_what_is_no_readable_svg_does_not_travel(data: bytes) -> None:
    assert sanitise_svg(data) is None


def test_a_deep_nest_is_cut() -> None:
    nested = b"<g>" * 2_000 + b'<rect id="deep"/>' + b"</g>" * 2_000
    assert "deep" not in _clean(nested)


def test_a_page_that_calls_itself_a_picture_does_not_travel() -> None:
    pictures = {f"{_NAME}.png": b"<html>", f"{_NAME}.gif": b"GIF89a..", "assets/../x.png": b"\x89PNG\r\n\x1a\n"}
    assert list(safe_pictures(pictures)) == [f"{_NAME}.gif"]


def test_a_picture_travels_whatever_kind_its_name_says_it_is() -> None:
    photograph = {f"{_NAME}.png": b"\xff\xd8\xff\xe0\x00\x00"}
    assert safe_pictures(photograph) == photograph
    assert safe_pictures({f"{_NAME}.svg": b"\x89PNG\r\n\x1a\n", f"{_NAME}.png": b"<svg></svg>"}) == {}


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        (PNG_NAME, PICTURES[PNG_NAME], (1, 1)),
        (SVG_NAME, PICTURES[SVG_NAME], (320, 96)),
        (f"{_NAME}.svg", _OPEN[:-1] + b' viewBox="0 0 600.4 170.6"></svg>', (600, 171)),
        (f"{_NAME}.svg", _OPEN[:-1] + b' viewBox="-4,-4,24,8" width="100%"></svg>', (24, 8)),
        (f"{_NAME}.svg", _OPEN[:-1] + b' width="350pt" height="152pt"></svg>', (467, 203)),
        (f"{_NAME}.svg", _OPEN + b"</svg>", None),
        (f"{_NAME}.svg", _OPEN[:-1] + b' viewBox="0 0 wide"></svg>', None),
        (f"{_NAME}.gif", b"GIF89a" + (640).to_bytes(2, "little") + (400).to_bytes(2, "little"), (640, 400)),
        (f"{_NAME}.gif", b"GIF89a", None),
        (f"{_NAME}.jpg", b"\xff\xd8\xff\xe0\x00\x00", None),
        (f"{_NAME}.ico", b"\x00\x00\x01\x00", None),
    ],
)
def test_a_picture_says_how_large_it_is(name: str, data: bytes, size: tuple[int, int] | None) -> None:
    safe = safe_pictures({name: data})
    assert measure_picture(name, safe[name]) == size

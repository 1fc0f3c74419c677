"""The concepts of a course as a picture: a band for each module in its order, arrows from what a concept builds on."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from markupsafe import Markup

from shared.course.model import ConceptEntry, Course

_WIDTH, _PHONE, _MARGIN, _GAP = 960, 350, 20, 16
_HEIGHT, _ROW, _LABEL = 30, 62, 30
_LETTER, _WIDE_LETTER, _PAD = 7.9, 13.5, 22
_GOLDEN = 0.618  # of which multiples lie far from one another
_LONGEST = 30
_MOST_DRAWN, _MOST_KNOWN = 30, 4


@dataclass(frozen=True)
class Band:
    """The concepts that one module introduces; `title` and `href` are empty for those that no module teaches."""

    title: str
    href: str
    concepts: tuple[ConceptEntry, ...]


@dataclass(frozen=True)
class _Box:
    """Where a concept stands."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def list_bands(course: Course, order: Sequence[str], hrefs: Mapping[str, str]) -> list[Band]:
    """The concepts by module, modules in `order`, each concept behind those of its module that it builds on."""
    titles = {module.id: module.title for module in course.modules}
    homes: dict[str, list[ConceptEntry]] = {}
    for concept in course.concepts:
        module_id = concept.module_id or ""
        homes.setdefault(module_id if module_id in hrefs else "", []).append(concept)
    found = [Band(titles[one], hrefs[one], _layer(homes[one])) for one in order if one in homes]
    return [*found, *([Band("", "", _layer(homes[""]))] if "" in homes else [])]


def own_gloss(concept: ConceptEntry) -> str:
    """The sentence that says what the concept is, without the name that it begins with; "" where the gloss does not say
    what the concept is.
    """
    gloss = concept.gloss if concept.is_defined else ""
    return gloss.removeprefix(f"{concept.name}: ").removeprefix(f"{concept.name} - ")


def list_known(course: Course) -> dict[str, list[ConceptEntry]]:
    """For each module, by its id, the concepts with a gloss that its own build on and earlier modules tell of, the most
    needed first.
    """
    orders = {one.id: one.order for one in course.modules}
    told = {one.id: one for one in course.concepts if own_gloss(one) and one.module_id in orders}
    needs: dict[str, Counter[str]] = {}
    for concept in course.concepts:
        needs.setdefault(concept.module_id or "", Counter()).update(one for one in concept.prerequisites if one in told)
    return {
        module.id: [
            told[one]
            for one, _ in needs.get(module.id, Counter()).most_common()
            if orders[told[one].module_id or ""] < module.order
        ][:_MOST_KNOWN]
        for module in course.modules
    }


def choose_weightiest(bands: Sequence[Band]) -> list[Band]:
    """The bands with the concepts that have the most arrows, so that a picture of a large course can be read."""
    every = [concept for band in bands for concept in band.concepts]
    arrows: Counter[str] = Counter(one.id for one in every for _ in one.prerequisites)
    arrows.update(before for one in every for before in one.prerequisites)
    drawn = {one.id for one in sorted(every, key=lambda one: -arrows[one.id])[:_MOST_DRAWN]}
    kept = [replace(band, concepts=tuple(one for one in band.concepts if one.id in drawn)) for band in bands]
    return [band for band in kept if band.concepts]


def choose_around(bands: Sequence[Band], href: str) -> list[Band]:
    """The concepts of one module whole, and of the others those that an arrow joins to them; nothing without arrows."""
    home = [one for band in bands if band.href == href for one in band.concepts]
    before = {need for one in home for need in one.prerequisites}
    ids = {one.id for one in home}
    near = [
        replace(band, concepts=tuple(c for c in band.concepts if {c.id} & (ids | before) or ids & set(c.prerequisites)))
        for band in bands
    ]
    kept = [band for band in near if band.concepts]
    drawn = {one.id for band in kept for one in band.concepts}
    has_arrows = any(drawn & set(one.prerequisites) for band in kept for one in band.concepts)
    return kept if has_arrows and home else []


def _layer(concepts: Sequence[ConceptEntry]) -> tuple[ConceptEntry, ...]:
    """Concepts without a prerequisite among them first, then those that need only these, and so on."""
    levels: dict[str, int] = {}
    waiting = list(concepts)
    for _ in concepts:
        inside = {one.id for one in waiting}
        free = [one for one in waiting if not inside & set(one.prerequisites)] or waiting
        level = len(set(levels.values()))
        levels |= {one.id: level for one in free}
        waiting = [one for one in waiting if one.id not in levels]
    return tuple(sorted(concepts, key=lambda one: (levels[one.id], one.name.casefold(), one.id)))


def draw_map(bands: Sequence[Band], width: int = _WIDTH, root: str = "") -> Markup:
    """An SVG without any style of its own, and a narrow one for phones. Both are hidden from screen readers: the page
    lists the same as text.
    """
    return Markup("\n").join([_draw(bands, width, root, "for-desks"), _draw(bands, _PHONE, root, "for-phones")])


def _draw(bands: Sequence[Band], width: int, root: str, screen: str) -> Markup:
    boxes, parts, bottom = _place(bands, width, root)
    grounds, titles = zip(*parts, strict=True) if parts else ((), ())
    edges = [
        _edge(boxes[before], boxes[concept.id], before, concept.id, screen)
        for band in bands
        for concept in band.concepts
        for before in concept.prerequisites
        if before in boxes
    ]
    drawn = [_box(boxes[concept.id], concept, root) for band in bands for concept in band.concepts]
    head = f'<svg class="concept-map {screen}" viewBox="0 0 {width} {bottom:.0f}" aria-hidden="true" focusable="false">'
    arrow = (
        f'<defs><marker id="arrow-{screen}" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="map-head" d="M0 0 8 4 0 8Z"></path></marker></defs>'
    )
    return Markup("\n".join([head, arrow, *grounds, *edges, *titles, *drawn, "</svg>"]))  # noqa: S704 - each text in it is escaped


def _place(bands: Sequence[Band], width: int, root: str) -> tuple[dict[str, _Box], list[tuple[str, str]], float]:
    """The boxes by concept id, the bands behind them with their titles, and the height of the whole."""
    boxes: dict[str, _Box] = {}
    parts = []
    y, turn = 8.0, 0.0
    for band in bands:
        top = y
        y += _LABEL + 12
        rows = _fill_rows(band.concepts, width)
        for row in rows:
            turn = (turn + _GOLDEN) % 1
            boxes |= _spread(row, y, width, turn)
            y += _ROW if row is not rows[-1] else _HEIGHT + 14
        parts.append(_band(band, top, y - top, width, root))
        y += 14
    return boxes, parts, y


_Row = list[tuple[str, float]]


def _fill_rows(concepts: Sequence[ConceptEntry], room: int) -> list[_Row]:
    """Ids with the widths of their boxes, as many in a row as it has room for."""
    rows: list[_Row] = [[]]
    for concept in concepts:
        width = _measure(_short(concept.name)) + _PAD
        if rows[-1] and sum(wide + _GAP for _, wide in rows[-1]) + width > room - 2 * _MARGIN:
            rows.append([])
        rows[-1].append((concept.id, width))
    return rows


def _spread(row: _Row, y: float, room: int, turn: float) -> dict[str, _Box]:
    """The boxes of a row over its whole width, moved by its turn (0 to 1): arrows to and from it, and past it, do not
    lie on one another.
    """
    free = room - 2 * _MARGIN - sum(width for _, width in row)
    gap = free / (len(row) + 1)
    boxes, x = {}, _MARGIN + 2 * gap * turn
    for name, width in row:
        boxes[name] = _Box(x, y, width)
        x += width + gap
    return boxes


def _band(band: Band, top: float, height: float, width: int, root: str) -> tuple[str, str]:
    title = escape(_short(band.title, width // 11) or "Not taught in a module")
    text = f'<text class="map-title" x="{_MARGIN}" y="{top + 22:.1f}">{title}</text>'
    link = f'<a href="{escape(root + band.href)}" tabindex="-1">{text}</a>' if band.href else text
    box = f'<rect class="map-band" x="2" y="{top:.1f}" width="{width - 4}" height="{height:.1f}" rx="8"></rect>'
    return box, link


def _box(box: _Box, concept: ConceptEntry, root: str) -> str:
    told = escape(f"{concept.name}: {own_gloss(concept)}" if own_gloss(concept) else concept.name)
    return (
        f'<a href="{root}glossary.html#concept-{escape(concept.id)}" tabindex="-1" class="map-concept" '
        f'data-concept="{escape(concept.id)}"><title>{told}</title>'
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{_HEIGHT}" rx="6"></rect>'
        f'<text x="{box.middle:.1f}" y="{box.y + 20:.1f}">{escape(_short(concept.name))}</text></a>'
    )


def _edge(start: _Box, end: _Box, before: str, after: str, screen: str) -> str:
    if start.y == end.y:
        # Neighbours of a row: an arc above them, from the left one to the right one.
        rise = min(24, 10 + abs(end.middle - start.middle) / 12)
        path = f"M{start.middle:.1f} {start.y:.1f}C{start.middle:.1f} {start.y - rise:.1f} "
        path += f"{end.middle:.1f} {end.y - rise:.1f} {end.middle:.1f} {end.y:.1f}"
    else:
        from_y, to_y = (start.y + _HEIGHT, end.y) if start.y < end.y else (start.y, end.y + _HEIGHT)
        bend = (to_y - from_y) / 2
        path = f"M{start.middle:.1f} {from_y:.1f}C{start.middle:.1f} {from_y + bend:.1f} "
        path += f"{end.middle:.1f} {to_y - bend:.1f} {end.middle:.1f} {to_y:.1f}"
    names = f'data-before="{escape(before)}" data-after="{escape(after)}"'
    return f'<path class="map-edge" {names} d="{path}" marker-end="url(#arrow-{screen})"></path>'


def _short(name: str, most: int = _LONGEST) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _measure(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return wide * _WIDE_LETTER + (len(text) - wide) * _LETTER

"""Mermaid as a drawing: laid out when the course is made, coloured by the style sheet of a page, for both themes."""

import json
import re
import xml.etree.ElementTree as ET
from html import escape, unescape

_SVG = "{http://www.w3.org/2000/svg}"
# The kinds that the style sheet has colours for, by the renderer's names.
_KINDS = {
    "flowchart-v2": "Flowchart",
    "sequence": "Sequence diagram",
    "classDiagram": "Class diagram",
    "stateDiagram": "State diagram",
    "er": "Entity relationship diagram",
    "pie": "Pie chart",
}
# Labels as text of the drawing instead of HTML within it, and bounds for a source that a stranger wrote.
_SITE = {"theme": "default", "look": "classic", "htmlLabels": False, "flowchart": {"htmlLabels": False}}
# Words are drawn at 15 pixels, and shown at 13.
_SCALE = 13 / 15
_KEPT = frozenset(
    {"class", "d", "points", "transform", "viewBox", "preserveAspectRatio", "text-anchor", "dominant-baseline"}
)
_MARKER = frozenset(
    {"orient", "refX", "refY", "markerWidth", "markerHeight", "markerUnits", "marker-start", "marker-end"}
)
_MEASURES = frozenset({"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"})
DRAWN_ATTRIBUTES = {"id", "role", "aria-label", *_KEPT, *_MARKER, *_MEASURES}
DRAWN_ELEMENTS = {
    "svg", "g", "defs", "marker", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
}  # fmt: skip
_SIZED = frozenset({"svg", "rect"})
_REFERENCE = re.compile(r"url\(#([\w.-]+)\)")
_LEFT = re.compile(r"(?<=translate\()-[\d.]+")
_DECIMALS = re.compile(r"(\.\d\d)\d+")


def draw_diagram(source: str, name: str) -> tuple[str, str] | None:
    """The kind of the diagram and its SVG; None where the source is not one that can be drawn.

    `name` is unique on the page: arrow heads are found by it.
    """
    try:
        import merman
    except ImportError:  # a system that the renderer is not made for
        return None
    options = {
        "site_config": _SITE,
        "svg": {"pipeline": "resvg-safe", "diagram_id": name},
        "resources": {"profile": "constrained"},
    }
    try:
        drawn = merman.Merman().render_svg(source, json.dumps(options))
        root = ET.fromstring(drawn)  # noqa: S314 - the renderer wrote it, and it is bounded
    except (merman.MermanError, merman.merman_uniffi.InternalError, ET.ParseError):
        return None
    kind = _KINDS.get(root.get("aria-roledescription", ""))
    measures = root.get("viewBox", "").split()[2:]
    if kind is None or not measures:
        return None
    width, height = (float(number) * _SCALE for number in measures)
    used = {found for node in root.iter() for value in node.attrib.values() for found in _REFERENCE.findall(value)}
    _centre(root)
    root.attrib = {"class": root.get("aria-roledescription", ""), "viewBox": root.get("viewBox", "")}
    root.attrib |= {"width": f"{width:.0f}", "height": f"{height:.0f}", "role": "img", "aria-label": kind}
    return kind, _element(root, used)


def _centre(root: ET.Element) -> None:
    """Words stand in the middle of their box and of their line, in a font of another width than the renderer's too."""
    for group in root.iter(f"{_SVG}g"):
        kind = group.get("class", "").split()
        for label in group if "node" in kind else ():
            if label.get("class") in ("label", "label noteLabel"):
                label.attrib |= {"class": "middle", "transform": _LEFT.sub("0", label.get("transform", ""))}
        for label in group.findall(f"{_SVG}g") if "edgeLabel" in kind else ():
            ground = label.find(f"{_SVG}g/{_SVG}rect")
            if ground is not None and label.find(f"{_SVG}g/{_SVG}text") is not None:
                label.set("transform", _LEFT.sub("0", label.get("transform", "")))
                ground.set("x", str(-float(ground.get("width", "0")) / 2))


def _element(node: ET.Element, used: set[str]) -> str:
    """The element with what draws; marks that no line ends in are left out, as are colours, fonts, names and links."""
    tag = node.tag.removeprefix(_SVG)
    tag = "g" if tag == "a" else tag
    if tag not in DRAWN_ELEMENTS or (tag == "marker" and node.get("id") not in used):
        return ""
    # Some words come escaped twice.
    inner = escape(unescape(node.text or ""), quote=False)
    inner += "".join(_element(child, used) + escape(unescape(child.tail or ""), quote=False) for child in node)
    if tag in ("g", "defs") and not inner.strip():
        return ""
    kept = DRAWN_ATTRIBUTES - (set() if tag == "marker" else {"id"}) - (set() if tag in _SIZED else {"width", "height"})
    attributes = ((key, _DECIMALS.sub(r"\1", value)) for key, value in node.attrib.items() if key in kept)
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes)
    return f"<{tag}{written}>{inner}</{tag}>"

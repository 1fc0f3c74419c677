"""SVG made harmless by an allow list: what draws stays, what loads, runs or animates goes."""

import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ELEMENTS = re.compile(
    r"svg|g|defs|title|desc|symbol|use|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath|"
    r"marker|linearGradient|radialGradient|stop|pattern|clipPath|mask|image|style|switch|filter|feBlend|"
    r"feColorMatrix|feComponentTransfer|feComposite|feConvolveMatrix|feDiffuseLighting|feDisplacementMap|"
    r"feDistantLight|feDropShadow|feFlood|feFuncA|feFuncB|feFuncG|feFuncR|feGaussianBlur|feMerge|feMergeNode|"
    r"feMorphology|feOffset|fePointLight|feSpecularLighting|feSpotLight|feTile|feTurbulence"
)
_ATTRIBUTES = re.compile(
    r"id|class|style|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|fx|fy|dx|dy|d|points|width|height|viewBox|"
    r"preserveAspectRatio|version|transform|gradientTransform|gradientUnits|patternTransform|patternUnits|"
    r"patternContentUnits|spreadMethod|offset|clipPathUnits|maskUnits|maskContentUnits|markerWidth|"
    r"markerHeight|markerUnits|refX|refY|orient|rotate|pathLength|fill|fill-opacity|fill-rule|stroke|"
    r"stroke-width|stroke-opacity|stroke-linecap|stroke-linejoin|stroke-miterlimit|stroke-dasharray|"
    r"stroke-dashoffset|opacity|color|display|visibility|overflow|clip-path|clip-rule|mask|filter|marker|"
    r"marker-start|marker-mid|marker-end|stop-color|stop-opacity|font|font-family|font-size|font-style|"
    r"font-weight|font-variant|text-anchor|text-decoration|dominant-baseline|alignment-baseline|"
    r"baseline-shift|letter-spacing|word-spacing|writing-mode|textLength|lengthAdjust|startOffset|paint-order|"
    r"vector-effect|shape-rendering|text-rendering|image-rendering|color-interpolation-filters|flood-color|"
    r"flood-opacity|lighting-color|in|in2|result|stdDeviation|mode|type|values|operator|k1|k2|k3|k4|scale|"
    r"radius|order|kernelMatrix|divisor|bias|edgeMode|baseFrequency|numOctaves|seed|stitchTiles|surfaceScale|"
    r"diffuseConstant|specularConstant|specularExponent|azimuth|elevation|tableValues|slope|intercept|"
    r"amplitude|exponent|filterUnits|primitiveUnits|xChannelSelector|yChannelSelector|role|aria-label|"
    r"aria-labelledby|aria-describedby|aria-hidden|lang"
)
_RASTER_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_URL = re.compile(r"url\(\s*(?!['\"]?#)", re.IGNORECASE)
_MAX_DEPTH = 100


def sanitise_svg(data: bytes) -> bytes | None:
    """An SVG of known drawing elements and attributes only, or None if it is no readable SVG.

    No script, handler, foreign content, animation, entity, or reference to anything outside the file survives.
    """
    if b"<!entity" in data.lower() or b"\x00" in data:
        return None
    try:
        # Entities are refused above, and the parser itself bounds what a document may grow to.
        root = ET.fromstring(data)  # noqa: S314
    except (ET.ParseError, ValueError, LookupError):
        return None
    if _local(root.tag) != "svg":
        return None
    return f"{_element(root)}\n".encode()


def _local(tag: object) -> str:
    """The element's name if it is one of SVG (or of no namespace, which some tools forget), else ""."""
    name = str(tag)
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return local if namespace == _SVG else ""
    return name


def _element(node: ET.Element, depth: int = 0) -> str:
    name = _local(node.tag)
    if depth > _MAX_DEPTH or not _ELEMENTS.fullmatch(name) or (name == "style" and not _is_calm_css(node.text or "")):
        return ""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in _attributes(name, node))
    spaces = f' xmlns="{_SVG}" xmlns:xlink="{_XLINK}"' if not depth else ""
    inner = escape(node.text or "") + "".join(_element(child, depth + 1) + escape(child.tail or "") for child in node)
    return f"<{name}{spaces}{attributes}>{inner}</{name}>"


def _attributes(element: str, node: ET.Element) -> list[tuple[str, str]]:
    kept = []
    for key, value in node.attrib.items():
        if key in ("href", f"{{{_XLINK}}}href"):
            is_own = value.startswith("#") or (element == "image" and _RASTER_DATA.fullmatch(value) is not None)
            if is_own:
                kept.append(("xlink:href", value))
        elif _ATTRIBUTES.fullmatch(key) and _is_calm_css(value):
            kept.append((key, value))
    return sorted(kept)


def _is_calm_css(text: str) -> bool:
    """True if nothing in the text can load or run anything; escapes are refused because they hide both."""
    lowered = text.lower()
    return not (
        _URL.search(text)
        or "\\" in text
        or "@import" in lowered
        or "javascript:" in lowered
        or "expression(" in lowered
        or "image-set" in lowered
    )

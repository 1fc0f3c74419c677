"""Which pictures travel with a course, and SVG made harmless by an allow list."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

_NAME = re.compile(r"assets/[0-9a-f]{64}\.(png|jpe?g|gif|webp|avif|bmp|ico|svg)")
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"

# What a file of each kind begins with: a page that calls itself a picture does not travel.
_MAGIC = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "avif": (b"\x00\x00\x00",),
    "bmp": (b"BM",),
    "ico": (b"\x00\x00\x01\x00",),
}

_ELEMENTS = frozenset(
    "svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan textPath marker "
    "linearGradient radialGradient stop pattern clipPath mask image style switch filter feBlend feColorMatrix "
    "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow "
    "feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight "
    "feSpecularLighting feSpotLight feTile feTurbulence".split()
)
_ATTRIBUTES = frozenset(
    "id class style x y x1 x2 y1 y2 cx cy r rx ry fx fy dx dy d points width height viewBox preserveAspectRatio version "
    "transform gradientTransform gradientUnits patternTransform patternUnits patternContentUnits spreadMethod offset "
    "clipPathUnits maskUnits maskContentUnits markerWidth markerHeight markerUnits refX refY orient rotate pathLength "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit "
    "stroke-dasharray stroke-dashoffset opacity color display visibility overflow clip-path clip-rule mask filter "
    "marker marker-start marker-mid marker-end stop-color stop-opacity font font-family font-size font-style "
    "font-weight font-variant text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift "
    "letter-spacing word-spacing writing-mode textLength lengthAdjust startOffset paint-order vector-effect "
    "shape-rendering text-rendering image-rendering color-interpolation-filters flood-color flood-opacity "
    "lighting-color in in2 result stdDeviation mode type values operator k1 k2 k3 k4 scale radius order kernelMatrix "
    "divisor bias edgeMode baseFrequency numOctaves seed stitchTiles surfaceScale diffuseConstant specularConstant "
    "specularExponent azimuth elevation tableValues slope intercept amplitude exponent filterUnits primitiveUnits "
    "xChannelSelector yChannelSelector role aria-label aria-labelledby aria-describedby aria-hidden lang".split()
)
_RASTER_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_MAX_DEPTH = 100
_URL = re.compile(r"url\(\s*(?!['\"]?#)", re.IGNORECASE)


def safe_pictures(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures that may be shown, by name; what is no picture, or cannot be made harmless, is left out."""
    safe = {name: _safe(name, pictures[name]) for name in sorted(pictures) if _NAME.fullmatch(name)}
    return {name: data for name, data in safe.items() if data is not None}


def _safe(name: str, data: bytes) -> bytes | None:
    kind = name.rpartition(".")[2]
    if kind == "svg":
        return sanitise_svg(data)
    return data if data.startswith(_MAGIC[kind]) else None


def sanitise_svg(data: bytes) -> bytes | None:
    """An SVG of known drawing elements and attributes only, or None if it is no readable SVG.

    No script, handler, foreign content, animation, entity, or reference to anything outside the file survives.
    """
    if b"<!entity" in data.lower() or b"\x00" in data:
        return None
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if _local(root.tag) != "svg":
        return None
    return f"{_element(root)}\n".encode()


def _local(tag: object) -> str | None:
    """The element's name if it is one of SVG (or of no namespace, which some tools forget)."""
    name = str(tag)
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return local if namespace == _SVG else None
    return name


def _element(node: ElementTree.Element, depth: int = 0) -> str:
    name = _local(node.tag)
    if depth > _MAX_DEPTH or name not in _ELEMENTS or (name == "style" and not _is_calm_css(node.text or "")):
        return ""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in _attributes(name, node))
    spaces = f' xmlns="{_SVG}" xmlns:xlink="{_XLINK}"' if not depth else ""
    inner = escape(node.text or "") + "".join(_element(child, depth + 1) + escape(child.tail or "") for child in node)
    return f"<{name}{spaces}{attributes}>{inner}</{name}>"


def _attributes(element: str, node: ElementTree.Element) -> list[tuple[str, str]]:
    kept = []
    for key, value in node.attrib.items():
        if key in ("href", f"{{{_XLINK}}}href"):
            is_own = value.startswith("#") or (element == "image" and _RASTER_DATA.fullmatch(value) is not None)
            if is_own:
                kept.append(("xlink:href", value))
        elif key in _ATTRIBUTES and _is_calm_css(value):
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

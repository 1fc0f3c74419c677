"""From the bytes of an EPUB to its text: its pages in their order. For a worker process: strangers wrote the book."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from justhtml import Node

from shared.docs.document_text import DocumentText
from shared.docs.html.archive import Archive
from shared.docs.html.facts import EPUB_READER, UnreadableMarkup
from shared.docs.html.reader import page_of, written

_CONTAINER = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})
_EMPTY_TAG = re.compile(rb"<([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>")
_VOID = frozenset(
    {b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"wbr"}
)


def read_epub(data: bytes) -> DocumentText:
    """The text of an EPUB. Raises UnreadableMarkup."""
    archive = Archive(data, "The EPUB")
    if _CONTAINER not in archive:
        raise UnreadableMarkup("The file is an archive and not an EPUB.", code="not_document")
    root = next(
        (one.get("full-path", "") for one in archive.xml(_CONTAINER).iter() if _name(one.tag) == "rootfile"), ""
    )
    package = archive.xml(root)
    locked = _locked(archive)
    title = next((" ".join((one.text or "").split()) for one in package.iter() if _name(one.tag) == "title"), "")
    pages: list[Node] = []
    problems: list[str] = []
    for name in _spine(root, package):
        if name in locked:
            raise archive.refused("is encrypted: its shop lets only its own programs open it", "document_encrypted")
        if name not in archive:
            problems.append(f"{name} is not in the archive")
            continue
        pages.append(page_of(_EMPTY_TAG.sub(_opened, archive.read(name))))
    if not pages:
        raise archive.refused("has no text: it lists no pages of text", "document_without_text")
    return written(pages, title, EPUB_READER, problems)


def _name(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _spine(root: str, package: Element) -> Iterator[str]:
    """The parts of the book that are read one after the other; its table of contents is not one."""
    items: dict[str, Element] = {}
    order: list[str] = []
    for one in package.iter():
        if _name(one.tag) == "item":
            items[one.get("id", "")] = one
        if _name(one.tag) == "itemref" and one.get("linear") != "no":
            order.append(one.get("idref", ""))
    for key in order:
        item = items.get(key)
        if item is not None and item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split():
            yield posixpath.normpath(posixpath.join(posixpath.dirname(root), unquote(item.get("href", ""))))


def _locked(archive: Archive) -> frozenset[str]:
    """The parts that are encrypted."""
    if _LOCKS not in archive:
        return frozenset()
    return frozenset(
        unquote(one.get("URI", "")) for one in archive.xml(_LOCKS).iter() if _name(one.tag) == "CipherReference"
    )


def _opened(tag: re.Match[bytes]) -> bytes:
    """An empty element of XHTML as HTML writes it: with a tag that closes it."""
    return tag[0] if tag[1].lower() in _VOID else b"<%b%b></%b>" % (tag[1], tag[2], tag[1])

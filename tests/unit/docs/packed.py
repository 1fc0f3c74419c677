"""Archives for tests: a DOCX and an EPUB from their texts."""

from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts; a part called mimetype is not compressed."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return made.getvalue()


def word_parts(body: str, styles: Sequence[str] = ()) -> dict[str, str | bytes]:
    """The parts of a DOCX with this body and styles of these names, whose ids are their names without blanks."""
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one.replace(" ", "")}"><w:name w:val="{one}"/></w:style>'
        for one in styles
    )
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{{}}" Target="{{}}"/>'
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(relation.format("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _RELATIONS.format(relation.format("styles", "styles.xml")),
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{named}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    }


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of a DOCX in a style."""
    styled = f'<w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def book_parts(pages: Mapping[str, str], title: str = "A book") -> dict[str, str | bytes]:
    """The parts of an EPUB whose pages have these bodies, in this order."""
    items = "".join(
        f'<item id="i{n}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    order = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    shown = {
        f"OPS/{name}.xhtml": f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{body}</body></html>"
        for name, body in pages.items()
    }
    return {
        "mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER, "OPS/book.opf": package, **shown
    }  # fmt: skip

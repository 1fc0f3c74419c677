"""From the bytes of a DOCX to its text, by way of HTML. For a worker process: strangers wrote the document."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import mammoth
from justhtml import Element, Node, Text

from shared.docs.document_text import DocumentText
from shared.docs.html.archive import Archive
from shared.docs.html.facts import DOCX_READER, UnreadableMarkup
from shared.docs.html.reader import page_of, written
from shared.docs.html.tree import below, classes, text_of

_MAIN = "word/document.xml"
_READ = ("[Content_Types].xml", "_rels/.rels")
_IGNORED = {"word/vbaProject": "macros", "word/embeddings/": "embedded files", "word/activeX/": "controls"}
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Code Block'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
p[style-name='Plain Text'] => pre:separator('\\n')
p[style-name='macro'] => pre:separator('\\n')
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
r[style-name='HTML Code'] => code
r[style-name='Verbatim Char'] => code
r[style-name='Source Text'] => code
"""
"""The styles that Word, LibreOffice and pandoc give to what mammoth does not know."""


def read_docx(data: bytes) -> DocumentText:
    """The text of a DOCX. Raises UnreadableMarkup."""
    archive = Archive(data, "The DOCX")
    parts = BytesIO(_only_xml(archive))
    try:
        found = mammoth.convert_to_html(
            parts, style_map=_STYLES, include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda image: {}),
        )  # fmt: skip
    except MemoryError:
        raise
    except Exception as error:  # what mammoth raises for a document that breaks the rules is of any kind
        raise archive.refused("is damaged: it does not hold together as a document of Word") from error
    page = page_of(found.value.encode())
    title = next((one for one in below(page) if one.name == "h1" and "title" in classes(one)), None)
    text = written([page], _taken_out(title), DOCX_READER)
    names = archive.names()
    ignored = (what for begin, what in _IGNORED.items() if any(name.startswith(begin) for name in names))
    return DocumentText(**{**vars(text), "ignored": tuple(ignored)})


def _only_xml(archive: Archive) -> bytes:
    """The parts that hold text, each looked at before mammoth opens it."""
    if _MAIN not in archive and not any(name.startswith("word/") for name in archive.names()):
        raise UnreadableMarkup("The file is an archive and not a document of Word.", code="not_document")
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as copy:
        for name in archive.names():
            if name in _READ or (
                name.startswith("word/") and name.endswith((".xml", ".rels")) and "/media/" not in name
            ):
                data = archive.read(name)
                archive.parsed(name, data)
                copy.writestr(name, data)
    return made.getvalue()


def _taken_out(title: Node | Text | None) -> str:
    """The text of the title; it is written above the headings, and not as one of them."""
    if title is None:
        return ""
    text = " ".join(text_of(title).split())
    if isinstance(title, Element) and title.parent is not None:
        title.parent.remove_child(title)
    return text

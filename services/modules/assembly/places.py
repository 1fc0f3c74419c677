"""Citations of documents that have pages say the pages, those of lectures the seconds. Pure."""

from collections.abc import Mapping, Sequence

from shared.course import model
from shared.docs.pdf.cited import PageBox

Boxes = Mapping[str, Mapping[tuple[int, int], Sequence[PageBox]]]
"""Where cited lines stand on the pages of a document, by the id of the source, and then by the first and
the last line."""

_PLACES = {"kind", "page", "end_page", "boxes", "start_second", "end_second"}


def with_places(
    modules: Sequence[model.Module], sources: Sequence[model.AnySource], boxes: Boxes
) -> list[model.Module]:
    """The modules whose citations say their kind; those of a PDF name its pages, and those of a lecture its seconds."""
    by_id = {one.id: one for one in sources}

    def placed(citation: model.Citation) -> model.AnyCitation:
        plain = citation.model_dump(exclude=_PLACES)
        match by_id.get(citation.source_id):
            case model.PdfSource() as source:
                pages = {"page": source.page_of(citation.start_line), "end_page": source.page_of(citation.end_line)}
                found = boxes.get(source.id, {}).get((citation.start_line, citation.end_line), ())
                return model.PdfCitation(**plain, **pages, boxes=list(found))
            case model.DocumentSource():
                return model.DocumentCitation(**plain, kind="document")
            case model.LectureSource() as source:
                start, end = source.seconds_of(citation.start_line, citation.end_line)
                return model.LectureCitation(**plain, start_second=start, end_second=end)
            case _:
                return citation

    return [
        module.model_copy(update={"citations": [placed(citation) for citation in module.citations]})
        for module in modules
    ]

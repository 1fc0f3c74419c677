"""Citations of documents that have pages say the pages. Pure."""

from collections.abc import Sequence

from shared.course.model import AnyCitation, Citation, Module, PdfCitation, PdfSource, Source


def with_pages(modules: Sequence[Module], sources: Sequence[Source | PdfSource]) -> list[Module]:
    """The modules whose citations of a PDF name its pages."""
    documents = {one.id: one for one in sources if isinstance(one, PdfSource)}
    if not documents:
        return list(modules)

    def paged(citation: Citation) -> AnyCitation:
        source = documents.get(citation.source_id)
        if source is None:
            return citation
        pages = {"page": source.page_of(citation.start_line), "end_page": source.page_of(citation.end_line)}
        return PdfCitation(**citation.model_dump(exclude={"kind", "page", "end_page"}), **pages)

    return [
        module.model_copy(update={"citations": [paged(citation) for citation in module.citations]})
        for module in modules
    ]

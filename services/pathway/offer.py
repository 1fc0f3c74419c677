"""An offer as a whole: how far its pathways are apart, and a note for users. Pure; done by a worker process."""

from collections.abc import Iterator, Sequence

from services.pathway.offline.wishes import list_unused
from shared.engine.distance import smallest_distance
from shared.engine.payloads import AnalysisSet
from shared.engine.types import Pathway
from shared.engine.wishes import read_wishes

_WANTED = 3


def sum_up(known: AnalysisSet, pathways: Sequence[Pathway], text: str, *, is_read: bool) -> tuple[float, str]:
    """The smallest distance of two pathways, and the note, or "". `is_read`: a model reads the wishes in `text`."""
    return smallest_distance(pathways), " ".join(_note(known, pathways, text, is_read=is_read))


def _note(known: AnalysisSet, pathways: Sequence[Pathway], text: str, *, is_read: bool) -> Iterator[str]:
    if len(pathways) < _WANTED:
        sections = len({(ref.document_id, ref.section_id) for p in pathways for m in p.modules for ref in m.sections})
        yield f"With {sections} sections to teach there are no more than {len(pathways)} pathways that differ."
    if not is_read and text.strip() and (unused := list_unused(known.analyses, text)):
        yield f"These of your wishes could not be used: {', '.join(unused)}."
    most = read_wishes(text).most_minutes
    shortest = min(pathway.estimated_minutes for pathway in pathways)
    if most and shortest > most:
        yield f"No pathway takes at most {most} minutes: the shortest takes {shortest}."

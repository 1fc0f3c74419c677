"""From the analyses of all documents to those that the next stage gets. Pure; done by a worker process."""

from collections.abc import Sequence

from services.doc_analyser.offline.entries import mark_entries
from services.doc_analyser.offline.for_whom import judge_all
from services.doc_analyser.offline.graph import build_graph
from shared.docs.navigation import Navigation
from shared.engine.payloads import AnalysisSet
from shared.engine.types import DocumentAnalysis


def connect(
    analyses: Sequence[bytes], navigation: Navigation, skipped: dict[str, str]
) -> tuple[bytes, int, dict[str, str]]:
    """All analyses with what only the whole tells, from the JSON of each.

    Gives an AnalysisSet as JSON, the number of its concepts, and why documents are for makers, by id.
    """
    known = mark_entries(judge_all([DocumentAnalysis.model_validate_json(one) for one in analyses], navigation))
    graph = build_graph(known, navigation)
    whole = AnalysisSet(analyses=known, graph=graph, skipped=skipped)
    makers = {one.document_id: one.for_whom_reason for one in known if one.for_whom == "makers"}
    return whole.model_dump_json().encode(), len(graph.concepts), makers

"""Documents per second of stage 2: through the pure engine alone, and through the stage as its events tell.

The engine's rate is of one thread that reads and analyses one document after the other; the stage's includes blobs, the
log and the concept graph.
"""

import contextlib
import time

from services.doc_analyser.offline.documents import study
from services.doc_analyser.offline.inputs import DocumentFile
from shared.engine.payloads import DocumentInputs
from shared.engine.titles import bare_name
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import Recorded
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted
from shared.events.gateway import DocsAnalysisRequested
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import NothingToTeach, UnreadableText


async def analysis_rates(nats_url: str, blob_store_url: str, course_id: str) -> dict[str, float]:
    """`documents` of a course that is made, and documents per second as `engine` and as `stage`."""
    facts = await read_facts(nats_url, course_id)
    request = next(fact.event for fact in facts if isinstance(fact.event, DocsAnalysisRequested))
    blobs = Blobs(open_backend(blob_store_url))
    analysed, seconds = await _through_the_engine(request, blobs)
    return {
        "documents": analysed,
        "engine": round(analysed / seconds, 1),
        "stage": round(analysed / stage_seconds(facts), 1),
    }


def stage_seconds(facts: list[Recorded]) -> float:
    """From the fact that the stage has begun to the one that all documents are analysed."""
    began = next(fact.time for fact in facts if isinstance(fact.event, DocsAnalysisStarted))
    ended = next(fact.time for fact in facts if isinstance(fact.event, DocsAnalysed))
    return max(0.001, (ended - began).total_seconds())


async def read_facts(nats_url: str, course_id: str) -> list[Recorded]:
    """All facts of a course."""
    nc = await connect(nats_url, "bench")
    try:
        return await JetStreamLog(nc).read(course_id)
    finally:
        await nc.close()


async def _through_the_engine(request: DocsAnalysisRequested, blobs: Blobs) -> tuple[int, float]:
    inputs = (await blobs.get_model(request.documents, DocumentInputs)).documents
    read = [
        (one, await blobs.get(one.blob), {path: await blobs.get(ref) for path, ref in one.includes.items()})
        for one in inputs
    ]
    project = bare_name(request.project_name)
    began = time.perf_counter()
    for one, raw, included in read:
        with contextlib.suppress(UnreadableText, NothingToTeach):
            study(DocumentFile(one.id, one.source_id, one.sha256, one.path, raw, included), project)
    return len(read), time.perf_counter() - began

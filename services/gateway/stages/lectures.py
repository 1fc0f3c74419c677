"""The gateway's side of lectures: each that was added gets a text."""

from collections.abc import Mapping
from typing import Any

from services.gateway.course.product import Asking
from services.gateway.course.shapes import Body
from services.gateway.course.state import Lecture
from services.gateway.stages.added import AddedStage
from shared.added.kinds import LECTURES
from shared.events.lectures import LectureTranscribed
from shared.pipeline import PIPELINE


class TranscribeLecturesBody(Body):
    """Nothing is asked: what has no transcript yet is transcribed, and what failed is tried again."""


class Lectures(AddedStage):
    """Lectures of a course."""

    kind = LECTURES
    row = PIPELINE.by_name["lectures"]
    asking = Asking(
        "transcribe-lectures", "transcribeLectures", "Transcribe the lectures that have no transcript yet",
        "A lecture that is added asks for this by itself; this asks again, also for lectures that failed.",
        "Add a lecture first", TranscribeLecturesBody, is_body_needed=False,
    )  # fmt: skip

    def facts(self, event: LectureTranscribed) -> Mapping[str, Any]:
        return {"source_id": event.source_id, "seconds": event.seconds, "notes": tuple(event.problems)}

    def source_facts(self, file: Lecture, event: LectureTranscribed) -> Mapping[str, Any]:
        kept = {"title": file.title, "times": event.times, "recording": file.recording}
        return {"kind": "lecture", "file": event.captions, **kept}

"""How the stage that fetches lectures and the gateway speak of a recording, which several lectures may be made from."""

from pydantic import BaseModel

from shared.events import BlobRef

LINK = "recordings.link"
FETCHED = "recordings.fetched"


class LinkAsked(BaseModel):
    """A lecture is made from what lies at these addresses."""

    course_id: str
    lecture_id: str
    stream_url: str
    captions_url: str = ""


class Held(BaseModel):
    """A recording, with its bytes if it has them. Told by the stage, it is what was fetched; the gateway's answer has
    what the recording has from then on, and no id for one that nothing links to any more.
    """

    recording_id: str = ""
    recording: BlobRef | None = None
    captions: BlobRef | None = None

"""Addresses of remote lectures as callers give them: what is refused, and what they say about the lecture. Pure."""

import re
from collections.abc import Collection
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from shared.docs.captions.facts import CAPTION_TYPES, RECORDING_TYPES
from shared.docs.kinds import ending_of
from shared.kernel.errors import PermanentError
from shared.kernel.refusals import Refused, invalid
from shared.sources.targets import is_inward, parse_target

_SESSION_NAMES = ("id", "sessionId", "session_id", "sid")
_SECRET = re.compile(r"token|signature|secret|passw|credential|policy|api_?key|auth|hdnt|jwt", re.IGNORECASE)
_SHORT_SECRETS = frozenset({"sig", "key", "code", "se", "sv"})
_SAYING_NOTHING = frozenset({"", "master", "index", "playlist", "stream", "video", "audio", "download", "manifest"})
_MOST_CHARACTERS = 200


def check_stream(text: str, pointer: str, inward: Collection[str]) -> None:
    """Refuse an address that is not of the public network, or that holds a secret: events name it. Empty is fine.

    Raises Refused. What a name resolves to is looked at each time that it is asked.
    """
    if not text:
        return
    try:
        parse_target(text, allow_private=is_inward(text, inward))
    except PermanentError as error:
        raise Refused(invalid(pointer, error.message, error.code)) from error
    names = [name for name, _ in parse_qsl(urlsplit(text).query, keep_blank_values=True)]
    if secret := next((one for one in names if _SECRET.search(one) or one.lower() in _SHORT_SECRETS), None):
        detail = (
            f"The address holds a secret ({secret[:40]}), which would be stored with the course. Give an address "
            "without one, or download the recording yourself and upload it"
        )
        raise Refused(invalid(pointer, detail, "address_with_secret"))


def session_of(viewer_url: str) -> str:
    """The session that the address of a lecture's page names, "" if it names none."""
    parts = urlsplit(viewer_url)
    query = parse_qs(parts.query)
    named = next((query[name][0] for name in _SESSION_NAMES if name in query), None)
    return (named if named is not None else unquote(parts.path.rstrip("/").rpartition("/")[2])).strip()


def names_of(stream_url: str, title: str | None, session_id: str) -> tuple[str, str]:
    """The title of a lecture, and the name of its file: what the address ends with, where that says something."""
    last = "".join(one for one in unquote(urlsplit(stream_url).path.rpartition("/")[2]) if one.isprintable())
    ending = ending_of(last) if ending_of(last) in {*CAPTION_TYPES, *RECORDING_TYPES} else "stream"
    stem = last.rpartition(".")[0] or last
    called = title or (session_id if stem.strip().lower() in _SAYING_NOTHING else stem.strip())[:_MOST_CHARACTERS]
    plain = re.sub(r"[/\\]", "-", called).strip(" .")[:_MOST_CHARACTERS]
    return called, f"{plain or session_id}.{ending}"

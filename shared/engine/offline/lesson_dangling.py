"""Sentences that announce something are left out when it does not follow: a reader would look for it in vain. Pure."""

import re
from collections.abc import Sequence

from shared.engine.offline.lesson import Chunk, Code, Listing, Note, Picture, Prose, Said, Table
from shared.engine.offline.writer_text import is_broken, leads_on, opens_by_itself

_POINTS_ON = re.compile(
    r"\b(?:following|follows|below|these|this|here|like|example|e\.g|such as|using|with|by|run|use|command|do|code|"
    r"see)\b",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"\b(?:the following|as follows)\b|\bfollowing (?:instructions|steps|commands?|code|examples?|lines?|snippet)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"^there (?:are|is) (?:also )?(?:an? |some |several |various |certain |two |three |four |a few |a number of )?"
    r"(?:special |important |other |additional |few )?"
    r"(?:considerations?|rules?|caveats?|exceptions?|restrictions?|limitations?|things|points|steps)\b"
    r"|\b(?:rules|steps|options|values|items|entries|fields) are (?:listed|shown|given|presented|ordered)\b",
    re.IGNORECASE,
)

_COLON = re.compile(r"[\s:]*:([*_]*)\s*$")  # with the marks that close around it: **Note:**
_ENDED = re.compile(r"[.!?][*_]*$")


def drop_dangling(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without sentences that announce something which does not follow."""
    kept: list[Chunk] = []
    for i, chunk in enumerate(chunks):
        following = chunks[i + 1] if i + 1 < len(chunks) else None
        if isinstance(chunk, Prose) and not _is_announced(following):
            chunk = Prose(_drop_announcements(chunk.said))
            if not chunk.said:
                continue
        if isinstance(chunk, Prose) and leads_on(chunk.said[-1].text) and not _is_announced(following):
            chunk = Prose((*chunk.said[:-1], *_close(chunk.said[-1])))
            if not chunk.said:
                continue
        kept.append(chunk)
    return kept


def _close(said: Said) -> tuple[Said, ...]:
    """A sentence that announced something as one that ends there, when it says something by itself."""
    text = _COLON.sub(r"\1", said.text)
    says = len(text.split()) >= 4 and not _POINTS_ON.search(text) and opens_by_itself(text)
    ended = text if _ENDED.search(text) else f"{text}."
    return (Said(ended, said.span),) if says and not is_broken(ended) else ()


def _is_announced(chunk: Chunk | None) -> bool:
    return isinstance(chunk, Code | Listing | Table | Picture | Note)


def _drop_announcements(said: Sequence[Said]) -> tuple[Said, ...]:
    """The sentences without those that speak of something listed or shown next, and without what speaks of them."""
    kept: list[Said] = []
    gap = False
    for i, one in enumerate(said):
        is_last = i + 1 == len(said)
        is_empty = not leads_on(one.text) and (_FOLLOWING.search(one.text) or (is_last and _LISTED.search(one.text)))
        gap = bool(is_empty) or (gap and not opens_by_itself(one.text))
        if not gap:
            kept.append(one)
    return tuple(kept)

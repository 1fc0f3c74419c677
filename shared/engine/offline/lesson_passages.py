"""Chunks of a section as passages: each can be left out, or stand last, and none announces what does not follow."""

import re
from collections.abc import Sequence

from shared.engine.offline.lesson import Chunk, Code, Listing, Note, Passage, Picture, Prose, Said, Table
from shared.engine.offline.writer_openings import goes_on, opens_by_itself
from shared.engine.offline.writer_text import is_broken, leads_on

_POINTS_ON = re.compile(
    r"\b(?:following|follows|below|these|this|here|like|example|e\.g|such as|using|with|by|run|use|command|do|code|"
    r"see|two|three|four|five|six|seven|several|few|some|many|various|reasons?|ways|steps|points)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"^(?:the )?(?:first|one|1\b|a\))", re.IGNORECASE)
_TOOLS = re.compile(
    r"\b(?:npm|pnpm|yarn|bun|npx|bunx|dlx|deno|jsr|create|install|add|i|run|exec|x|init|pip3?|uv|uvx|pipx|poetry|conda"
    r"|mamba|brew|apt(?:-get)?|dnf|yum|apk|pacman|choco|scoop|winget|sudo|tool)\b"
)


def form_passages(chunks: Sequence[Chunk]) -> tuple[Passage, ...]:
    """Chunks grouped so that each group can be left out, or stand last, without harm to the others."""
    groups: list[list[Chunk]] = []
    announced = False
    for chunk in chunks:
        opens = isinstance(chunk, Picture | Note) or (isinstance(chunk, Prose) and not _leans(chunk))
        alone = opens and not announced
        if alone or not groups:
            groups.append([chunk])
        else:
            groups[-1].append(chunk)
        announced = isinstance(chunk, Prose) and leads_on(chunk.said[-1].text)
    passages = (Passage(tuple(drop_dangling(group))) for group in groups)
    return tuple(passage for passage in passages if passage.chunks)


def drop_dangling(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without sentences that announce something which does not follow."""
    kept: list[Chunk] = []
    for i, chunk in enumerate(chunks):
        following = chunks[i + 1] if i + 1 < len(chunks) else None
        if isinstance(chunk, Prose) and leads_on(chunk.said[-1].text) and not _is_announced(following):
            chunk = Prose((*chunk.said[:-1], *_close(chunk.said[-1])))
            if not chunk.said:
                continue
        kept.append(chunk)
    return kept


def _close(said: Said) -> tuple[Said, ...]:
    """A sentence that announced something as one that ends there, when it says something by itself."""
    text = said.text.rstrip("*_ :")
    says = len(text.split()) >= 4 and not _POINTS_ON.search(text) and opens_by_itself(text)
    return (Said(f"{text}.", said.span),) if says and not is_broken(f"{text}.") else ()


def _is_announced(chunk: Chunk | None) -> bool:
    """Whether something that can be announced follows: what is shown, or the first of what was counted."""
    counts = isinstance(chunk, Prose) and _COUNTS.match(chunk.said[0].text) is not None
    return counts or isinstance(chunk, Code | Listing | Table | Picture | Note)


def _leans(prose: Prose) -> bool:
    """Whether a paragraph goes on from what stands before it."""
    return goes_on(prose.said[0].text) or not opens_by_itself(prose.said[0].text)


def is_same_task(one: Chunk, other: Code) -> bool:
    """Whether two commands differ only by the tool that runs them."""
    if not isinstance(one, Code) or one.text.count("\n") > 2 or other.text.count("\n") > 2:
        return False
    plain, again = (re.findall(r"[\w@./-]+", _TOOLS.sub(" ", code.text)) for code in (one, other))
    return bool(plain) and plain == again

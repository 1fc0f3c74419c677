"""Commands of a terminal and the purpose of each: a sentence says so, and the command stands below it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from services.modules.offline.items.clauses import Advice, as_task, is_task
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_code_lines
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "shell-session", "terminal", "zsh", "powershell"})
_PROMPT = re.compile(r"^(?:\([\w.-]+\) )?[$%>] (?=\S)")
_ELSEWHERE = re.compile(
    r"(?:echo|cd|ls|cat|pip3?|npm|git|curl|wget|mkdir|export|source|sudo|#|\./|for|while|if)(?:\s|$)|\W"
)
_LONGEST, _MOST_BETWEEN = 90, 6
_AIMS = (
    re.compile(
        r"^(?:in order )?to (?P<situation>[a-z][^,;:]+?)"
        r"(?:, (?:\w+ ){0,6}?(?:run|use|type|enter|execute|call|do)\b[^;:]*)?:$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:you can |you may |now |then |next,? |finally,? )*(?:also )?(?P<situation>[a-z][^,;:]+?)"
        r"(?: (?:with|using|by|via|like|as follows|through|in this way)\b[^;:]*)?:$",
        re.IGNORECASE,
    ),
)


def find_commands(one: TaughtSection, said: TaughtText) -> Iterator[Advice]:
    """The commands of a section that stand alone in their block, right below the sentence that says what they do."""
    del said
    for before, block in pairwise(one.section.blocks):
        situation = _read_aim(before)
        found = _read_command(one, block) if situation and before.sentences else None
        if found:
            line, span = found
            start = before.sentences[-1].start_line
            if 0 <= span.start_line - start <= _MOST_BETWEEN and span.path == before.file(one.path):
                yield Advice(situation, f"`{line}`", Span(path=span.path, start_line=start, end_line=span.end_line))


def do_apart(command: Advice, other: Advice) -> bool:
    """Whether the words by which two commands of one kind differ stand in what the first one is for."""
    own, theirs = (command.thing.strip("`").split(), other.thing.strip("`").split())
    if own[:2] != theirs[:2]:
        return True
    words = frozenset(re.findall(r"\w+", command.situation.lower()))
    return bool(words & (_split(command.thing) - _split(other.thing)))


def _split(command: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", command.lower()))


def _read_aim(block: Block) -> str:
    """The task that a block's last sentence gives the command below it; else ""."""
    if block.kind not in ("paragraph", "list_item") or not block.sentences:
        return ""
    text = " ".join(drop_targets(block.sentences[-1].text).split())
    found = next(filter(None, (pattern.match(text) for pattern in _AIMS)), None)
    situation = found["situation"].strip() if found else ""
    situation = situation[:1].lower() + situation[1:]
    return situation if situation and as_task(situation) == situation and is_task(situation) else ""


def _read_command(one: TaughtSection, block: Block) -> tuple[str, Span] | None:
    """The only command of a block; what it prints may stand below it when the command has a prompt."""
    if block.kind != "code" or block.language not in _SHELLS:
        return None
    lines = [(line.strip(), span) for own, line, span in list_code_lines(one) if own is block and line.strip()]
    asked = [(_PROMPT.sub("", line), span) for line, span in lines if _PROMPT.match(line)] or lines
    line, span = asked[0] if len(asked) == 1 else ("", None)
    plain = span is not None and len(line) <= _LONGEST and "`" not in line and not line.endswith("\\")
    return (line, span) if plain and span is not None and not _ELSEWHERE.match(line) else None

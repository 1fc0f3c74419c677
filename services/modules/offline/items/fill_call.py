"""Fill the call: which of a receiver's members an example calls, where only one takes what is passed."""

import keyword
import sys
from collections.abc import Iterator

from services.modules.offline.items.options import choose_options
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import CALL, Call, TaughtText, list_code_lines, read_call

_GAP = "____"
_LONGEST_LINE = 90
_FEWEST_SIBLINGS = 3
_GENERAL = sys.stdlib_module_names | {
    "self", "this", "console", "Math", "JSON", "Object", "Array", "Promise", "window", "document", "str", "list", "dict",
    "fmt", "strings", "errors", "Arrays", "List", "Map", "Set", "System", "String", "Assertions", "np", "pd", "plt", "process",
    "foo", "bar", "obj", "x", "y", "a", "b", "cls", "super", "module", "exports", "response", "request", "res", "req",
}  # fmt: skip


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each call that keywords decide."""
    for block, line, span in list_code_lines(one):
        found = CALL.search(line)
        if block.kind != "code" or not found or len(line.strip()) > _LONGEST_LINE or "`" in line:
            continue
        call = read_call(line, found, span)
        if call.receiver.lstrip("@") in _GENERAL or keyword.iskeyword(call.name) or not said.names(call.name):
            continue
        siblings = _find_siblings(call, said)
        own = frozenset().union(*(other.keywords for other in said.calls(call.receiver) if other.name == call.name))
        decides = call.keywords & own - frozenset().union(
            *(s.keywords for s in said.calls(call.receiver) if s.name != call.name)
        )
        if len(siblings) < _FEWEST_SIBLINGS or not decides:
            continue
        gapped = line.strip().replace(f"{call.name}(", f"{_GAP}(", 1)
        stem = f"Which name belongs in the gap?\n\n```{block.language}\n{gapped}\n```"
        reason = ", ".join(f"`{name}`" for name in sorted(decides))
        key = Choice(f"`{call.name}`", f"Right: it takes {reason}.", (span,), is_key=True)
        others = [
            Choice(f"`{other.name}`", f"No: `{other.name}` is called like this: `{other.line.strip()}`.", (other.span,))
            for other in siblings
            if not said.shows(line.replace(f"{call.name}(", f"{other.name}(", 1))
        ]
        options = choose_options(one, stem, key, others, said)
        if options:
            yield Question(
                form="fill_call",
                kind="single_choice",
                stem=stem,
                options=options,
                explanation=f"The line reads `{line.strip()}`.",
                spans=(span,),
                document_id=one.document_id,
                section_id=one.section.id,
                bloom="apply",
            )


def _find_siblings(call: Call, said: TaughtText) -> list[Call]:
    """A short call of each other member of the receiver."""
    best: dict[str, Call] = {}
    for other in said.calls(call.receiver):
        if other.name != call.name and "`" not in other.line and len(other.line.strip()) <= _LONGEST_LINE:
            known = best.get(other.name)
            if known is None or len(other.line) < len(known.line):
                best[other.name] = other
    return [best[name] for name in sorted(best)]

"""Fill the call: which of a receiver's members an example calls, where only one takes what is passed."""

import sys
from collections.abc import Iterator

from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.options import ask_choice, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import is_no_own_name, list_scenes
from services.modules.offline.items.taught_text import CALL, Call, TaughtText, list_code_lines, read_call

_GAP = "____"
_LONGEST_LINE = 90
_GENERAL = sys.stdlib_module_names | {
    "self", "this", "console", "Math", "JSON", "Object", "Array", "Promise", "window", "document", "str", "list",
    "dict", "fmt", "strings", "errors", "Arrays", "List", "Map", "Set", "System", "String", "Assertions", "process",
    "foo", "bar", "obj", "x", "y", "a", "b", "cls", "super", "module", "exports", "response", "request", "res", "req",
}  # fmt: skip


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each call in which a keyword decides."""
    for block, line, span in list_code_lines(one):
        found = CALL.search(line)
        call = (
            read_call(block.language, line, found, span)
            if found and "`" not in line and len(line.strip()) <= _LONGEST_LINE
            else None
        )
        if call is None or not call.keywords or not _is_own(call, said):
            continue
        siblings = _find_siblings(one, call, said)
        decides = call.keywords.difference(
            *(other.keywords for other in _list_calls(call, said) if other.name != call.name)
        )
        decides = frozenset(name for name in decides if said.names(name) and said.holds(name, call.name))
        if not decides:
            continue
        gapped = line.strip().replace(f"{call.name}(", f"{_GAP}(", 1)
        code = f"name belongs in the gap?\n\n```{block.language}\n{gapped}\n```"
        scenes = (scene for scene in list_scenes(one) if not names_itself(call.name, scene))
        stems = [*(f"{scene}: which {code}" for scene in scenes), f"Which {code}"]
        reason = " and ".join(f"`{name}`" for name in sorted(decides))
        key = Choice(f"`{call.name}`", f"of these, it is the one that takes {reason}.", (span,))
        others = [
            _choice(other)
            for other in siblings
            if not said.shows(line.replace(f"{call.name}(", f"{other.name}(", 1))
            and not any(said.holds(name, other.name) for name in call.keywords)
        ]
        yield from ask_choice("fill_call", one, said, stems, key, others, ranked=True)


def _choice(other: Call) -> Choice:
    return Choice(f"`{other.name}`", f"it is called in this way: `{other.line.strip()}`.", (other.span,))


def _is_own(call: Call, said: TaughtText) -> bool:
    """Whether a call is one of the project's own that the prose names."""
    return call.receiver.lstrip("@") not in _GENERAL and not is_no_own_name(call.name) and said.names(call.name)


def _list_calls(call: Call, said: TaughtText) -> tuple[Call, ...]:
    """Calls of the same receiver: of a module everywhere, of a variable in the same file."""
    calls = said.calls(call.receiver)
    known = said.imports(call.receiver.lstrip("@"))
    return tuple(
        other for other in calls if other.language == call.language and (known or other.span.path == call.span.path)
    )


def _find_siblings(one: TaughtSection, call: Call, said: TaughtText) -> list[Call]:
    """A short call of each other member that shares no keyword with the asked one; those given as much first."""
    calls = _list_calls(call, said)
    own = frozenset().union(*(other.keywords for other in calls if other.name == call.name))
    best: dict[str, Call] = {}
    for other in calls:
        if other.name != call.name and "`" not in other.line and len(other.line.strip()) <= _LONGEST_LINE:
            known = best.get(other.name)
            if known is None or len(other.line) < len(known.line):
                best[other.name] = other
    takes = {name: frozenset().union(*(o.keywords for o in calls if o.name == name)) for name in best}
    raised = call.line.lstrip().startswith("raise ")
    fit = [
        best[name]
        for name in sorted(best)
        if not takes[name] & own
        and not split_words(name) & split_words(call.name)
        and best[name].line.lstrip().startswith("raise ") == raised
    ]
    return sorted(fit, key=lambda other: (other.span.path != one.path, not other.given, abs(other.given - call.given)))

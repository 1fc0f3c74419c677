"""Clauses of a sentence that can be asked about: what something is used for, what follows from a condition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import lemminflect

from services.modules.offline.items.entries import Entry, Group, find_groups, list_own
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.stems import is_no_own_name
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain, show_prose
from shared.course.wording import stem_content_words
from shared.engine.types import Span

_UNCLEAR = re.compile(
    r"\b(?:this|these|those|it|they|above|below|following|here|previous|earlier|same|latter|former|such|another|other|"
    r"its|their|them|we|our|us|I|see|etc|so|do that|again|also|that way|example|e\.g|i\.e|aforementioned|respectively|"
    r"preceding|mentioned|desired|like so)\b|^\w+ that\b|\b(?:to|of|by|in|on|at|for|with|from) that\b",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"\b(?:of|to|the|an?|for|with|by|and|or|than|from|is|are|instead)\W*$", re.IGNORECASE)
_NO_OBJECT = re.compile(
    r"(?:\w+ (?:will|can|is|are|may|must|should)\b|of|to|by|if|when|as|and|or|is|are|was|has|can|sent|made|\w+ed"
    r"|\w+ing)\b"
)
_TWO_VERBS = re.compile(r"\band \w+s (?:the|an?|its|their|all|each|delivery)\b")
_OBJECT = re.compile(
    r"(?:the|an?|each|all|any|every|some|several|no|one|two|how|whether|your|its|their)\b|`",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them)\b", re.IGNORECASE)
_LOADED = re.compile(
    r"\b(?:not|except|never|cannot|least|false|incorrect|always|all|none|every|everything|nothing|only|entirely"
    r"|completely|"
    r"impossible|often|usually|frequently|sometimes|occasionally|rarely|seldom|generally|typically|commonly|normally|"
    r"mostly|probably|possibly|likely)\b|n['’]t\b|___",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Advice:
    """`thing` (inline code) fits a `situation`; `told` is what the documentation says of it, as a sentence.

    `asked`: the question for the thing, begun in lower case; "" where there is nothing to ask, only to tell.
    `group`: the entries of the list, table or run of headings that says so.
    """

    situation: str
    thing: str
    span: Span
    told: str
    asked: str = ""
    group: Group = ()


def find_advice(one: TaughtSection, said: TaughtText) -> Iterator[Advice]:
    """What the section's lists of options say is to be used for what."""
    for group in said.recall(find_groups, one):
        for entry in list_own(group, one):
            name = as_code(entry.name)
            if name and is_clear(entry.text, 3, 24, loaded=True):
                yield _read_entry(entry, name, group)


def _read_entry(entry: Entry, name: str, group: Group) -> Advice:
    """An entry as the task that its description tells ("Set the …"), as a predicate ("Sets the …") or as a value."""
    text = entry.text[0].lower() + entry.text[1:]
    third = _ask_which(text)
    task = "" if third else as_task(entry.text)
    if is_no_own_name(name):
        return Advice(entry.text, name, entry.span, f"{name}: {entry.text}", "", group)
    if task and is_clear(task, 3, 20):
        return replace(_advise(task, name, entry.span), group=group)
    if third:
        return Advice(text, name, entry.span, f"{name} {text}", third, group)
    whether, value = _WHETHER.match(entry.text), _VALUE.match(entry.text)
    asked = f"which of these tells whether {entry.text[whether.end() :]}?" if whether else ""
    asked = f"which of these is the {value['noun'].lower()}{entry.text[value.end() :]}?" if value else asked
    asked = f"which of these is {text}?" if _DONE.match(entry.text) else asked
    asked = asked if is_clear(entry.text, 4, 20) else ""
    return Advice(entry.text, name, entry.span, f"{name}: {entry.text}", asked, group)


def _advise(situation: str, thing: str, span: Span) -> Advice:
    asked = f"you want to {situation}. What do you use?"
    return Advice(situation, thing, span, f"{thing} is there to {situation}", asked)


def _ask_which(said: str) -> str:
    """The question for the thing that does something; "" where the words do not begin with a verb's third person."""
    first = said.split(" ", 1)[0]
    task = as_task(said) if first.endswith("s") and not first.endswith("ss") else ""
    return f"which of these {said}?" if task and is_clear(task, 3, 20) else ""


def is_clear(text: str, fewest: int, most: int, *, loaded: bool = False, pronouns: bool = False) -> bool:
    """Whether words can stand by themselves: of some length, nothing points elsewhere, nothing vague or negated."""
    prose = show_prose(text)
    return (
        fewest <= len(show_plain(text).split()) <= most
        and len(set(stem_content_words(show_plain(text)))) >= 2
        and not _UNCLEAR.search(_PRONOUN.sub(" ", prose) if pronouns else prose)
        and (loaded or not _LOADED.search(prose))
        and not _OPEN_END.search(show_plain(text))
        and text.count("`") % 2 == 0
        and text.count("(") == text.count(")")
    )


@lru_cache(maxsize=4096)
def as_task(text: str) -> str:
    """A description that begins with a verb ("Sets the …", "Set the …") as a task ("set the …"), else ""."""
    first, _, rest = text.partition(" ")
    word = first.lower()
    if not rest or not first.isalpha() or _NO_OBJECT.match(rest):
        return ""
    known = lemminflect.getAllLemmas(word, upos="VERB").get("VERB", ())
    base = known[0] if known else ""
    if not base or base == "be" or not (_OBJECT.match(rest) or base in _TASK_VERBS):
        return ""
    if word == base:
        return f"{base} {rest}"
    is_third_person = word.endswith("s") and not _TWO_VERBS.search(rest)
    return f"{base} {rest}" if is_third_person else ""


def as_code(name: str) -> str:
    """A name as code, also one that is a command or a setting by its looks; else ""."""
    plain = show_plain(name)
    looks = _COMMAND.fullmatch(plain) and not name.startswith(("_", "*"))
    return name if name.startswith("`") else f"`{plain}`" if looks else ""


_COMMAND = re.compile(r"[a-z][\w.-]*(?: [a-z][\w-]*){0,3}|[A-Z]\w*_\w+|--?[a-z][\w-]*|[a-zA-Z]+[a-z][A-Z]\w*")
_WHETHER = re.compile(r"(?:A boolean (?:indicating|that indicates|value indicating) )?[Ww]hether (?:or not )?")
_VALUE = re.compile(
    r"(?:The |An? |Optional |Specifies the |An (?:int(?:eger)?|str(?:ing)?) (?:that defines |with )?the )?"
    r"(?P<noun>(?:(?:max(?:imum)?|min(?:imum)?|default|initial|total|base|root|relative|absolute|additional|custom)\s+)*"
    r"(?:max(?:imum)?|min(?:imum)?|number|path|directory|folder|time|interval|size|limit|duration|port|host|url|delay"
    r"|timeout|length|width|height|prefix|suffix|format|amount|threshold|level|location|template|color|count|rate|depth"
    r"|pattern|strategy))(?= )",
    re.IGNORECASE,
)
_DONE = re.compile(r"[A-Z]\w+(?:ed|nt|wn|de) (?:when|if|by|after|before|once|each|every|on|at|to|for)\b")
_VERBS = (
    "add allow append apply assign avoid call change check choose clean clear close collect combine compare "
    "compile compute configure connect consume control convert copy count create customise customize declare "
    "decode decorate define delay delete deliver deploy describe detect determine disable display download edit "
    "emit enable encode enforce ensure exclude execute exit expand export expose extend extract fetch filter find "
    "flush force generate get handle hide highlight ignore import include inherit initialise initialize inject "
    "insert inspect install invoke join keep limit link load make manage match measure merge move open overwrite "
    "override parse pass perform persist pick place prefix prevent print produce prompt protect provide publish "
    "purge push query raise read receive redirect register reject reload remove rename render repeat replace "
    "require reset resolve restart restore restrict resume retrieve return reuse rotate run save scan search "
    "select send serialise serialize serve set share show shut sign skip sort specify start stop store strip "
    "subscribe supply support suppress suspend swap switch test throw track transform translate trigger trim "
    "truncate turn unlock unsubscribe update upgrade upload validate verify wait warn watch wrap write split "
)
_TASK_VERBS = frozenset(_VERBS.split())

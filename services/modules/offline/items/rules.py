"""Rules of the documentation: a sentence gives a condition and its effect, and a question can ask for each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lemminflect

from services.modules.offline.items.clauses import is_clear, iter_sentences
from services.modules.offline.items.options import split_words
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain, show_prose
from shared.docs.model import Block
from shared.engine.types import Span

_WORD = r"(?:If|When|Whenever|Unless|Once|In case|As soon as)"
_LEAD = r"(?:(?:Note that|By default|Also|Additionally|In addition),? )?"
_PART = r"(?:\([^()]*\)|[^,;:()])+?"
_FIRST = re.compile(
    rf"^{_LEAD}(?i:(?P<when>{_WORD})) (?P<case>{_PART}),? then (?P<effect>[^;:]+?)\.?$"
    rf"|^{_LEAD}(?i:(?P<when2>{_WORD})) (?P<case2>{_PART}), (?P<effect2>[^;:]+?)\.?$"
)
_LAST = re.compile(rf"^{_LEAD}(?P<effect>{_PART}),? (?P<when>{_WORD.lower()}) (?P<case>{_PART})\.?$")
_SET = (
    r"(?:set|pass|call|use|declare|define|omit|run|add|give|specify|put|leave|have|send|publish|try|create|delete|make)"
)
_WISH = re.compile(
    r"^(?:no longer|you(?:'re|'ve|’re)?|we|users?|developers?|desired|needed|necessary|possible|applicable|appropriate"
    rf"|required|unsure|not|so|done|ready|finished|something|anything|someone|\w+ing)\b(?! {_SET}\b)",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"^(?P<subject>(?:(?:the|an?|any|no|each|both|either|multiple|several|two) )?(?:(?:`[^`]+`|[\w'/-]+) ){1,4}?)"
    r"(?P<verb>(?:is|are|was|were|has|have|does|do|can|cannot|will|did)(?:n't| not)?|[a-z]+s|[a-z]+(?:ed|es))\b(?!`)"
    rf"|^you {_SET} |^there (?:is|are) "
)
_EFFECT = re.compile(
    r"^(?P<subject>(?:(?:the|an?|any|each|no|both|most) )?(?:(?:`[^`]+`|[\w'/-]+) ){1,5}?)"
    r"(?:also |then |automatically |simply |still |now )?"
    r"(?:(?i:is|are|has|have|does|do|will|must|shall|need|gets?|becomes?|remains?|means)(?: (?i:not)|n't)?"
    r"|(?:[a-z]+(?:[^s\W]|ss)?s)) \S"
)
_ASKS = re.compile(
    r"(?:\b(?:as|even|only|what|whether|see|check\w*|tells?|determin\w+|knows?|guess\w*|decid\w+|indicat\w+"
    r"|ask\w*|detect\w*|test\w*|verif\w+|about|just|especially|except|useful|than|particularly|until|case|and|or|but"
    r"|that|to|of|which)|[-–—])$",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"\b(?:you|your|we|our|us|can|could|may|might|should|would|ought|want|try"
    r"|recommended|useful|best|better|easier|simpler|similar(?:ly)?|important|good|great|nice|likely|probably|perhaps"
    r"|please|let's|sure|possible|thing|things|case|cases|something|somehow|everything|happens|feature|way|why|reason"
    r"|tries|try to|allows|helps|wants|i|supposed|intended|expected to|instance|exactly|same|others?)\b|\?|--| [-–—] ",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:often|usually|frequently|sometimes|occasionally|rarely|seldom|generally|typically|commonly|normally|mostly"
    r"|probably|possibly|likely|some (?:of|form|kind|sort)|instance|in which|docs|documentation)\b|\?|--| [-–—] ",
    re.IGNORECASE,
)
_BACK = re.compile(r"^(?P<it>it|they)(?P<is>(?:'s|’s)?) |^(?P<its>its|their) ", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|itself|they|their|them|themselves)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:the|an?|any|each|every|no)\s+\w+|`[^`]+`|\b[a-z]{3,}s\b", re.IGNORECASE)
_CONDITIONS = re.compile(r"\b(?:if|when|whenever|unless|otherwise|only|but)\b", re.IGNORECASE)
_BINDS = re.compile(r"\b(?:must|shall|needs? to|ha(?:s|ve) to)\b", re.IGNORECASE)
_IN_TURN = re.compile(
    r"\b(?:otherwise|in (?:this|that|the following) order|first (?:match\w*|that|one)|precedence)\b", re.IGNORECASE
)
_FEWEST_CASE, _MOST_CASE, _FEWEST_EFFECT, _MOST_EFFECT = 3, 26, 3, 26


_LABEL = re.compile(
    r"^(?:`(?P<code>[^`]+)`|\*{2,3}`?(?P<bold>[\w.-]+):?`?:?\*{2,3})(?: \([^()]*\))?\s*[:—–-]*\s+(?=[A-Z])"
)
_NAMED_SO = re.compile(r"`?(?P<name>--?[a-z][\w-]*|\w+(?:[._-]\w+)*)`?(?:\(.*\))?$")
_VALUE = re.compile(
    r"^(?P<when>If|When) (?:(?:this|the|it)(?: (?:option|setting|flag|value|parameter|property))? is )?(?:set to )?"
    r"(?P<value>`[^`\s]+`|true|false|True|False),? (?=\w|`)"
)


@dataclass(frozen=True)
class Rule:
    """In a `case` there is an `effect`, both clauses; `when` joins them."""

    when: str
    case: str
    effect: str
    span: Span

    @property
    def condition(self) -> str:
        """The case with its conjunction, as it goes into a question."""
        return f"{self.when} {self.case}"

    @property
    def binds(self) -> bool:
        """Whether the effect is a duty, not an event."""
        return bool(_BINDS.search(show_prose(self.effect)))


def find_rules(one: TaughtSection, said: TaughtText) -> Iterator[Rule]:
    """The rules of a section: sentences that begin their block, or that tell of a value of a named option. Any other
    sentence may hold only in the case that those before it tell of, and a step of a list that is tried in turn, too.
    """
    del said
    tried = _find_tried(one)
    items = {
        line: block
        for block in reversed(one.section.blocks)  # of two on one line, the first
        if block.kind in ("list_item", "definition") and block.sentences
        for line in range(block.start_line, block.end_line + 1)
    }
    heading = show_plain(one.section.heading)
    for text, span, begins in iter_sentences(one):
        named = _name_option(items.get(span.start_line), heading, text)
        is_whole = (begins or named != text) and span.start_line not in tried
        if is_whole and (rule := _read_first(named, span) or _read_last(named, span)):
            yield rule


def _name_option(item: Block | None, heading: str, text: str) -> str:
    """A sentence about a value of an option, with the option's name from the label of its list item or the heading."""
    label = _LABEL.match(item.sentences[0].text if item else "")
    headed = _NAMED_SO.match(heading) if item is None else None
    own = _LABEL.match(text)
    rest = text[own.end() :] if own else text
    value = _VALUE.match(rest)
    name = (label["code"] or label["bold"]) if label else headed["name"] if headed else ""
    return (
        f"{value['when']} `{name}` is `{value['value'].strip('`')}`, {rest[value.end() :]}" if value and name else text
    )


def _find_tried(one: TaughtSection) -> set[int]:
    """The lines of lists of which one item holds if those before it do not: their own words or their lead say so."""
    items = [block for block in one.section.blocks if block.kind == "list_item"]
    told: dict[int, list[str]] = {}
    lead = ""
    for block in one.section.blocks:
        text = " ".join(sentence.text for sentence in block.sentences)
        if block.kind == "list_item":
            told.setdefault(block.list_id, [lead]).append(text)
        else:
            lead = text
    in_turn = {list_id for list_id, texts in told.items() if any(map(_IN_TURN.search, texts))}
    tried = [block for block in items if block.list_id in in_turn]
    return {line for block in tried for line in range(block.start_line, block.end_line + 1)}


def _read_first(text: str, span: Span) -> Rule | None:
    """The condition comes first: "it" in the effect is what the condition is about."""
    found = _FIRST.match(text)
    if found is None:
        return None
    when, case, effect = (found[name] or found[f"{name}2"] for name in ("when", "case", "effect"))
    back, known = _BACK.match(effect), _CASE.match(case)
    if back:
        subject = _definite((known["subject"] if known else "") or "")
        if subject in ("", "there") or (subject.endswith("`") and back["its"]):
            return None
        joined = f"{subject}'s " if back["its"] else f"{subject} is " if back["is"] else f"{subject} "
        effect = joined + effect[back.end() :]
    return _make(when, case, effect, span)


def _read_last(text: str, span: Span) -> Rule | None:
    """The effect comes first: whatever "it" is there stands before the sentence."""
    found = _LAST.match(text)
    if found is None or _ASKS.search(found["effect"]) or leads_with_pronoun(found["effect"]):
        return None
    return _make(found["when"], found["case"], found["effect"], span)


def _make(when: str, case: str, effect: str, span: Span) -> Rule | None:
    case, effect = case.strip(), effect.strip()
    clear = (
        _CASE.match(case)
        and not _WISH.match(case)
        and is_clear(case, _FEWEST_CASE, _MOST_CASE, loaded=True, pronouns=True)
        and is_clear(effect, _FEWEST_EFFECT, _MOST_EFFECT, loaded=True, pronouns=True)
        and not leads_with_pronoun(case)
        and not leads_with_pronoun(effect)
        and not _VAGUE.search(show_prose(f"{case} {effect}"))
        and not _ADVISES.search(show_prose(effect))
        and not re.match(r"(?:that|one|or|and|nor|\w+ing)\b", effect)
        and not re.match(r"(?:one|that)\b", case)
        and not _CONDITIONS.search(show_prose(f"{case} {effect}"))
        and _tells(effect)
        and len(split_words(case)) >= 2
    )
    return Rule(when.lower(), case, effect, span) if clear else None


def leads_with_pronoun(text: str) -> bool:
    """Whether a pronoun comes before anything that it could stand for."""
    pronoun, named = _PRONOUN.search(text), _NAMED.search(text)
    return pronoun is not None and (named is None or pronoun.start() < named.start())


def _definite(subject: str) -> str:
    words = subject.strip().split(" ")
    if words[0].lower() in ("a", "an", "any", "each", "no"):
        words[0] = "the"
    return " ".join(words)


def _tells(effect: str) -> bool:
    """Whether a clause tells what comes about: a subject and its verb, no instruction."""
    first = show_plain(effect).split()[0].lower()
    instruction = not effect.startswith("`") and first in lemminflect.getAllLemmas(first, upos="VERB").get("VERB", ())
    return bool(_EFFECT.match(effect)) and not instruction

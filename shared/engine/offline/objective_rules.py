"""Rules from a heading to an objective's wording, tried in order. Pure.

A rule gives a wording in lower case, `NONE` when the heading must give no objective, or None when the rule does not
speak of it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.engine.offline.heading_readings import NO_CLUES, PARTICLES, Clues, Doing, Thing, read_phrase
from shared.engine.offline.objective_things import word_thing
from shared.engine.offline.phrase_grammar import is_thing
from shared.engine.offline.phrases import in_sentence, with_article
from shared.engine.offline.word_classes import PREPOSITIONS, base_of_gerund
from shared.engine.offline.wordings import NONE, Place, Wording
from shared.engine.terms import singular, term_key, word_set, words_of
from shared.engine.types import Concept

_MAX_HEADING_WORDS = 12
# These verbs stand under "apply" in published lists; other doings are demonstrated.
_APPLY = word_set(
    """
    use apply build calculate change choose complete compute configure construct develop employ execute implement
    manipulate modify operate perform prepare produce schedule solve transfer write
    """
)
_SAME = {"utilize": "use", "leverage": "use", "employ": "use", "utilise": "use"}
# Their object is new: "create a stream", but "delete the stream".
_BRINGING_FORTH = word_set(
    """
    create add build write make define declare implement generate construct register publish send
    """
)
# Verbs that "in", "on" and "over" belong to rather than to what follows.
_PHRASAL = word_set("turn log opt switch fill carry sign plug hand take")
_OUTER = word_set(
    """
    overview introduction intro learn foreword preface prologue here home index docs documentation content contents
    references code listing minimal simple complete full quick summary conclusion about background motivation
    example examples usage basics basic details notes note general more miscellaneous misc other further advanced
    quickstart tutorial guide readme welcome description purpose goals goal concepts concept walkthrough the a an
    and
    """
)
_USAGE = frozenset({"usage", "example", "examples", "basic", "quickstart", "basics"})
_INSTALLING = frozenset({"installation", "install", "installing", "setup"})
_AUXILIARIES = r"(?:is|are|do|does|did|can|should|not|if)\b"
_QUESTIONS = word_set(
    """
    is are can does do should will why where who which what how when i my
    """
)


@dataclass(frozen=True)
class Heading:
    """A heading ready to be worded: its phrase in sentence case with code marked, and what is known around it.

    `subject` is the document's title in sentence case, `is_title` whether the heading is that title, `project` the
    project's name as the document writes it ("" when it does not).
    """

    phrase: str
    place: Place
    subject: str = ""
    project: str = ""
    is_title: bool = False
    clues: Clues = NO_CLUES


def word_heading(heading: Heading, concept: Concept | None, casing: Mapping[str, int]) -> Wording | None:
    """The wording of the first rule that speaks of a heading; None when none does or it must give no objective."""
    words = words_of(heading.phrase)
    if len(words) > _MAX_HEADING_WORDS or not (words or "`" in heading.phrase):
        return None
    if concept is not None and term_key(heading.phrase.replace("`", "")) == term_key(concept.name):
        return Wording(f"explain what {_named(concept, casing)} {_verb(concept.name)}", "understand", 3)
    rules: Sequence[Callable[[], Wording | None]] = (
        lambda: _comparison(heading.phrase.rstrip("?"), words),
        lambda: _question(heading, words),
        lambda: _special(heading.phrase),
        lambda: _outer(heading, words),
        lambda: _reading(heading),
    )
    made = next((made for rule in rules if (made := rule()) is not None), None)
    return None if made is NONE else made


def _named(concept: Concept, casing: Mapping[str, int]) -> str:
    name = in_sentence(concept.name, casing)
    if name != concept.name.lower() or singular(words_of(name)[-1]) != words_of(name)[-1]:
        return name
    definition = concept.definition.text.lstrip("*_`").lower()
    article = re.match(r"(an?|the)\s", definition)
    return f"{article[1]} {name}" if article and not name.startswith(article[1] + " ") else name


def _verb(name: str) -> str:
    last = words_of(name)[-1]
    return "are" if singular(last) != last else "is"


def _question(heading: Heading, words: Sequence[str]) -> Wording | None:
    text = heading.phrase.rstrip("?").strip()
    if match := re.match(r"how (?:do|can|should|would) (?:i|you|we|one)\s+(.+)", text, re.IGNORECASE):
        return _read_doing(match[1], heading)
    if match := re.match(r"how to\s+(.+)", text, re.IGNORECASE):
        return _read_doing(match[1], heading)
    if (match := re.match(r"what(?:['’]s| is| are)\s+(.+)", text, re.IGNORECASE)) and is_thing(match[1]):
        verb = "are" if re.match(r"what are", text, re.IGNORECASE) else "is"
        return Wording(f"explain what {match[1]} {verb}", "understand", 2)
    if match := re.match(r"how (?:does|do)\s+(.+?)\s+(work|behave|compare)s?\b(.*)", text, re.IGNORECASE):
        plural = singular(words_of(match[1])[-1]) != words_of(match[1])[-1] if words_of(match[1]) else False
        return Wording(f"explain how {match[1]} {match[2]}{'' if plural else 's'}{match[3]}", "understand", 2)
    if match := re.match(r"why (?:use|choose)\s+(.+)", text, re.IGNORECASE):
        return Wording(f"explain why one would use {match[1]}", "understand", 2)
    if match := re.match(
        r"(?:when|deciding(?: when| whether)?) (?:to|should (?:i|you|we)) use\s+(.+)", text, re.IGNORECASE
    ):
        return Wording(f"explain when to use {match[1]}", "understand", 2)
    asks = re.match(rf"(?:how|why|when|what|where)\s+(?!{_AUXILIARIES})", text, re.IGNORECASE)
    if "?" not in heading.phrase and len(words) > 2 and asks and not re.search(r"\b(?:I|we|you|it|this|that)\b", text):
        return Wording(f"explain {words[0]} {text.split(' ', 1)[1]}", "understand", 1)
    return NONE if words and (words[0] in _QUESTIONS or "?" in heading.phrase) else None


def _comparison(phrase: str, words: Sequence[str]) -> Wording | None:
    """Bloom's lists have "compare" under understanding too, which is as far as an item about a text reaches."""
    match = re.match(
        r"(?:comparing |comparison of )?(.+?)\s+(?:vs\.?|versus|compared (?:to|with))\s+(.+)", phrase, re.IGNORECASE
    )
    if match and is_thing(match[1]) and is_thing(match[2]):
        return Wording(f"compare {with_article(match[1])} with {with_article(match[2])}", "understand", 3)
    match = re.match(
        r"(?:what(?:['’]s| is| are) )?(?:the )?differences? between\s+(.+?)\s+and\s+(.+)", phrase, re.IGNORECASE
    )
    if match and is_thing(match[1]) and is_thing(match[2]):
        return Wording(f"distinguish {with_article(match[1])} from {with_article(match[2])}", "understand", 3)
    match = match or re.match(r"compar(?:ing|e)\s+(.+?)\s+(?:and|with|to)\s+(.+)", phrase, re.IGNORECASE)
    if match and is_thing(match[1]) and is_thing(match[2]):
        return Wording(f"compare {with_article(match[1])} with {with_article(match[2])}", "understand", 3)
    return NONE if match or (words and words[0] in {"comparison", "comparisons"}) else None


def _special(phrase: str) -> Wording | None:
    """Openings that ask for a verb of their own."""
    first, _, rest = phrase.partition(" ")
    if first.lower() in {"understanding", "introducing", "exploring", "learning", "explaining"}:
        return Wording(f"explain {with_article(rest)}", "understand", 1) if rest and is_thing(rest) else NONE
    if match := re.match(
        r"(?:an? )?(?:introduction to|overview of|tour of|guide to|welcome to) (?:the )?(.+)", phrase, re.IGNORECASE
    ):
        return Wording(f"describe {with_article(match[1])}", "understand", 1) if is_thing(match[1]) else NONE
    if re.match(r"(?:quick ?start|getting|get) started\b", phrase, re.IGNORECASE):
        return NONE
    if match := re.match(
        r"(?:an? |the )?(?:closer|deeper|quick|brief|first) (?:look (?:at|into)|dive into) (.+)", phrase, re.IGNORECASE
    ):
        return Wording(f"explain {with_article(match[1])}", "understand", 1) if is_thing(match[1]) else NONE
    if match := re.match(r"(?:troubleshoot|troubleshooting|debugging|diagnosing) (.+)", phrase, re.IGNORECASE):
        return Wording(f"troubleshoot {with_article(match[1])}", "analyze", 2) if is_thing(match[1]) else NONE
    return None


def _outer(heading: Heading, words: Sequence[str]) -> Wording | None:
    """Headings that name no subject of their own speak of the document's."""
    if words and set(words) <= _INSTALLING:
        named = heading.subject and not set(words_of(heading.subject)) & (_INSTALLING | _OUTER)
        thing = named and isinstance(read_phrase(heading.subject, NO_CLUES), Thing)
        what = heading.subject if thing else heading.project
        return _do(Doing("install", with_article(what) if " " in what else what), heading) if what else NONE
    if not words or not all(word in _OUTER for word in words):
        return None
    subject = words_of(heading.subject)
    if not subject or heading.is_title or all(word in _OUTER for word in subject):
        return NONE
    reading = read_phrase(heading.subject, NO_CLUES)
    if isinstance(reading, Doing):
        return _do(reading, heading)
    if reading is None:
        return NONE
    if set(words) & _USAGE and heading.place.has_code:
        return word_thing(reading.phrase, heading.place, is_title=True) or NONE
    return Wording(f"summarize the purpose of {with_article(reading.phrase)}", "understand", 0)


def _reading(heading: Heading) -> Wording | None:
    reading = read_phrase(_impersonal(heading.phrase), heading.clues)
    if isinstance(reading, Doing):
        return _do(reading, heading)
    if isinstance(reading, Thing):
        return word_thing(reading.phrase, heading.place, is_title=heading.is_title)
    return None


def _impersonal(phrase: str) -> str:
    return re.sub(r"(?<=\s)our\b", "the", re.sub(r"\b(?:[Mm]y|our(?= own))\b", "your", phrase))


def _read_doing(phrase: str, heading: Heading) -> Wording:
    """A doing the author announced as such ("How to …")."""
    reading = read_phrase(_impersonal(phrase), Clues(beside_doings=True))
    return _do(reading, heading) if isinstance(reading, Doing) else NONE


def _do(doing: Doing, heading: Heading) -> Wording:
    """A doing as an objective: shown where there is code to show it with, else explained."""
    verb = _SAME.get(doing.verb, doing.verb)
    rest = _with_object_article(verb, doing.rest)
    rest = re.sub(
        r"\b(and|or) (\w+ly )?(\w+ing)\b", lambda m: f"{m[1]} {m[2] or ''}{base_of_gerund(m[3]) or m[3]}", rest
    )
    has_code = heading.place.has_code
    if verb == "work" and rest.startswith("with "):
        verb, rest = "use", rest[5:]
    if verb == "understand":
        return Wording(f"explain {with_article(rest)}", "understand", 1) if is_thing(rest) else NONE
    bare = rest.split(" ")[0] in PREPOSITIONS
    if verb in _APPLY and not bare and (has_code or verb in {"use", "apply"}):
        return Wording(f"{verb} {rest}", "apply", 3 if has_code else 2)
    how = "demonstrate" if has_code else "explain"
    return Wording(f"{how} how to {verb} {rest}".rstrip(), "apply" if has_code else "understand", 3 if has_code else 2)


def _with_object_article(verb: str, rest: str) -> str:
    """Headings leave articles out, sentences do not: "create stream" is to create a stream."""
    words = rest.split(" ")
    particle = words[0] in PARTICLES and (words[0] not in {"in", "on", "over"} or verb in _PHRASAL)
    at = 1 if particle and len(words) > 1 else 0
    noun = " ".join(words[at:])
    if not noun or not is_thing(noun):
        return rest
    given = with_article(noun)
    if given != noun and verb in _BRINGING_FORTH:
        given = f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"
    return " ".join([*words[:at], given])

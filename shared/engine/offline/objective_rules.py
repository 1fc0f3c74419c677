"""Rules from a heading to an objective's wording, tried in order. Pure.

A rule gives the wording in lower case and its Bloom level, `NONE` when the heading must give no objective, or None
when the rule does not speak of it.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from shared.course.model import Bloom
from shared.docs.model import Section
from shared.engine.offline.phrases import in_sentence, with_article
from shared.engine.offline.verbs import THING_GERUNDS, base_of_gerund, is_imperative
from shared.engine.terms import singular, term_key, word_set, words_of
from shared.engine.types import Concept, SectionOutline

_MAX_HEADING_WORDS = 9
# These verbs stand under "apply" in published lists; other doings are demonstrated.
_APPLY = word_set(
    """
    use apply implement execute perform modify prepare write choose configure
    """
)
_SAME = {"utilize": "use", "leverage": "use", "employ": "use"}
_OUTER = word_set(
    """
    overview introduction intro learn foreword preface prologue here home index docs documentation content contents
    references code listing minimal simple complete full quick summary conclusion about background motivation
    example examples usage basics basic details notes note general more miscellaneous misc other further advanced
    quickstart tutorial guide readme welcome description purpose goals goal concepts concept
    """
)
_INSTALLING = frozenset({"installation", "install", "installing", "setup"})
_AUXILIARIES = r"(?:is|are|do|does|did|can|should|not|if)\b"
_QUESTIONS = frozenset(
    [
        "is",
        "are",
        "can",
        "does",
        "do",
        "should",
        "will",
        "why",
        "where",
        "who",
        "which",
        "what",
        "how",
        "when",
        "i",
        "my",
    ]
)
_LEADING = frozenset(
    ["if", "with", "without", "for", "in", "on", "from", "to", "by", "at", "more", "now", "let's", "you", "we"]
)
_FINITE = frozenset(["is", "are", "can", "will", "has", "have", "does", "must", "should", "was", "were", "cannot"])
# Things one understands rather than uses, even where code stands beside them.
_DESCRIBED = word_set(
    """
    feature features change changes difference differences limitation limitations concepts architecture compatibility
    issue issues problem problems guarantees principles philosophy rationale history goals benefits behavior behaviour
    semantics lifecycle visibility verbosity structure layout warning warnings error errors notes considerations
    """
)
# A heading that no rule may turn into an objective.
NONE: tuple[str, Bloom] = ("", "understand")
_ENTRY = re.compile(r"^[\w.$@#/<>-]*[_./$@()<>=:\d-][\w.$@#/<>()=:-]*$|^--?\w")


def word_heading(
    heading: str, section: Section | SectionOutline, subject: str, casing: Mapping[str, int], concept: Concept | None
) -> tuple[str, Bloom] | None:
    """The wording and level of the first rule that speaks of a cleaned heading; `subject` is the document's."""
    phrase = in_sentence(heading, casing)
    words = words_of(heading)
    has_code = section.code_blocks > 0
    if not words or len(words) > _MAX_HEADING_WORDS:
        return None
    if concept is not None and term_key(heading) == term_key(concept.name):
        return f"explain what {_named(concept, casing)} {_verb(concept.name)}", "understand"
    rules: Sequence[Callable[[], tuple[str, Bloom] | None]] = (
        lambda: _question(phrase, words, has_code),
        lambda: _comparison(phrase, words),
        lambda: _doing(phrase, words, has_code),
        lambda: _outer(words, subject, has_code),
        lambda: _noun(phrase, words, section, has_code),
    )
    return next((made for rule in rules if (made := rule()) is not None), None)


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


def _question(phrase: str, words: Sequence[str], has_code: bool) -> tuple[str, Bloom] | None:
    text = phrase.rstrip("?").strip()
    if match := re.match(r"how (?:do|can|should|would) (?:i|you|we|one)\s+(.+)", text, re.IGNORECASE):
        return _do(match[1], has_code)
    if match := re.match(r"how to\s+(.+)", text, re.IGNORECASE):
        return _do(match[1], has_code)
    if match := re.match(r"what (is|are)\s+(.+)", text, re.IGNORECASE):
        return f"explain what {match[2]} {match[1].lower()}", "understand"
    if match := re.match(r"how (?:does|do)\s+(.+?)\s+(work|behave|compare)s?\b(.*)", text, re.IGNORECASE):
        plural = singular(words_of(match[1])[-1]) != words_of(match[1])[-1]
        return f"explain how {match[1]} {match[2]}{'' if plural else 's'}{match[3]}", "understand"
    if match := re.match(r"why (?:use|choose)\s+(.+)", text, re.IGNORECASE):
        return f"explain why one would use {match[1]}", "understand"
    if match := re.match(r"when (?:to|should (?:i|you|we)) use\s+(.+)", text, re.IGNORECASE):
        return f"explain when to use {match[1]}", "understand"
    if (
        "?" not in phrase
        and len(words) > 3
        and re.match(rf"(?:how|why|when|what|where)\s+(?!{_AUXILIARIES})", text, re.IGNORECASE)
    ):
        return f"explain {words[0]} {text.split(' ', 1)[1]}", "understand"
    return NONE if words[0] in _QUESTIONS or "?" in phrase else None


def _comparison(phrase: str, words: Sequence[str]) -> tuple[str, Bloom] | None:
    match = re.match(r"(.+?)\s+(?:vs\.?|versus|compared (?:to|with))\s+(.+)", phrase, re.IGNORECASE)
    if match:
        return f"compare {with_article(match[1])} with {with_article(match[2])}", "analyze"
    match = re.match(r"(?:the )?differences? between\s+(.+?)\s+and\s+(.+)", phrase, re.IGNORECASE)
    if match or words[0] in {"comparison", "comparing"}:
        return (f"compare {match[1]} with {match[2]}", "analyze") if match else None
    return None


def _doing(phrase: str, words: Sequence[str], has_code: bool) -> tuple[str, Bloom] | None:
    first, _, rest = phrase.partition(" ")
    base = base_of_gerund(first)
    if first.lower() in {"understanding", "introducing", "exploring", "learning"} and rest:
        return f"describe {with_article(rest)}", "understand"
    if base == "work" and rest.lower().startswith("with "):
        return f"use {rest[5:]}", "apply"
    if base == "get" and rest.lower().startswith("started "):
        return f"describe the first steps{rest[7:]}", "understand"
    if first.lower().endswith("ly") and (manner := base_of_gerund(rest.split(" ", 1)[0])) and " " in rest:
        return _do(f"{manner} {rest.split(' ', 1)[1]} {first.lower()}", has_code)
    if base is not None and rest and not (first.lower() in THING_GERUNDS and _is_noun_after(rest)):
        return _do(f"{base} {rest}", has_code)
    if is_imperative(phrase):
        return _do(phrase, has_code)
    return None


def _is_noun_after(rest: str) -> bool:
    """Tell a thing (logging configuration) from a doing (testing your application) by what follows the gerund."""
    if re.match(r"(?:a|an|the|your|up|with|on|in|from|for|multiple|all|custom)\b", rest, re.IGNORECASE):
        return False
    words = words_of(rest)
    return len(words) < 2 or singular(words[-1]) == words[-1]


def _do(doing: str, has_code: bool) -> tuple[str, Bloom]:
    """A doing ("declare options") as an objective: shown where there is code to show it with, else explained."""
    verb, _, rest = doing.partition(" ")
    other = re.match(r"(?:and|or)\s+(\S+)$", rest)
    if other and base_of_gerund(other[1]) is None:
        return NONE
    verb = _SAME.get(verb.lower(), verb.lower())
    conjoined = re.match(r"(?:and|or)\s", rest)
    if rest and conjoined:
        first, _, after = rest.split(" ", 1)[1].partition(" ")
        rest = f"{rest.split(' ', 1)[0]} {base_of_gerund(first) or first} {after}".strip()
    rest = re.sub(r"\b(and|or) (\w+ing)\b", lambda m: f"{m[1]} {base_of_gerund(m[2]) or m[2]}", rest)
    rest = re.sub(r"\b[Mm]y\b", "your", rest)
    if verb in _APPLY and rest and not conjoined and (has_code or verb == "use"):
        return f"{verb} {rest}", "apply"
    return (
        f"{'demonstrate' if has_code else 'explain'} how to {verb} {rest}".rstrip(),
        "apply" if has_code else "understand",
    )


def _has_table(section: Section | SectionOutline) -> bool:
    if isinstance(section, SectionOutline):
        return section.has_table
    return any(block.kind == "table" for block in section.blocks)


def _outer(words: Sequence[str], subject: str, has_code: bool) -> tuple[str, Bloom] | None:
    """Headings that name no subject of their own speak of the document's."""
    if set(words) <= _INSTALLING:
        named = subject and not set(words_of(subject)) & (_INSTALLING | _OUTER) and not is_imperative(subject)
        named = named and base_of_gerund(subject.split(" ", 1)[0]) is None
        return _do(f"install {with_article(subject) if named else 'the software'}", has_code)
    if not all(word in _OUTER for word in words):
        return None
    if not subject or all(word in _OUTER for word in words_of(subject)):
        return NONE
    base = base_of_gerund(subject.split(" ", 1)[0])
    if base is not None and " " in subject:
        return _do(f"{base} {subject.split(' ', 1)[1]}", has_code)
    if (
        set(words) & {"usage", "example", "examples", "basic", "quickstart"}
        and has_code
        and not re.match(r"how|why|what", subject)
    ):
        return f"use {with_article(subject)}", "apply"
    if re.match(r"(?:how|why|what|getting|introduction|overview|welcome)\b", subject, re.IGNORECASE) or is_imperative(
        subject
    ):
        return NONE
    return f"summarize the purpose of {with_article(subject)}", "understand"


def _noun(
    phrase: str, words: Sequence[str], section: Section | SectionOutline, has_code: bool
) -> tuple[str, Bloom] | None:
    if phrase.lower().startswith(("introduction to ", "overview of ", "a tour of ", "welcome to ")):
        return f"describe {with_article(re.split(r' (?:to|of) ', phrase, maxsplit=1)[1])}", "understand"
    if words[0] in _LEADING or not _FINITE.isdisjoint(words):
        return None
    if words[0] == "installation":
        return _do(f"install the software{phrase[len(words[0]) :]}", has_code)
    if _has_table(section) and not has_code:
        return f"identify {with_article(phrase)}", "remember"
    if (has_code and _DESCRIBED.isdisjoint(words)) or _ENTRY.match(phrase):
        return f"use {with_article(phrase)}", "apply"
    return f"describe {with_article(phrase)}", "understand"

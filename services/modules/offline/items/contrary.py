"""Wrong effects of a documented rule: its own, turned round or told of a sibling. The rule excludes each of them."""

import re

import lemminflect

from services.modules.offline.items.entries import raise_first
from services.modules.offline.items.options import describe_shape
from services.modules.offline.items.question import Choice, TaughtSection
from services.modules.offline.items.rules import Rule
from services.modules.offline.items.taught_text import list_units
from shared.course.flaws import describe_form
from shared.course.plain_text import show_prose

_CODE, _STATUS = re.compile(r"`[^`]+`"), re.compile(r"(?<![\w.`-])[1-5]\d\d(?![\w.`-])")
_AUXILIARY = re.compile(
    r"(?<![\w`])(?P<verb>is|are|was|were|will|must|can|shall|MUST|SHALL)(?P<no> not| NOT)?(?![\w`'’])"
)
_DENIED = re.compile(r"(?<![\w`])(?:does|do) not (?P<base>[a-z]+)(?![\w`])")
_MANY = re.compile(
    r"[,;:—–]|\b(?:and|or|but|which|that|who|where|because|since|so|instead|only|until|before|after|than|as|first|last"
    r"|when|no|none|nothing|never|any|neither|nor|just|also|too|still|both|all|every|each)\b",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?:is|are|be|becomes?|returns?|defaults? to|falls? back to|uses?|used as|sets?|set to|assumed (?:to be|as)"
    r"|treated as|replaced (?:by|with)|receives?|means?|raises?|resolves? to|evaluates? to|converted (?:in)?to)\s+"
    r"(?:an? |the )?$"
)
_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "this", "of", "to"})
_MOST_WORDS = 18


def deny(rule: Rule) -> list[Choice]:
    """The effect turned round, as an option; nothing where the effect is more than one plain clause."""
    turned = _turn_round(rule.effect)
    return [Choice(raise_first(turned), f"it is the other way round: {rule.effect}.", (rule.span,))] if turned else []


def name_siblings(rule: Rule, one: TaughtSection) -> list[Choice]:
    """The effect with each other name of the document of the same kind in the place of its only one, as options.

    The names of the section come first. A number is a name too: a status, a limit.
    """
    names = [found for found in _CODE.finditer(rule.effect) if _SINGLE.search(rule.effect[: found.start()])]
    names = names if len(_CODE.findall(rule.effect)) == 1 else []
    names = names or ([] if "`" in rule.effect else list(_STATUS.finditer(rule.effect)))
    if len(names) != 1:
        return []
    before, own, after = rule.effect[: names[0].start()], names[0][0], rule.effect[names[0].end() :]
    sign = _CODE if own.startswith("`") else _STATUS
    sections = (one.section, *one.document.sections)
    texts = (text for section in sections for block in section.blocks for text, _ in list_units(one.path, block))
    others = dict.fromkeys(name for text in texts for name in sign.findall(text))
    told = f"{rule.case} {rule.effect}"
    return [
        Choice(
            raise_first(f"{before}{other}{after}"), f"the documentation says otherwise: {rule.effect}.", (rule.span,)
        )
        for other in others
        if other not in told and _describe(other) == _describe(own)
    ]


def _describe(name: str) -> tuple[str, str, bool, bool]:
    """The kind of a name by its looks, as far as somebody who does not know it can tell."""
    return describe_shape(name), describe_form(name), "=" in name, name.isupper()


def _turn_round(effect: str) -> str:
    """The effect denied, or affirmed where it is a denial; "" unless it is one plain clause."""
    if _MANY.search(show_prose(effect)) or len(effect.split()) > _MOST_WORDS:
        return ""
    denied = _DENIED.search(effect)
    if denied:
        third = lemminflect.getInflection(denied["base"], tag="VBZ")
        return effect.replace(denied[0], third[0], 1) if third and denied[0].startswith("does") else ""
    auxiliary = _AUXILIARY.search(effect)
    if auxiliary:
        denial = "" if auxiliary["no"] else " NOT" if auxiliary["verb"].isupper() else " not"
        return f"{effect[: auxiliary.start()]}{auxiliary['verb']}{denial}{effect[auxiliary.end() :]}"
    return _deny_verb(effect)


def _deny_verb(effect: str) -> str:
    words = effect.split(" ")
    for i, word in enumerate(words):
        base = next(iter(lemminflect.getAllLemmas(word, upos="VERB").get("VERB", ())), "")
        is_third = base and word != base and word in lemminflect.getInflection(base, tag="VBZ")
        if i and is_third and words[i - 1].lower() not in _DETERMINERS:
            return " ".join([*words[:i], "does not", base, *words[i + 1 :]])
    return ""

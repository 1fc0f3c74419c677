"""Wrong effects of a documented rule: its own, told of a sibling. The rule excludes each of them."""

import re

from services.modules.offline.items.entries import raise_first
from services.modules.offline.items.options import describe_shape
from services.modules.offline.items.question import Choice, TaughtSection
from services.modules.offline.items.rules import Rule
from services.modules.offline.items.taught_text import list_units
from shared.course.flaws import describe_form

_CODE, _STATUS = re.compile(r"`[^`]+`"), re.compile(r"(?<![\w.`-])[1-5]\d\d(?![\w.`-])")
_SINGLE = re.compile(
    r"\b(?:is|are|be|becomes?|returns?|defaults? to|falls? back to|uses?|used as|sets?|set to|assumed (?:to be|as)"
    r"|treated as|replaced (?:by|with)|receives?|means?|raises?|resolves? to|evaluates? to|converted (?:in)?to)\s+"
    r"(?:an? |the )?$"
)


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

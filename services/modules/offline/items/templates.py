"""Lines of templates, `{{ … }}`: what an asked line needs is found by its variables."""

import re

from services.modules.offline.items.examples import Shown

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_VARIABLE = re.compile(r"\$\w+")
_SETS = re.compile(r"\{\{-?\s*(?P<name>\$\w+) :?= (?P<rest>.*)")
_STEERS = re.compile(r"\{\{-?\s*(?:if|else|end|range|with|define|block|for|while|case|unless)\b")
_OUTSIDE = re.compile(
    r"(?:^|[\s({|])\$?\.[A-Za-z]|\b(?:site|page|resources?|\w*env|os|now|rand\w*|uuid|shuffle|i18n|T)\b|hugo\."
    r"|\.(?:Now|Rand)\b|\b\w*(?:URL|Exists)\b"
)
"""What a template has of its page, of files or of the moment."""


def is_template(example: Shown) -> bool:
    """Whether the code stands between the braces of a template."""
    return example.asked.startswith("{{")


def write_template(example: Shown) -> str:
    """The lines of a template that give its variables their values, and the asked one; "" if that is not all."""
    kept, open_names = [example.asked], set(_VARIABLE.findall(_QUOTED.sub("", example.asked)))
    steered = example.indent or _STEERS.search(example.asked)
    for line in reversed(example.before.split("\n")):
        sets = _SETS.search(line)
        if open_names & set(_VARIABLE.findall(line)):
            steered = steered or _STEERS.search(line) or line[:1].isspace()
            kept.insert(0, line)
            if sets and ":=" in line:
                open_names.discard(sets["name"])
            open_names |= set(_VARIABLE.findall(_QUOTED.sub("", sets["rest"]))) if sets else set()
    code = "\n".join(kept)
    return "" if steered or open_names or _OUTSIDE.search(_QUOTED.sub("''", code)) else code

"""A project's own name from its texts, when the repository's name says nothing."""

import re
from collections import Counter
from collections.abc import Sequence

from shared.engine.types import DocumentAnalysis

_TOKEN = re.compile(r"(?<![\w`/.@-])[A-Z][A-Za-z0-9]+(?:[.-][A-Z]?[A-Za-z0-9]+)?(?![\w`/-]|\.\w)")
_BEFORE_WORDS = re.compile(r"^[\W\d_]+")  # the number of an exercise, a mark of emphasis
_EVERYBODYS = frozenset(
    """
    api apis cli json yaml xml html css http https tcp tls ssl sql url urls uri id ids os ui sdk faq readme markdown pdf
    rest python java javascript typescript c ruby php node nodejs linux windows macos mac unix bsd gnu posix mit gpl
    docker kubernetes git github gitlab google amazon microsoft apple npm pip pypi yes no note tip warning see the this
    that these those if when you your we it in on for to a an and or but with without how what why where which i true
    false none null ok
    english american european january february march april may june july august september october november december
    part section chapter appendix step example examples introduction overview guide tutorial reference documentation
    """.split()  # noqa: SIM905 - a vocabulary is read as text
)
_LEAST_SHARE = 0.15


def proper_name(analyses: Sequence[DocumentAnalysis]) -> str | None:
    """The name that most documents use inside their sentences and titles; None when there is none they share."""
    used: Counter[str] = Counter()
    for analysis in analyses:
        names: set[str] = set()
        for text in (analysis.title, *(section.heading for section in analysis.sections)):
            names |= {token for token in _TOKEN.findall(text) if not token.istitle()}  # headings capitalise everything
        for sentence in analysis.summary:
            plain = _BEFORE_WORDS.sub("", re.sub(r"`[^`]*`|\]\([^)]*\)", " ", sentence.text))
            first = _TOKEN.match(plain)
            names |= set(_TOKEN.findall(plain[first.end() if first else 0 :]))
        used.update(name for name in names if name.lower() not in _EVERYBODYS and not name.endswith("ing"))
    best = min(used, key=lambda name: (-used[name], name), default=None)
    return best if best is not None and used[best] >= max(2, _LEAST_SHARE * len(analyses)) else None

"""Simple JavaScript in the words of Python, so that one reckoner works out both. What it cannot turn, it leaves."""

import re

_TEXT = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_WAYS = tuple(
    (re.compile(pattern, re.MULTILINE), other)
    for pattern, other in (
        (r"//.*$", ""),
        (r"([{,]\s*)(\w+)(?=\s*:(?!:))", r"\1'\2'"),
        (r"\b(?:export )?function (\w+)\(([^()]*)\)\s*\{\s*return ([^;{}]+);?\s*\}", r"\1 = lambda \2: \3"),
        (r"\bfunction\s*\(([^()]*)\)\s*\{\s*return ([^;{}]+);?\s*\}", r"lambda \1: \2"),
        (r"(?:\(([\w, ]*)\)|\b(\w+)) => \(?(\{[^{}]*\})\)", r"lambda \1\2: \3"),
        (r"(?:\(([\w, ]*)\)|\b(\w+)) => \{\s*return ([^;{}]+);?\s*\}", r"lambda \1\2: \3"),
        (r"(?:\(([\w, ]*)\)|\b(\w+)) =>\s+(?!\{)", r"lambda \1\2: "),
        (r"^\s*(?:export )?(?:const|let|var) (?=\w+ =)", ""),
        (r";\s*$", ""),
        (r"===", "=="),
        (r"!==", "!="),
        (r"&&", " and "),
        (r"\|\|", " or "),
        (r"!(?=[\w(])", " not "),
        (r"(?<=\{)(\s*)\.\.\.", r"\1**"),
        (r"\.\.\.", "*"),
    )
)


def translate(code: str) -> str:
    """The code with Python's signs in the place of JavaScript's, outside of texts."""
    texts = _TEXT.findall(code)
    plain = _TEXT.sub("\ue000", code)
    for pattern, other in _WAYS:
        plain = pattern.sub(other, plain)
    found = iter(texts)
    return re.sub("\ue000", lambda _: next(found, "''"), plain)

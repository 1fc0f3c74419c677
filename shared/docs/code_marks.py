"""Marks in code by which a site's builder colours lines, as Shiki reads them: `// [!code focus]`."""

import re

_MARK = re.compile(
    r"[ \t]*(?://|#|--|;|%|<!--|\{?/\*)[ \t]*(?:\[!code (?!--)[^\]\n]*\][ \t]*)+(?:-->|\*/\}?)?[ \t]*$", re.MULTILINE
)


def without_marks(code: str) -> str:
    """Code as a page shows it. The mark of a removed line stays: else a reader takes old and new for one program."""
    return _MARK.sub("", code) if "[!code " in code else code

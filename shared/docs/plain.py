"""Inline CommonMark to plain text, for headings, slugs and alternative texts, and names of files to words."""

import re
from collections.abc import Sequence

_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
POWER = re.compile(r"(?!(?:[aeo]|[a-z]{2,3}|TM|SM)$)(?:-?\w+|\(?-?\w{1,3}(?: ?[-+/] ?\w{1,3})+\)?)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"(?<!\\)!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_AUTOLINK = re.compile(r"<((?:https?|mailto|ftp)[^<>\s]*)>")
_STRONG = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3}|~~)(?=\S)((?:(?!\1).)+?)(?<=\S)\1(?:(?<=[*~])|(?!\w))")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_HELD = re.compile("\ue010(\\d{1,9})\ue011")


def raised(text: str) -> str:
    """A number as a superscript, a power in letters behind `^`, and the ending of a number or name as it is."""
    if set(text) <= set("0123456789+-()n"):
        return text.translate(_RAISED)
    power = f"^{text}" if text.isalnum() else f"^({text.strip('()')})"
    return power if POWER.fullmatch(text) else text


def plain_text(inline: str) -> str:
    """The words a reader of `inline` (one line of CommonMark) sees: no emphasis, code, link or escape marks."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match.group(2).strip() or match.group(2))
        return f"\ue010{len(held) - 1}\ue011"

    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", _LINK.sub(r"\1", _CODE.sub(hold, inline))))
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))  # strong around emphasis, at most
    return " ".join(give_back(held, _HELD, _ESCAPE.sub(r"\1", text)).split())


def give_back(held: Sequence[str], mark: re.Pattern[str], text: str) -> str:
    """The text with each mark replaced by what is held under its number; an author may write such a mark too."""
    return mark.sub(lambda found: held[int(found[1])] if int(found[1]) < len(held) else found[0], text)


def name_in_words(name: str) -> str:
    """The name of a file or folder in words, without the number of its place; "1-20" and "2.1" stay whole."""
    words = re.sub(r"^\d+(?:[-_]\d+)*(?:[-_ ]|\.(?!\d))+(?=.*[^\W\d_])", "", name)
    return " ".join(re.sub(r"(?<!\d)[-_.\s]+|[-_.\s]+(?!\d)", " ", words).split())

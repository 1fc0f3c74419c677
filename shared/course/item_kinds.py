"""The kind of an option (a flag, a number, a path, a name, words), so that a distractor can be of the key's kind."""

import builtins
import keyword
import re

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from shared.course.plain_text import show_plain, show_prose
from shared.course.wording import list_words

_KINDS = (
    ("number", re.compile(r"^[^\w\"']?v?\d[\d.,:_]*\s*(?:%|[a-zA-Zµ]{1,12})?$")),
    ("address", re.compile(r"^\w+://\S+$")),
    ("flag", re.compile(r"^-{1,2}[A-Za-z]")),
    ("decorator", re.compile(r"^@[\w.]+")),
    ("value", re.compile(r"^(?:True|False|None|true|false|null|nil|undefined|[\"'].*[\"'])$", re.DOTALL)),
    ("path", re.compile(r"^(?:~|\.{1,2})?/\S+$|^[\w-]+(?:/[\w.-]+)+/?$")),
    ("command", re.compile(r"^[$>]?\s*[\w./-]+(?:\s+\S+)+$")),
)
_LONG_WORDS = 8
_SHORT_WORDS = 3
_PLACEHOLDER = re.compile(
    r"^(?:foo|bar|baz|qux|quux|spam|eggs|ham|hello|world|hello,? world!?|john|jane|alice|bob|acme|lorem|ipsum|xx+|abc"
    r"|my[-_ ]?\w+|your[-_ ]?\w+|some[-_]\w+|example[-_.]?\w*|<[\w -]+>|\{[\w -]+\})$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^(?:```|~~~)\s*(\w+)", re.MULTILINE)
_OWN = ("Token.Name.Builtin", "Token.Keyword")
# Names that projects give to things of their own as well ("type", "help", "filter") tell nothing.
_SHARED = frozenset(
    re.findall(
        r"\w+",
        "type help filter id format input open range set map hash property dir vars iter next object compile license "
        "copyright credits exit quit slice round repr all any abs pow min max sum eval exec bin hex oct chr ord zip",
    )
)
_PYTHON = frozenset({*keyword.kwlist, *dir(builtins)}) - _SHARED


def describe_kind(text: str) -> str:
    """The kind of an option; a piece of code that is nothing else is a name."""
    plain = show_plain(text)
    is_code = not show_prose(text).strip(" .,;()") or bool(re.search(r"^--?\w|^\S*\w[._]\w\S*$|^\w+\(.*\)$", plain))
    for kind, pattern in _KINDS:
        if pattern.search(plain) and (is_code or kind in ("number", "address", "flag")):
            return kind
    return "name" if is_code else "words"


def is_other_kind(key: str, other: str) -> bool:
    """Whether an option is of another kind than the key, so that its look gives it away."""
    kinds = describe_kind(key), describe_kind(other)
    if kinds == ("words", "words"):
        short, long = sorted((len(list_words(show_plain(key))), len(list_words(show_plain(other)))))
        return short <= _SHORT_WORDS and long >= _LONG_WORDS
    if set(kinds) == {"words", "name"}:
        words = key if kinds[0] == "words" else other
        return len(list_words(show_plain(words))) > 1
    return kinds[0] != kinds[1]


def is_placeholder(text: str) -> bool:
    """Whether a text is a name that examples make up."""
    return bool(_PLACEHOLDER.match(show_plain(text).strip("`\"' ")))


def is_languages_own(text: str, stem: str) -> bool:
    """Whether a name belongs to the programming language of the stem's code (Python without any)."""
    name = show_plain(text).strip("`\"' ").removesuffix("()")
    found = _FENCE.search(stem)
    language = found.group(1).lower() if found else "python"
    if not name.isidentifier():
        return False
    if language in ("python", "py", "pycon", "python3"):
        return name in _PYTHON
    try:
        tokens = list(get_lexer_by_name(language).get_tokens(name))
    except ClassNotFound:
        return False
    return any(value == name and str(kind).startswith(_OWN) for kind, value in tokens)

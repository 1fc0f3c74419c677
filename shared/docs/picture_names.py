"""What pictures without words are called. Pure."""

import re

from shared.docs.links import split_target

_FILE = re.compile(r"(?:.*/)?([^/]+)\.[A-Za-z]\w{1,4}")
_HOST = re.compile(
    r"(?:https?:)?//(?:[^/?#]*\.)?(?!(?:com?|org|net|ac)\.)([^./?#]+)(?:\.(?:com?|org|net|ac))?\.[^./?#]+(?=[/?#]|\Z)"
)
_FOR_MACHINES = re.compile(r"\d{5}|[A-Za-z]\d+[A-Za-z]|(?<![^\W_])(?=[a-f]*\d)[\da-f]{6}")


def name_of_picture(target: str) -> str:
    """A picture or film without words: its file's name, or the name of its host where that is none for people."""
    host = _HOST.match(target)
    file = _FILE.fullmatch(split_target(target[host.end() :] if host else target)[0])
    name = re.sub(r"[-_\s]+", " ", file[1]).strip() if file else ""
    if host and (_FOR_MACHINES.search(name) or not re.search(r"[^\W\d_]{3}", name)):
        return host[1]
    return name

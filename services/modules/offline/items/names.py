"""Names that nobody asks for: those of a language itself, and what examples call their own things."""

import argparse
import builtins
import io
import keyword
import pathlib
import re

from shared.course.plain_text import show_plain

_OTHER = (
    "map filter forEach reduce find push concat slice splice includes indexOf join keys values entries length then "
    "catch finally fetch await async instanceof typeof require import export default const let var new return "
    "console log error parse stringify assign toString equals hashCode getClass clone println printf print main "
    "init setup foo bar baz qux example hello world test name text null undefined void static public private final "
    "env package.json .env git npm npx pip pipx uv yarn pnpm cargo docker curl wget make sudo cat echo cd ls cp mv "
    "rm python python3 node bash sh html css div span script style img href src body head header footer article "
    "title "
)
LANGUAGE_NAMES = frozenset(_OTHER.split()).union(
    keyword.kwlist,
    dir(builtins),
    *(
        dir(kind)
        for kind in (str, bytes, list, dict, set, pathlib.Path, argparse.ArgumentParser, io.TextIOWrapper, re.Pattern)
    ),
)


def is_of_language(name: str) -> bool:
    """Whether a name, without receiver and arguments, belongs to a language or to no project at all."""
    plain = re.split(r"[(<\s=:]", show_plain(name).strip("<>@$ "), maxsplit=1)[0]
    return plain in LANGUAGE_NAMES or re.split(r"[.]", plain)[-1] in LANGUAGE_NAMES

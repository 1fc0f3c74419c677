"""The marks of inline Markdown: what a paragraph is searched for, and which brackets belong together."""

import re

from shared.docs.markdown.templates import ATTRIBUTES, EMOJI, KEYS, TEMPLATE

TOKEN = re.compile(
    rf"""
    (?P<break>\\\Z|(?:\\|[ ]{{2,}})\n)
  | (?P<math>\${{1,2}}(?:[A-Za-z]|(?=\S)[^$\n`]*[\\^_{{}}][^$\n`]*(?<=\S))\${{1,2}}(?!\d))
  | (?P<escape>\\[!-/:-@\[-`{{-~])
  | \{{(?P<role>[A-Za-z][\w:+.-]*)\}}(?P<role_ticks>`+)(?P<role_text>[^`]+)(?P=role_ticks)
  | (?<!`)(?P<ticks>`+)(?!`)(?P<code>[\s\S]+?)(?<!`)(?P=ticks)(?!`)(?P<after>\{{[:.]\w[\w.-]*\}})?
  | (?P<lone>`+)
  | (?P<comment><!--[\s\S]*?(?:-->|\Z))
  | <(?P<address>(?:https?|ftp|mailto):[^\s<>]+)>
  | <(?P<docc>doc:[^\s<>]+)>
  | <(?P<elsewhere>[a-z][a-z0-9+.-]{{1,31}}://[^\s<>]+)>
  | <(?P<mail>[\w.+-]+@[\w.-]+\.\w+)>
  | (?P<tag></?(?=[A-Za-z]))
  | (?P<footnote>\^?\[\^[^\[\]\s]{{1,60}}\])
  | (?P<image>!(?=\[))
  | (?P<crossing>(?:\[|(?<![\w@/`-]))-?@(?P<crossed>(?:sec|fig|tbl|lst|eq)-[\w-]*\w)(?![\w/])(?P<closed>\])?)
  | (?P<bracket>\[)
  | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
  | (?P<template>{TEMPLATE})
  | (?P<attributes>{ATTRIBUTES})
  | (?P<url>(?:https?|ftp)://(?:\{{\{{[^{{}}\n]{{1,100}}\}}\}}|(?!&(?!amp;)[A-Za-z]{{2,8}};)[^\s<>\[\]`|])*[\w/#=%~+$-])
  | (?P<starred>(?<![\w\\])_(?![\s_])[^\s*`\[\]<\\]{{0,200}}\*[^\s*`\[\]<\\]{{0,200}}_(?!\w))
  | (?P<dash>(?<=[^\s|]\s)---(?=\s[^\s|]))
  | (?P<emoji>{EMOJI}(?:\{{[^{{}}\n]*\}})?)
  | (?P<keys>{KEYS})
  | (?P<strike>~~(?=\S)(?:[^~\n]|~(?!~)){{1,500}}~~)
  | (?P<mark>(?<![A-Za-z0-9_])==(?=\S)(?P<marked>[^=\n]{{1,500}})(?<=\S)==(?![A-Za-z0-9_]))
    """,
    re.VERBOSE,
)
# Where a token may begin; looking for this first is several times faster than looking for the tokens.
MARK = re.compile(
    r"[\\`<!\[&{$:+~=^]|-?@(?:sec|fig|tbl|lst|eq)-|(?:ht|f)tps?://|(?<! )  ++\n|(?<=\s)---(?=\s)|(?<![\w\\])_(?=[^\s_])"
)
_SKIPPED = re.compile(r"\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]+?(?<!`)\1(?!`)|<[A-Za-z/!][^<>]*>|[\[\]]")


def matching_brackets(text: str) -> dict[int, int]:
    """Offsets of `[` with those of their `]`, brackets in code and tags aside."""
    closers: dict[int, int] = {}
    stack: list[int] = []
    for match in _SKIPPED.finditer(text):
        if match.group() == "[":
            stack.append(match.start())
        elif match.group() == "]" and stack:
            closers[stack.pop()] = match.start()
    return closers

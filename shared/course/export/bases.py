"""What a model adds to the source, as pages show it: one box for neighbours, the answer of a task folded, and the
language's own name.
"""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from shared.course.basis import LABELS, Basis, read_basis
from shared.course.fences import parse_info

from .code_html import name_language

_GENERAL = f"{LABELS['language']}:"


def show_bases(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a text with labels: quotes of one basis that follow one another are one, and what is worked out
    behind a task is folded, so that a learner can predict it. "In general" has the name of the language shown before.
    """
    boxes: list[list[Token]] = []
    bases: list[Basis] = []
    _name_languages(tokens)
    for group in _split_top(tokens):
        basis = read_basis(group[2].content) if group[0].type == "blockquote_open" and len(group) > 2 else "source"
        if basis != "source" and bases[-1:] == [basis]:
            boxes[-1][-1:] = _without_label(group)
            continue
        boxes.append(group)
        bases.append(basis)
    shown: list[Token] = []
    for number, (group, basis) in enumerate(zip(boxes, bases, strict=True)):
        is_answer = basis == "worked" and number > 0 and bases[number - 1] == "task"
        shown += _folded(group) if is_answer else group
    return shown


def _split_top(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block that stands in no other."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0 and token.type != "inline":
            yield group
            group = []


def _without_label(quote: list[Token]) -> list[Token]:
    """What stands in a quote, and its end."""
    inline = quote[2]
    children = inline.children or []
    behind = next((at for at, child in enumerate(children) if child.type == "strong_close"), -1) + 1
    rest = [child for child in children[behind:] if child.content or child.type != "text"]
    if not rest:
        return quote[4:]
    if rest[0].type == "text":
        rest[0].content = rest[0].content.lstrip()
    inline.children = rest
    return quote[1:]


def _folded(group: list[Token]) -> list[Token]:
    opening = Token("html_block", "", 0, content='<details class="reply"><summary>The answer</summary>\n')
    return [opening, *group, Token("html_block", "", 0, content="</details>\n")]


def _name_languages(tokens: Sequence[Token]) -> None:
    """Says the language of the code before it in the place of "In general"."""
    language = ""
    for token in tokens:
        if token.type == "fence":
            language = name_language(parse_info(token.info).language.lower())
        elif token.type == "inline" and language and read_basis(token.content) == "language":
            for child in token.children or []:
                if child.content == _GENERAL:
                    child.content = f"{language}:"
                    break

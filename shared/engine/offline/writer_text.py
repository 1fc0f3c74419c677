"""Sentences of the source made fit for a module: links rewritten, markup closed, ends and beginnings set right."""

import re
from collections.abc import Callable

from shared.course.wording import find_filler, find_leftover, points_back

_DEPENDS = re.compile(
    r"^(?:the )?(?:first|second|third|fourth|fifth|last|other|main) (?:one|reason|thing|way|difference|is|are)\b"
    r"|^(?:one|two|three|some|most|many|all|none|each|any) of (?:them|these|those|it)\b|^(?:the )?(?:result|rest)\b"
    r"|^(?:as (?:you|we) can see|what (?:this|that) means|this|the reason|in this|if so|for (?:example|instance)"
    r"|whereas|in (?:other words|particular|these|those|such)|with (?:this|that|these)|once (?:this|that|you do)"
    r"|doing so"
    r"|(?:before|after|because of|given|due to|apart from|unlike|like|using|without) (?:this|that|these)|that said|nice"
    r"|the (?:above|previous|resulting|same|reason|problem here)|now,? (?:that|we have|when|if you run)|else|of course"
    r"|to \w+ (?:this|that|these|it)|(?:when|if) (?:this|that)|if you (?:run|don't need) (?:this|it))\b",
    re.IGNORECASE,
)
LinkTarget = Callable[[str], str | None]

CODE_SPAN = re.compile(r"(?:(?<!`)|(?<=\\`))(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(
    r"(!?)\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"
)
_ADDRESS = re.compile(r"(?<![\w`/])(?:https?|nats|tls|wss?)://[^\s<>()\[\]`\"“”]*[^\s<>()\[\]`\"“”.,;:!?'’*]")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
_EMPHASIS = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3})(?=\S)|(?<=\S)(?<!\\)(\*{1,3}|_{1,3})(?!\w)")
_UNDERSCORED = re.compile(r"(?<![\w\\])(_{1,2})(?=[^\s_])(?:(?!\1).)*?[^\s_]\1(?!\w)")
_MARK_LIKE = re.compile(r"\[\^[^\]]*\]")


def rewrite_links(text: str, target: LinkTarget) -> str:
    """Links with the target the course gives them; those without one become their text. Code spans stay as they are."""

    def replace(found: re.Match[str]) -> str:
        if found.group(1):
            return ""
        label = found.group(2).strip()
        address = target(found.group(3))
        return f"[{label}]({address})" if address and label and not label.startswith("!") else label

    pieces: list[str] = []
    position = 0
    masked = mask_code(text)
    for found in LINK.finditer(masked):
        actual = LINK.match(text, found.start())
        if actual is None or found.start() < position:
            continue
        pieces += [text[position : found.start()], replace(actual)]
        position = actual.end()
    pieces.append(text[position:])
    return _AUTOLINK.sub(lambda found: found.group(1).removeprefix("mailto:"), "".join(pieces))


def mask_code(text: str) -> str:
    """Code spans blanked at equal length, so that nothing in them looks like a link."""
    return CODE_SPAN.sub(lambda found: "X" * len(found.group()), text)


def escape_html(text: str) -> str:
    """A `<` outside code that could open a tag is escaped: modules hold no raw HTML."""
    masked = mask_code(text)
    return "".join(
        "\\" + char if char == "<" and masked[i] == "<" and text[i - 1 : i] != "\\" else char
        for i, char in enumerate(text)
    )


def strip_markup(text: str) -> str:
    """The words of an inline text: link targets, code ticks and emphasis gone."""
    text = rewrite_links(text, lambda _: None)
    text = CODE_SPAN.sub(lambda found: found.group(2), text)
    return re.sub(r"\\([^\w\s])", r"\1", _EMPHASIS.sub("", text)).strip()


_ASIDE = re.compile(
    r"\s*\((?:see|also see|see also|cf\.?|read more|more)\b[^()]*(?:\([^()]*\)[^()]*)*\)", re.IGNORECASE
)


_PROMISE = re.compile(
    r",? (?:as|which) (?:we|you)(?:['’]ll| will)? (?:see|discuss|cover|learn|explain|explore|look at|talk about)\b"
    r"(?:[^,.;:`]|\.(?=\w))*(?=[.;]|$)",
    re.IGNORECASE,
)


def drop_asides(text: str) -> str:
    """The sentence without remarks that send the reader elsewhere: in brackets, or promised for later."""
    masked = mask_code(text)
    for found in sorted([*_ASIDE.finditer(masked), *_PROMISE.finditer(masked)], key=lambda f: -f.start()):
        text = text[: found.start()] + text[found.end() :]
    return text


def set_addresses(text: str) -> str:
    """Bare addresses as links, or as code where the course must not lead there: nothing that follows runs into them."""
    masked = LINK.sub(lambda found: "X" * len(found.group()), mask_code(text))
    for found in reversed(list(_ADDRESS.finditer(masked))):
        address = text[found.start() : found.end()]
        shown = f"[{address}]({address})" if address.startswith("https://") else f"`{address}`"
        text = text[: found.start()] + shown + text[found.end() :]
    return text


def set_emphasis(text: str) -> str:
    """Emphasis by underscores as emphasis by asterisks, which no name of code holds at its ends."""
    masked = LINK.sub(lambda found: "X" * len(found.group()), CODE_SPAN.sub(lambda f: "`" * len(f.group()), text))
    for found in reversed(list(_UNDERSCORED.finditer(masked))):
        (start, end), width = found.span(), len(found.group(1))
        text = text[:start] + "*" * width + text[start + width : end - width] + "*" * width + text[end:]
    return text


def tidy(text: str, target: LinkTarget) -> str:
    """One sentence on one line, links rewritten, nothing left that Markdown would take for a tag or mark."""
    text = rewrite_links(drop_asides(" ".join(text.split())), target)
    return escape_html(set_addresses(set_emphasis(_MARK_LIKE.sub("", text)))).strip()


def is_broken(text: str) -> bool:
    """Whether markup of the source leaked, or emphasis and code are not closed."""
    without_code = CODE_SPAN.sub("", text)
    if text.startswith(("$ ", "% ", ">>> ")):
        return True  # a line of a shell that was taken for a sentence
    if "`" in without_code or find_leftover(rewrite_links(without_code, lambda _: None)) or find_filler(without_code):
        return True
    if without_code.replace("\\*", "").count("**") % 2:
        return True
    return without_code.count("(") != without_code.count(")") or without_code.count("[") != without_code.count("]")


def opens_by_itself(text: str) -> bool:
    """Whether a sentence can be read without the one before it."""
    plain = strip_markup(text)
    return bool(plain) and not points_back(plain) and not _DEPENDS.match(plain.lstrip("(\"“‘'"))


def leads_on(text: str) -> bool:
    """Whether a sentence announces what follows it."""
    return text.rstrip("*_ ").endswith((":", "："))


def end_sentence(text: str) -> str:
    """The text with a full stop at its end; a comma or semicolon there gives way to it."""
    bare = text.rstrip()
    core = bare.rstrip("*_\"'”’)")
    if core.endswith((".", "!", "?", "…", ":", "。", "！", "？")):
        return bare
    return bare.rstrip(",;") + "."


def begin_sentence(text: str, code_words: frozenset[str]) -> str:
    """The text with a capital at its start, unless its first word is a name the code uses."""
    found = re.match(r"[*_\"“(]*([a-z]+(?:['’][a-z]+)?)(?=[\s,;:.)*_]|$)", text)
    if not found or found.group(1) in code_words:
        return text
    at = found.start(1)
    return text[:at] + text[at].upper() + text[at + 1 :]


def is_plain_title(text: str) -> bool:
    """Whether a title holds words only: no code, number, name in mixed case, path, flag or abbreviation."""
    words = text.split()
    return bool(words) and all(
        re.fullmatch(r"[(\"“]?[A-Za-z]?[a-z]*(?:['’-][a-z]+)?[)\"”]?[,:?!]?|&|–|—", w) for w in words
    )

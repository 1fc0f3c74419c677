"""The author's inline Markdown made fit for a course: every word stays, links lead where the course has them."""

import re
from collections.abc import Mapping
from typing import Protocol

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.crossings import Place
from shared.course.links_check import secure
from shared.course.wording import find_leftover
from shared.docs.anchors import REFERENCE
from shared.docs.code_spans import code_span
from shared.docs.model import Document
from shared.engine.distance import SectionKey
from shared.engine.types import Span
from shared.language.headings import CODE_SPAN
from shared.language.terms import plain


class LinkTarget(Protocol):
    """From a link's address and words to its address in the course, or None, and the words to show.

    Words may be a heading of another page: its lines are added to those `cited`. A name in code does not
    lead `here`, to the section that it stands in.
    """

    def __call__(
        self, target: str, words: str, cited: list[Span] | None = None, here: SectionKey | None = None
    ) -> tuple[str | None, str]:
        """See above."""
        ...


_CODE = re.compile(r"(?:(?<![\\`])|(?<=\\`))(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_ADDRESS = re.compile(r"(?<![\w`/])(?:https?|nats|tls|wss?)://(?!\\)[^\s<>()\[\]`\"“”]*[^\s<>()\[\]`\"“”.,;:!?'’*]")
_AT_EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # an underscore that may open or close emphasis
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
_UNDERSCORED = re.compile(r"(?<![\w\\])(_{1,2})(?=[^\s_])(?:(?!\1).|(?<=\w)_(?=\w))*?[^\s_]\1(?!\w)")
_OPENING = re.compile(r"\[(?=\^)|(?<!\\)<")  # of a citation mark, or a tag
_BLOCK_START = re.compile(r"(\d+)(?=[.)]\s)|(?=#{1,6}\s|[-+*]\s|>|\||={3,}|-{3,}|~{3,}|\[\^)")
_MOST_LEFTOVERS = 20


def fit(text: str, target: LinkTarget) -> str:
    """One sentence, cell or term on one line; what Markdown or a reader could take for markup is shown as code."""
    text = _rewrite_links(" ".join(text.split()), target)
    text = _escape_openings(_set_emphasis(_set_addresses(text)))
    return _show_leftovers(_close_marks(text)).strip()


def open_links(brief: ModuleBrief, document: Document, fragments: Mapping[SectionKey, str]) -> LinkTarget:
    """Targets of a document's links as the course has them: a heading here, another module, an https address, or None.

    A link without words of the author's has the heading of its place, which is cited. A target of "" asks for a name
    in code. `fragments` are those of this module's headings, "" for its title.
    """
    known = {link.target: link for link in document.links}
    names = {link.text: link for link in document.links if link.target.startswith(REFERENCE)}
    untitled = {(link.target, link.text) for link in document.links if link.untitled}
    written = "\n".join(document.raw_lines)

    def resolve(
        target: str, words: str, cited: list[Span] | None = None, here: SectionKey | None = None
    ) -> tuple[str | None, str]:
        link = known.get(target) if target else names.get(words)
        place = brief.find(link, document.path) if link else None
        if place is None:
            if link and brief.site and re.match(r"/(?!/)", target):
                return _lead_out(brief.site + target, words)
            host = re.match(r"[a-z]+://([^\s<>\"/]+)", target, re.IGNORECASE)
            # An address that the document does not have was made up by the program that read the document.
            if host and host[1] in written:
                return _lead_out(target, words)
            # The label of a place of another project is not a phrase.
            is_label = (target, words) in untitled and target.startswith(REFERENCE) and " " in words
            return None, f"`{target.removeprefix(REFERENCE)}`" if is_label else words
        heading = plain(place.heading)
        is_phrase = bool(heading) and not re.search(r"[!?:;\[\]|]|\.\s", heading)
        if (target, words) not in untitled or cited is None or not place.line or not is_phrase:
            key = place.key or ("", "")
            return lead(place) if target or (key != here and fragments.get(key) != "") else None, words
        cited.append(Span(path=place.path, start_line=place.line, end_line=place.line))
        return lead(place), show_heading(heading)

    def lead(place: Place) -> str | None:
        own = fragments.get(place.key) if place.key else None
        return brief.link(place) if own is None else f"#{own or brief.module.id}"

    return resolve


def _lead_out(address: str, words: str) -> tuple[str | None, str]:
    """A link that may be followed, with the address that the author wrote as its title where that is another one."""
    secured = secure(address)
    if re.search(r"[()]", re.sub(r"\([^()]*\)", "", secured)):
        secured = secured.replace("(", "%28").replace(")", "%29")
    title = f' "{address}"' if address not in (secured, words) else ""
    return f"{secured}{title}" if secured else None, words


def escape_start(paragraph: str) -> str:
    """The paragraph with what Markdown would take for a heading, list, quote or table at its start escaped."""
    found = _BLOCK_START.match(paragraph)
    if found is None:
        return paragraph
    at = found.end(1) if found.group(1) else 0
    return f"{paragraph[:at]}\\{paragraph[at:]}"


def show_heading(heading: str, written: str = "") -> str:
    """The plain words of a heading as Markdown: the code that its author marked in the line of the file (`written`),
    and what Markdown would read as markup, as code.
    """
    shown, rest = "", " ".join(heading.split())
    for _, code in CODE_SPAN.findall(written):
        words = " ".join(code.split())
        if found := re.search(rf"(?<![\w`]){re.escape(words)}(?![\w`])", rest):
            shown += _show_words(rest[: found.start()]) + code_span(words)
            rest = rest[found.end() :]
    return shown + _show_words(rest)


def _show_words(text: str) -> str:
    bare = text.strip("`")
    text = text if "`" in bare else bare
    if re.search(r"^\S*[\w\]]\([^()]*(?:\([^()]*\)[^()]*)*\)$|^\S*[_<*\[{]\S*$", text):
        return f"`{text}`" if "`" not in text else text
    text = re.sub(
        r"<[^<>]*>|(?<!\S)[^\s`]*[\w\]]\((?!s\))[^()`]*\)|(?<![\w`])\S*(?:\w_\w|__|\*)\S*(?<![.,;:!?])|\{[^{}]*\}",
        lambda found: f"`{found.group().strip('`')}`",
        text,
    )
    return _show_leftovers(re.sub(r"(`[^`]*`)|(?<!\\)([<\[\]])", lambda found: found[1] or f"\\{found[2]}", text))


def hide_links(markdown: str) -> str:
    """The text with links blanked at equal length."""
    return _LINK.sub(lambda found: "\0" * len(found.group()), markdown)


def _mask(text: str, *patterns: re.Pattern[str]) -> str:
    """The text with code and what the patterns match blanked at equal length."""
    for pattern in (_CODE, *patterns):
        text = pattern.sub(lambda found: "X" * len(found.group()), text)
    return text


def _rewrite_links(text: str, target: LinkTarget) -> str:
    """Links with the target the course gives them; those without one become their words."""
    pieces: list[str] = []
    position = 0
    for found in _LINK.finditer(_mask(text)):
        actual = _LINK.match(text, found.start())
        if actual is None or found.start() < position:
            continue
        address, label = target(actual.group(3), actual.group(2).strip())
        words = "" if actual.group(1) else _set_emphasis(label)
        linked = address and words and not words.startswith("!")
        after = " " if actual.group(2)[-1:].isspace() and text[actual.end() :][:1].isalnum() else ""
        pieces += [text[position : found.start()], f"[{words}]({address})" if linked else words, after]
        position = actual.end()
    pieces.append(text[position:])
    text = "".join(pieces)
    for found in reversed(list(_AUTOLINK.finditer(_mask(text)))):
        text = text[: found.start()] + found.group(1).removeprefix("mailto:") + text[found.end() :]
    spans = [found.span() for found in _CODE.finditer(_LINK.sub(lambda link: "\0" * len(link.group()), text))]
    for start, end in reversed(spans):  # names in code that the author has made references
        address, _ = target("", text[start:end].strip("`"))
        text = f"{text[:start]}[{text[start:end]}]({address}){text[end:]}" if address else text
    return text


def _set_addresses(text: str) -> str:
    """Bare addresses as links, or as code where the course must not lead there: nothing that follows runs into them."""
    for found in reversed(list(_ADDRESS.finditer(_mask(text, _LINK)))):
        address = text[found.start() : found.end()]
        label = _AT_EDGE.sub(r"\\_", address)
        shown = f"[{label}]({secured})" if (secured := secure(address)) else f"`{address}`"
        text = text[: found.start()] + shown + text[found.end() :]
    return text


def _set_emphasis(text: str) -> str:
    """Emphasis by underscores as emphasis by asterisks, which no name of code holds at its ends."""
    masked = _LINK.sub(lambda f: "X" * len(f.group()), _CODE.sub(lambda f: "`" * len(f.group()), text))
    for found in reversed(list(_UNDERSCORED.finditer(masked))):
        (start, end), width = found.span(), len(found.group(1))
        if (text[max(0, start - 1) : start] == "*") == (text[end : end + 1] == "*"):  # else they would grow together
            text = text[:start] + "*" * width + text[start + width : end - width] + "*" * width + text[end:]
    return text


def _escape_openings(text: str) -> str:
    """The text with a backslash before each sign outside code that would open a citation mark or a tag.

    A module holds no raw HTML.
    """
    for found in reversed(list(_OPENING.finditer(_mask(text)))):
        text = f"{text[: found.start()]}\\{text[found.start() :]}"
    return text


def _close_marks(text: str) -> str:
    """A backtick that nothing closes goes; a pair of asterisks that nothing closes is shown as itself."""
    masked = _mask(text)
    text = "".join(char for i, char in enumerate(text) if masked[i] != "`" or masked[i - 1 : i] == "\\")
    masked = _mask(text)
    if masked.replace("\\*", "").count("**") % 2:
        at = masked.rindex("**")
        text = f"{text[:at]}\\*\\*{text[at + 2 :]}"
    return text


def _show_leftovers(text: str) -> str:
    """Markup that the reader of the file did not know, shown as code instead of pretending to be prose."""
    for _ in range(_MOST_LEFTOVERS):
        # Code is blanked, not spelled as letters: `A`\<`B`\> would read as a tag.
        masked = _mask(_CODE.sub(lambda code: "\0" * len(code.group()), text), _LINK)
        found = find_leftover(masked)
        start = masked.find(found) if found else -1
        if not found or start < 0:
            break
        text = f"{text[:start]}`{found}`{text[start + len(found) :]}"
    return text

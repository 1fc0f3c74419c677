"""Code of a Markdown document: fences, indented code and what they include, always equal to lines of some file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, groupby, product
from typing import TYPE_CHECKING

from markdown_it.token import Token

from shared.docs.code_marks import shown_text, without_marks
from shared.docs.formats import format_of
from shared.docs.headings import MODULE_NAME, Part
from shared.docs.included import Included, NotIncluded
from shared.docs.includes import Include, includes_in_code
from shared.docs.links import image_candidates
from shared.docs.listed_lines import marked_lines
from shared.docs.markdown.html_blocks import NumberedLines
from shared.docs.model import Block, Container, Image, Link
from shared.docs.plain import plain_text
from shared.docs.reading import ReadMarkdown, say_not_shown
from shared.docs.rst.directive_kinds import kind_of
from shared.docs.rst.literalinclude import select_lines
from shared.docs.rst.paths import include_candidates
from shared.docs.run_code import RUN_LANGUAGES, count_unseen, pictures_of
from shared.docs.snippets import has_gaps, resolve, undent, visible_lines
from shared.workers.away import later

if TYPE_CHECKING:
    from shared.docs.rst.document import read_part as read_rst
else:
    read_rst = later("shared.docs.rst.document:read_part")

_DIRECTIVE = re.compile(r"^\{([A-Za-z][\w:+-]*)\}\s*(.*)$")
_OPTION = re.compile(r"^:([\w-]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NESTED = re.compile(r"\s*(?:`{3}|:{3}|~{3})")
_YAML_OPTION = re.compile(r"^([\w-]+):\s*(.*)$")
_CODE_DIRECTIVES = {"code-cell", "ipython", "ipython3", "jupyter-execute", "code", "sourcecode", "code-block"}
_INFO_TITLE = re.compile(
    r"(?:title|filename)=\"([^\"]{1,200})\"|(?:title|filename)='([^']{1,200})'|\sfilename=([^\s\"']{1,200})"
    r"|\s\[([^\[\]]{1,200})\]\s*$"
)
_INFO_MARKED = re.compile(r"(?:(?:(?<!=)|\bmark=)\{(?=[\d,\s-]{1,300}\})|\bhl_lines=\[?)([\d,\s\"'-]{1,300})")
_INFO_TAB = re.compile(r"\stab(?:=(?:[\"']([^\"']{1,200})[\"']|([^\s\"']{1,200})))?(?=\s|$)")
# Blocks of Julia's Documenter: what the site's builder lists, hides, or puts in for the names.
_DOCUMENTER = re.compile(r"@(docs|autodocs|contents|index|meta|setup|eval|raw)\b")
_LANGUAGE = re.compile(r"^[\w+#-]+")


class CodeReader:
    """Turns code tokens of one file into blocks; what could not be shown is said in `problems`."""

    def __init__(self, path: str, raw_lines: Sequence[str], included: Included, read_markdown: ReadMarkdown) -> None:
        self.problems: list[str] = []
        self.links: list[Link] = []
        self._path = path
        self._raw = raw_lines
        self._included = included
        self._read_markdown = read_markdown
        self._settings: dict[str, str] = {}

    def read(self, token: Token, depth: int, *, quoted: bool) -> Sequence[Part]:
        """The blocks a fence or an indented block stands for; `quoted` says its raw lines carry a quote's mark."""
        assert token.map is not None
        first = token.map[0] + (2 if token.type == "fence" else 1)
        texts = token.content.removesuffix("\n").split("\n") if token.content else []
        lines = list(enumerate(texts, first))
        info = token.info.strip()
        if (directive := _DIRECTIVE.match(info)) and directive.group(1).lower() not in RUN_LANGUAGES:
            return self._directive(directive.group(1), directive.group(2), lines, first - 1)
        if directive:
            lines = list(dropwhile(lambda line: re.match(r":[\w-]+:", line[1].strip()), lines))
        unseen = count_unseen(info, [text for _, text in lines])
        if unseen == len(lines) > 0:
            shown = pictures_of(texts)
            return [self._picture(first + place, file, caption, depth) for place, file, caption in shown]
        lines = lines[unseen:]
        language, title = language_of(info), title_of(info)
        if hidden := _DOCUMENTER.match(info):
            return self.made([line for line in lines if line[1].strip()] if hidden[1] == "docs" else [], depth)
        is_empty = info.startswith("{") and "=" in info and not token.content.strip()
        if is_empty and language not in RUN_LANGUAGES:  # a program of the site makes what is shown
            return self.made([(first - 1, info.strip("{} "))], depth)
        tab, around = _INFO_TAB.search(info), []
        if tab:
            label = tab[1] or tab[2] or title or language
            title = title if title != label else ""
            around = [Container("tab", first - 1, title=label)]
        listed = found[1] if (found := _INFO_MARKED.search(info)) else ""
        blocks = [*(self._as_read if quoted else self._with_includes)(lines, language, depth, listed)]
        if blocks[1:]:  # its numbers count through all of them
            blocks = [replace(one, marked=()) for one in blocks]
        return [replace(one, title="" if at else title, within=(*around, *one.within)) for at, one in enumerate(blocks)]

    def made(self, names: NumberedLines, depth: int) -> list[Block]:
        """The note that what is named on these lines is put in when the site is built."""
        self.problems += [f"line {line}: {name.strip()} is put in when the site is built" for line, name in names]
        return say_not_shown(names, depth)

    def _with_includes(self, lines: NumberedLines, language: str, depth: int, listed: str) -> Iterator[Block]:
        for includes, group in groupby(lines, lambda line: includes_in_code(self._path, line[1])):
            if not includes:
                yield from self._own(list(group), language, depth, listed)
            for number, include in product((number for number, _ in group), includes):
                yield from self.included(replace(include, marked=listed, marks_file=False), number, language, depth)

    def chosen_part(self, token: Token) -> Include | None:
        """The lines of another page that an `{include}` of MyST chooses, by numbers or by marks; None for all else."""
        directive = _DIRECTIVE.match(token.info.strip())
        options = {found[1]: found[2].strip("'\"") for found in _OPTION.finditer(token.content)}
        if directive is None or directive[1] != "include" or not options:
            return None
        found = next((p for p in include_candidates(self._path, directive[2]) if p in self._included), None)
        if found is None or format_of(found) not in ("markdown", "mdx"):
            return None
        try:
            lines = self._included.lines(found)
        except NotIncluded:
            return None
        chosen = select_lines(lines, options, (1, len(lines)))
        is_part = 0 < len(chosen) < len(lines)
        return Include(directive[2], (found,), ranges=((chosen[0], chosen[-1]),)) if is_part else None

    def included(self, include: Include, number: int, language: str, depth: int) -> list[Block]:
        """The code that an include on line `number` brings, citing the included file's lines; else a problem."""
        try:
            return [resolve(include, self._included, language, depth)]
        except NotIncluded as error:
            self.problems.append(f"line {number}: {error}: {include.spelled}")
            return say_not_shown([(number, include.spelled)], depth)

    def preformatted(self, lines: NumberedLines, language: str, depth: int) -> list[Block]:
        """`<pre>` or a diagram of an HTML block, as a browser shows it: tags may stand around and in its lines."""
        shown = [(number, shown_text(text)) for number, text in lines]
        whole = [(number, text) for number, text in shown if self._raw[number - 1].strip() == text.strip()]
        if any(text.strip() and (number, text) not in whole for number, text in shown):
            return self._as_read(shown, language, depth)
        return self._own(whole, language, depth) if any(text.strip() for _, text in whole) else []

    def _picture(self, line: int, target: str, caption: str, depth: int) -> Block:
        candidates = image_candidates(self._path, target)
        path = next((one for one in candidates if one in self._included), candidates[0] if candidates else None)
        return Block("image", line, line, depth=depth, image=Image(plain_text(caption), target, path))

    def _own(self, lines: NumberedLines, language: str, depth: int, listed: str = "") -> list[Block]:
        """Code that stands in this document: its lines that readers see; `listed` are those to highlight."""
        numbers = [number for number, _ in lines]
        seen = visible_lines(self._raw, numbers, language)
        if not seen:
            if lines:
                self.problems.append(f"line {lines[0][0]}: an empty code block was left out")
            return []
        texts = dict(lines)
        raw = [self._raw[n - 1] for n in seen]
        if [texts[n].strip() for n in seen] != [line.strip() for line in raw]:
            return self._as_read([(n, texts[n]) for n in seen], language, depth, listed, numbers)
        code = without_marks(undent(raw))
        own = Block("code", seen[0], seen[-1], depth=depth, code=code, language=language, adapted=has_gaps(seen))
        return [replace(own, marked=marked_lines(listed, numbers, seen))]

    def _as_read(
        self, lines: NumberedLines, language: str, depth: int, listed: str = "", numbers: Sequence[int] = ()
    ) -> list[Block]:
        """Code whose lines hold more than it: a quote's mark, a wrap. `listed` counts in `numbers`, else `lines`."""
        filled = [i for i, (_, text) in enumerate(lines) if text.strip()]
        if not filled:
            return []
        kept = lines[filled[0] : filled[-1] + 1]
        code, first, last = without_marks("\n".join(text for _, text in kept)), kept[0][0], kept[-1][0]
        marked = marked_lines(listed, numbers or [number for number, _ in lines], (number for number, _ in kept))
        return [Block("code", first, last, depth=depth, code=code, language=language, adapted=True, marked=marked)]

    def _directive(self, name: str, argument: str, lines: NumberedLines, opening: int) -> Sequence[Part]:
        """A MyST directive, read by the reader of the language it comes from."""
        if name == "eval-rst":
            return self._as_rst(lines)
        if lines and _NESTED.match(lines[0][1]) and kind_of(name) in ("code", "unknown"):
            return self._own(lines, "", 0)  # its first line is no option
        body = list(lines)
        options: NumberedLines = []
        fenced = bool(body) and body[0][1].strip() == "---"
        if fenced:
            options.append((body.pop(0)[0], ""))
        while body and (fenced or re.match(r":[\w-]+:", body[0][1].strip())):
            number, text = body.pop(0)
            if fenced and text.strip() == "---":
                options.append((number, ""))
                break
            yaml = _YAML_OPTION.match(text.strip())
            option = f":{yaml[1]}: {yaml[2]}" if fenced and yaml else text.strip()
            options.append((number, f"   {option}"))
        if name in _CODE_DIRECTIVES:
            kernel = re.search(r"(?m)^ *language: *(\w+)", "\n".join(self._raw[:40])) if name == "code-cell" else None
            listed = next((text[20:] for _, text in options if text.startswith("   :emphasize-lines:")), "")
            body = [*dropwhile(lambda line: not line[1].strip(), body)]
            return self._own(body, language_of(argument) or (kernel[1] if kernel else ""), 0, listed)
        options = [(number, text) for number, text in options if text]
        head = [(opening, f".. {name}:: {argument}".rstrip()), *options]
        return self._as_rst([*head, *((number, f"   {text}" if text.strip() else "") for number, text in body)])

    def _as_rst(self, lines: Sequence[tuple[int, str]]) -> Sequence[Part]:
        """Lines of reStructuredText, read in place: a line that is missing between them counts as blank."""
        placed: list[str] = []
        first_line = lines[0][0] if lines else 1
        for number, text in lines:
            placed += [""] * (number - first_line - len(placed))
            placed.append(text)
        read = read_rst(self._path, placed, self._included, first_line, self._settings, self._read_markdown)
        self.problems += read.problems
        self.links += read.inline.links
        return [one for one in read.parts if isinstance(one, Block) or one.level >= MODULE_NAME]


def language_of(info: str) -> str:
    """The language a fence's info string names, in lower case, without the generators' additions; "" for none."""
    if not info:
        return ""
    if info[0] == "{":
        words = info.strip("{} ").split()
        named = next((word[1:] for word in words if word.startswith(".")), words[0] if words else "")
        return named.lower() if _LANGUAGE.fullmatch(named) else ""
    if info.startswith(("@example", "@repl", "jldoctest")):
        return "julia"
    word = re.split(r"[\s,{:]", info, maxsplit=1)[0]
    match = _LANGUAGE.match(word)
    return match.group().lower().removeprefix("language-") if match and "=" not in word else ""


def title_of(info: str) -> str:
    """The label a fence's info string gives to the code: `title="a.py"`, or `[npm]` in a group; "" for none."""
    match = _INFO_TITLE.search(info)
    return next((group for group in match.groups() if group), "").strip() if match else ""

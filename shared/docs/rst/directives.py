"""How a reader treats each directive of reStructuredText (docutils', Sphinx' and common extensions')."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

from shared.docs.code_marks import shown_text
from shared.docs.code_spans import code_span
from shared.docs.formats import format_of
from shared.docs.headings import MODULE_NAME, Heading
from shared.docs.included import NotIncluded
from shared.docs.included_prose import find_part
from shared.docs.links import image_candidates
from shared.docs.model import VERSION_TITLES, Block, Container, Image, Sentence
from shared.docs.plain import plain_text
from shared.docs.prose import Line, dedent, note_mark, trim_blank
from shared.docs.reading import Place, Reading, indented_block, put_within
from shared.docs.rst.autodoc import MODULE, OWNER, not_shown, read_names, read_object, read_owned
from shared.docs.rst.directive_kinds import CODE_LANGUAGES, DirectiveKind, is_target, kind_of
from shared.docs.rst.explicit import Directive, parse_directive
from shared.docs.rst.highlighted import HIGHLIGHT, add_highlighted
from shared.docs.rst.literalinclude import read_literalinclude, select_lines
from shared.docs.rst.paths import include_candidates, object_name
from shared.docs.rst.tables import read_csv_table, read_list_table

_TABS = frozenset({"tab", "tab-item", "group-tab", "dropdown", "details", "collapse", "card", "grid-item-card"})
_PAGE = re.compile(r"(?!\s*(?:self|(?:gen|mod|py-mod)index|search|\.\.(?:\s.*)?)$)[^*?\[`]+$")  # no pattern, no comment
_BADGE = re.compile(r"badge|shields\.io|/workflows/")
_CARD_RULES = frozenset({"+++", "^^^"})  # between the header, the text and the footer of a card
_CODE_LINE = re.compile(
    r"^\s*(?:[$>#@]\s?|\w+\(|(?:def|class|import|from|return|if|for|let|const|var|fn)\b)|[;{}]\s*$|\w\(.*\)$|\w = "
)
_PREFORMATTED = re.compile(r"<pre\b[^<>]*>(?P<shown>(?:[^<]++|<(?!/?pre\b))*+)</pre\s*>", re.IGNORECASE)
_UNDERLINE = re.compile(r"(?!(?:::|\.\.)$)([=\-~^\"'*+#.:`_])\1+\s*$")
_FOOTNOTE = re.compile(r"^\.\.\s+\[(?P<label>\d+|#[\w-]*|\*|[A-Za-z][\w.-]*)\](?:\s+|$)")


def read_explicit(reading: Reading, lines: Sequence[Line], place: Place) -> None:
    """Read one explicit markup block, given with its `..` line first."""
    directive = parse_directive(lines)
    if directive is None:
        if note := _FOOTNOTE.match(lines[0].text):
            said = trim_blank([Line(lines[0].number, lines[0].text[note.end() :]), *dedent(lines[1:])])
            marked = [Line(one.number, f"{note_mark(note['label'])} {one.text}") for one in said[:1]]
            reading.parts.extend(reading.body([*marked, *said[1:]], place.inside()))
        return
    if not directive.body and not directive.options and is_target(directive.name, directive.argument_text):
        return
    kind = kind_of(directive.name)
    if kind == "unknown":
        kind = _guess(reading, directive)
    _READERS[kind](reading, directive, place)


def _guess(reading: Reading, directive: Directive) -> DirectiveKind:
    """An unknown directive is code or prose by the look of its body; without one it is left out, or made of options."""
    if directive.options and not directive.content:
        return "made"
    if not directive.body:
        reading.problem(directive.line, f"the directive {directive.name!r} is not known and was left out")
        return "dropped"
    filled = [line.text for line in directive.body if line.text.strip()]
    return "code" if sum(1 for text in filled if _CODE_LINE.search(text)) * 2 > len(filled) else "container"


def _nothing(_reading: Reading, _directive: Directive, _place: Place) -> None:
    """Settings and generated reference: nothing of it stands in this file."""


def _navigation(reading: Reading, directive: Directive, place: Place) -> None:
    """The pages that text leads to, as a list of links. Those at the start of a section are the site's contents."""
    if reading.parts and isinstance(reading.parts[-1], Block) and "hidden" not in directive.options:
        pages = [(line.number, line.text.strip()) for line in directive.content if _PAGE.match(line.text)]
        shown = [f":doc:`{page}`" if "://" not in page else f"`{page}`__" if "<" in page else page for _, page in pages]
        links = [Line(number, f"* {link}") for (number, _), link in zip(pages, shown, strict=True)]
        reading.parts.extend(reading.body(links, place))


def _code(reading: Reading, directive: Directive, place: Place) -> None:
    if directive.name == "math" and (formula := directive.argument_text):  # behind the directive's name
        line = directive.argument[0].number
        said = (Sentence(code_span(formula), line, directive.argument[-1].number),)
        reading.parts.append(Block(place.paragraph, line, directive.argument[-1].number, said, depth=place.depth))
    language = CODE_LANGUAGES.get(directive.name, _named_language(directive).strip().partition(" ")[0].lower())
    lines = _code_lines(reading, directive)
    title = reading.inline.one_line([Line(directive.line, directive.options.get("caption", ""))])
    before = len(reading.parts)
    marked = directive.options.get("emphasize-lines", "")
    add_highlighted(reading, lines, language, place, plain_text(title), marked)
    if directive.name == "code-tab":
        label = _named_language(directive).partition(" ")[2].strip() or language
        reading.parts[before:] = put_within(reading.parts[before:], Container("tab", directive.line, title=label))


def _named_language(directive: Directive) -> str:
    """The text on the directive's own line; code may begin right below it."""
    first = directive.argument[0] if directive.argument else None
    return first.text if first and first.number == directive.line else ""


def _code_lines(reading: Reading, directive: Directive) -> Sequence[Line]:
    argument = directive.argument
    if not argument or argument[0].number == directive.line or directive.options:
        return directive.body or argument[1:]
    last = (directive.body or argument)[-1].number
    return [Line(n, reading.raw_lines[n - reading.first_line]) for n in range(argument[0].number, last + 1)]


def _raw(reading: Reading, directive: Directive, place: Place) -> None:
    """The preformatted text of raw HTML, which in most cases is an output. The rest of raw HTML is left out."""
    if directive.argument_text != "html" or not directive.body:
        return
    first, text = directive.body[0].number, "\n".join(line.text for line in directive.body)
    for found in _PREFORMATTED.finditer(text):
        above = first + text.count("\n", 0, found.start("shown"))
        shown = map(shown_text, found["shown"].split("\n"))
        lines = trim_blank([Line(number, line) for number, line in enumerate(shown, above)])
        if lines:
            code = "\n".join(line.text for line in lines)
            block = Block("code", lines[0].number, lines[-1].number, depth=place.depth, code=code, adapted=True)
            reading.parts.append(block)


def _highlight(reading: Reading, directive: Directive, _place: Place) -> None:
    reading.settings[HIGHLIGHT] = directive.argument_text.split(" ")[0]


def _admonition(reading: Reading, directive: Directive, place: Place) -> None:
    label = directive.name.rsplit(":", 1)[-1]
    title, lines = "", directive.content
    if label in VERSION_TITLES and directive.argument:
        lines, title = _versioned(directive, label)
    elif kind_of(directive.name) == "titled_admonition":
        title, lines = plain_text(reading.inline.one_line(directive.argument)), directive.body
        label = "note" if label in ("topic", "sidebar", "admonition") else label
    inner = reading.body(lines, place.inside(paragraph="paragraph"))
    end = lines[-1].number if lines else directive.line
    block = Block("admonition", directive.line, end, depth=place.depth, label=label, title=title)
    reading.headed(block, inner)


def _versioned(directive: Directive, label: str) -> tuple[tuple[Line, ...], str]:
    """The prose of a version note and its title; the first word of the argument is the version."""
    first = directive.argument[0]
    version, _, remark = first.text.partition(" ")
    lines = (Line(first.number, remark), *directive.argument[1:])
    gap = (Line(first.number, ""),) if directive.body else ()
    return (*lines, *gap, *directive.body), f"{VERSION_TITLES[label]} {version.strip('|')}"


def _container(reading: Reading, directive: Directive, place: Place) -> None:
    body = [line for line in directive.body if line.text.strip() not in _CARD_RULES]
    inner = reading.body(body, place.inside())
    title = plain_text(reading.inline.one_line(directive.argument))
    if directive.name in _TABS and title:
        inner = put_within(inner, Container("tab", directive.argument[0].number, title=title))
    if directive.name == "table" and title:
        caption = reading.inline.one_line(directive.argument)
        inner = [replace(one, title=caption) if isinstance(one, Block) and one.rows else one for one in inner]
    reading.parts.extend(inner)


def _fills_section(reading: Reading, last: int) -> bool:
    """Whether nothing or a heading, with its labels, follows on the line `last`, and no term stands above."""
    texts = (reading.raw_lines[at] for at in range(last + 1 - reading.first_line, len(reading.raw_lines)))
    below = islice((one.rstrip() for one in texts if one.strip() and not one.startswith(".. _")), 3)
    over, title, under, *_ = (*below, "", "", "")
    is_followed = over and not _UNDERLINE.match(title) and not (over == under and _UNDERLINE.match(over))
    above = reading.parts[-1] if reading.parts else None
    is_second = isinstance(above, Block) and "definition" in (above.kind, *(one.kind for one in above.within))
    return not is_followed and not is_second


def _glossary(reading: Reading, directive: Directive, place: Place) -> None:
    """Terms with their definition below; several terms may have one definition. Where nothing else stands in their
    section, they are headings: links lead to each.
    """
    lines, index = list(directive.body), 0
    heads = place.titles and not reading.around and _fills_section(reading, lines[-1].number if lines else 0)
    level = next((one.level + 1 for one in reversed(reading.parts) if isinstance(one, Heading)), 0) if heads else 0
    while index < len(lines):
        start = index
        while index < len(lines) and lines[index].text.strip() and not lines[index].text[0].isspace():
            index += 1
        end = max(indented_block(lines, index), index)
        terms = [Line(n, re.split(r"\s:\s", text)[0]) for n, text in lines[start:index] if not text.startswith("..")]
        if terms:
            inside = place.inside(deeper=not level, paragraph="paragraph")
            inner = reading.body(dedent(lines[index:end]), inside)
            named = ", ".join(reading.inline.one_line([term]) for term in terms)
            if level:
                reading.parts += [Heading(plain_text(named), min(level, 6), terms[0].number), *inner]
            else:
                block = Block("definition", terms[0].number, terms[-1].number, depth=place.depth, term=named)
                reading.headed(block, inner)
        index = max(end, start + 1)


def _quote(reading: Reading, directive: Directive, place: Place) -> None:
    inner = reading.body(directive.content, place.inside(paragraph="quote"))
    reading.parts.extend(put_within(inner, Container("quote", directive.line)))


def _described(reading: Reading, directive: Directive, place: Place) -> None:
    """An object of the program with what is said of it: one term, the signature as it stands, and its definition."""
    inside = place.inside(deeper=True, paragraph="paragraph")
    inner = read_owned(reading, directive.body, inside, OWNER, object_name(directive.argument_text))
    signatures = ", ".join(code_span(line.text.strip().replace(r"\*", "*")) for line in directive.argument)
    signatures = re.sub(r"\s*\\`, ", "` ", signatures)  # a signature may go on behind a backslash
    if not signatures:
        reading.parts.extend(inner)
        return
    last = directive.argument[-1].number
    reading.headed(Block("definition", directive.line, last, depth=place.depth, term=signatures), inner)


def _rubric(reading: Reading, directive: Directive, place: Place) -> None:
    text = plain_text(reading.inline.one_line(directive.argument))
    if place.titles and text:
        heads = [p for p in reading.parts if isinstance(p, Heading) and p.line not in reading.rubrics]
        level = next((one.level + 1 for one in reversed(heads) if one.level < MODULE_NAME), 2)
        reading.rubrics.add(directive.line)
        reading.parts.append(Heading(text, min(level, 6), directive.line))


def _image(reading: Reading, directive: Directive, place: Place) -> None:
    target = "".join(directive.argument_text.split())
    found = image_candidates(reading.path, target)
    alt = plain_text(directive.options.get("alt", ""))
    below = reading.body(directive.body, place.inside()) if directive.name == "figure" else []
    if target and (found or not ("target" in directive.options or _BADGE.search(target))):
        caption = next((one.text for part in below if isinstance(part, Block) for one in part.sentences), "")
        image = Image(alt or plain_text(caption), target, found[0] if found else None)
        last = directive.line + len(directive.options) * bool(alt)  # one of them says the words
        reading.parts.append(Block("image", directive.line, last, depth=place.depth, image=image))
    reading.parts.extend(below)


def _module(reading: Reading, directive: Directive, _place: Place) -> None:
    """Names that follow belong to this module."""
    reading.settings[MODULE] = directive.argument_text


def _prose_include(reading: Reading, directive: Directive, place: Place) -> None:
    if "literal" in directive.options or "code" in directive.options:
        read_literalinclude(reading, directive, place)
        return
    target = directive.argument_text
    found = find_part(include_candidates(reading.path, target), reading.included, reading.raw_lines)
    if found is None or format_of(found) in ("markdown", "mdx"):
        reading.problem(directive.line, f"the text included from {target!r} is read there, not here")
        return
    try:
        lines = reading.included.lines(found)
        reading.include(found, select_lines(lines, directive.options, (1, len(lines))), directive.line, place)
    except NotIncluded as error:
        reading.problem(directive.line, f"{error}: {target}")


_READERS: MappingProxyType[DirectiveKind, Callable[[Reading, Directive, Place], None]] = MappingProxyType(
    {
        "dropped": _nothing, "navigation": _navigation, "code": _code, "raw": _raw, "highlight": _highlight,
        "admonition": _admonition, "titled_admonition": _admonition, "container": _container, "glossary": _glossary,
        "quote": _quote, "object": _described, "rubric": _rubric, "image": _image, "table": _container,
        "list_table": read_list_table, "csv_table": read_csv_table, "literalinclude": read_literalinclude,
        "include": _prose_include, "python_object": read_object, "python_names": read_names, "module": _module,
        "made": not_shown,
    }
)  # fmt: skip

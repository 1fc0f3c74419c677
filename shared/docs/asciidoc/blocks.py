"""The blocks of AsciiDoc: titles, paragraphs, delimited blocks, block macros."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from shared.docs.asciidoc import lists, tables
from shared.docs.asciidoc.attributes import ENTRY, expand
from shared.docs.asciidoc.block_attributes import BlockAttributes
from shared.docs.asciidoc.include import add_verbatim, include_lines, include_prose
from shared.docs.asciidoc.paths import picture_candidates
from shared.docs.headings import Heading
from shared.docs.model import Block, Container, Image, Sentence
from shared.docs.plain import plain_text
from shared.docs.prose import Line, escape_plain, sentences_of, trim_blank
from shared.docs.reading import Place, Reading, add_not_shown, container_of, put_within

ADMONITIONS = frozenset({"note", "tip", "important", "warning", "caution"})
DELIMITER = re.compile(r"^(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|~{4,}|`{3,}[\w+-]*|[|,:!]={3,})$")
ATTRIBUTE_LINE = re.compile(r"^\[(?!\[)(?P<list>(?:[^\[\]]|\[[^\]]*\])*)\]$")
_ANCHOR_LINE = re.compile(r"^\[\[(?P<id>[^\[\],]+)(?:,[^\]]*)?\]\]$")
_BLOCK_TITLE = re.compile(r"^\.(?![\s.])(?P<title>.+)$")
_HEADING = re.compile(r"^(?P<mark>={1,6}|#{1,6})[ \t]+(?P<text>\S.*?)(?:[ \t]+(?P=mark))?$")
_UNDERLINE = re.compile(r"^(?:=+|-+|~+|\^+|\++)$")
_PREPROCESSOR = re.compile(r"^(?P<name>ifdef|ifndef|ifeval|endif|include)::(?P<target>[^\[]*)\[(?P<text>.*)\]$")
_BLOCK_MACRO = re.compile(r"^(?P<name>\w[\w-]*)::(?=.*\]$)(?P<target>\S*?)\[(?P<text>.*)\]$")
_ADMONITION = re.compile(r"^(?P<label>NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+(?=\S)")
_BREAK = re.compile(r"^(?:'{3,}|<{3,}|-\s?-\s?-|\*\s?\*\s?\*)$")


def read_body(reading: Reading, lines: Sequence[Line], place: Place) -> None:
    """Read lines and append what they hold to `reading.parts`."""
    index = 0
    while index < len(lines):
        index = read_block(reading, lines, index, place)


def read_block(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Read one block with the attribute lines above it; gives the index after it."""
    attributes = BlockAttributes()
    while index < len(lines):
        text = lines[index].text
        if not text.strip() or _is_line_comment(text):
            index += 1
            continue
        if entry := ENTRY.match(text):
            index = _set_attribute(reading, lines, index, entry)
            continue
        if _PREPROCESSOR.match(text):
            return _preprocessed(reading, lines, index, place, attributes)
        above = _attribute_line(reading, attributes, lines[index])
        if above is None:
            return _content(reading, lines, index, place, attributes)
        attributes, index = above, index + 1
    return index


def _say_title(reading: Reading, attributes: BlockAttributes, place: Place) -> None:
    """The title of a block, as a paragraph of its own."""
    if attributes.title:
        line = attributes.title_line
        said = (Sentence(f"**{escape_plain(attributes.title)}**", line, line),)
        reading.parts.append(Block(place.paragraph, line, line, said, depth=place.depth))


def _say_source(reading: Reading, attributes: BlockAttributes, place: Place, quote: Container) -> None:
    """Of a quotation, the person and the work."""
    named = [name for name in attributes.positional[1:3] if name]
    if named:
        words = reading.inline.one_line([Line(attributes.line, ", ".join(named))])
        said = (Sentence(f"— {words}", attributes.line, attributes.line),)
        block = Block("quote", attributes.line, attributes.line, said, depth=place.depth)
        reading.parts.extend(put_within([block], quote))


def _is_line_comment(text: str) -> bool:
    return text.startswith("//") and not text.startswith("///")


def _set_attribute(reading: Reading, lines: Sequence[Line], index: int, entry: re.Match[str]) -> int:
    value = entry["value"] or ""
    while value.endswith(" \\") and index + 1 < len(lines):
        index += 1
        value = value[:-2].rstrip(" +") + " " + lines[index].text.strip()
    if entry["off"] or entry["off_after"]:
        reading.settings.pop(entry["name"].lower(), None)
    else:
        reading.settings[entry["name"].lower()] = value.strip()
    return index + 1


def _preprocessed(
    reading: Reading, lines: Sequence[Line], index: int, place: Place, attributes: BlockAttributes
) -> int:
    """Read includes. Take each condition as met, except an `ifndef` whose attribute is set."""
    match = _PREPROCESSOR.match(lines[index].text)
    if match and match["name"] == "ifndef" and match["target"].strip().lower() in reading.settings:
        return index + 1 if match["text"].strip() else _after_condition(lines, index + 1)
    if match and match["name"] == "include":
        if attributes.is_source or attributes.style in ("listing", "literal"):
            _verbatim(reading, lines[index : index + 1], place, attributes, attributes.language)
        else:
            include_prose(reading, lines[index], place)
    elif match and match["name"] in ("ifdef", "ifndef") and match["text"].strip():
        read_block(reading, [Line(lines[index].number, match["text"])], 0, place)
    return index + 1


def _after_condition(lines: Sequence[Line], index: int) -> int:
    """The place behind the end of the condition whose first line is at `index`."""
    depth = 1
    while depth and index < len(lines):
        match = _PREPROCESSOR.match(lines[index].text)
        if match and match["name"] == "endif":
            depth -= 1
        elif match and (match["name"] == "ifeval" or (match["name"] != "include" and not match["text"].strip())):
            depth += 1
        index += 1
    return index


def _attribute_line(reading: Reading, attributes: BlockAttributes, line: Line) -> BlockAttributes | None:
    """The attributes with what this line adds, or None when it is no line of attributes."""
    if anchor := _ANCHOR_LINE.match(line.text):
        return replace(attributes, id=anchor["id"], line=attributes.line or line.number)
    if listed := ATTRIBUTE_LINE.match(line.text):
        return attributes.merged(expand(listed["list"], reading.settings), line.number)
    if title := _BLOCK_TITLE.match(line.text):
        text = plain_text(reading.inline.one_line([Line(line.number, title["title"])]))
        return replace(attributes, title=text, title_line=line.number, line=attributes.line or line.number)
    return None


def _content(reading: Reading, lines: Sequence[Line], index: int, place: Place, attributes: BlockAttributes) -> int:
    text = lines[index].text
    if taken := _title(reading, lines, index, place, attributes):
        return index + taken
    if DELIMITER.match(text):
        return _delimited(reading, lines, index, place, attributes)
    if _BREAK.match(text) or text == "+":
        return index + 1
    if macro := _BLOCK_MACRO.match(text):
        _block_macro(reading, lines[index].number, macro, place, attributes)
        return index + 1
    if lists.starts_list(text):
        _say_title(reading, attributes, place)
        return lists.read_list(reading, lines, index, place)
    return _paragraph(reading, lines, index, place, attributes)


def _title(reading: Reading, lines: Sequence[Line], index: int, place: Place, attributes: BlockAttributes) -> int:
    """Lines of the title that begins at `index`, 0 when there is none."""
    text = lines[index].text
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    if match := _HEADING.match(text):
        level, shown, taken = len(match["mark"]), match["text"], 1
    elif _UNDERLINE.match(following) and abs(len(following) - len(text)) <= 1 and re.match(r"^\w", text):
        level, shown, taken = "=-~^+".index(following[0]) + 1, text, 2
    else:
        return 0
    heading = plain_text(reading.inline.one_line([Line(lines[index].number, shown)]))
    if place.titles and heading:
        anchor = attributes.id or "_" + re.sub(r"\W+", "_", heading.lower()).strip("_")
        reading.parts.append(Heading(heading, level, lines[index].number, anchor))
    elif heading:
        reading.paragraph([Line(lines[index].number, shown)], place)
    return taken


def _delimited(reading: Reading, lines: Sequence[Line], index: int, place: Place, attributes: BlockAttributes) -> int:
    opening = lines[index].text
    closing = "```" if opening.startswith("```") else opening
    end = next((i for i in range(index + 1, len(lines)) if lines[i].text == closing), len(lines))
    inner = lines[index + 1 : end]
    mark = opening[:2] if opening != "--" else "open"
    if opening.startswith(("|==", ",==", ":==", "!==")):
        _table(reading, inner, opening[0], place, attributes)
    elif mark in ("--", "..", "``"):
        language = opening.strip("`") if mark == "``" else attributes.language
        _verbatim(reading, inner, place, attributes, language)
    elif mark == "++":
        if attributes.style in ("stem", "latexmath", "asciimath"):
            add_verbatim(reading, inner, "tex", place)
    elif _is_verbatim(attributes, inner) and mark in ("open", "=="):
        _verbatim(reading, inner, place, attributes, attributes.language)
    elif mark != "//" and attributes.style != "comment":
        _container(reading, inner, place, attributes, quote=mark == "__")
    return end + 1


def _is_verbatim(attributes: BlockAttributes, inner: Sequence[Line]) -> bool:
    """Whether the author calls what no line marks as code a listing."""
    is_marked = any(line.text.startswith(("----", "....", "```")) for line in inner)
    return (attributes.is_source or attributes.style in ("listing", "literal")) and not is_marked


def _table(reading: Reading, inner: Sequence[Line], mark: str, place: Place, attributes: BlockAttributes) -> None:
    """A table of the lines here, or of the file that they include."""

    def read(inside: Reading, lines: Sequence[Line], there: Place) -> None:
        tables.read_table(inside, lines, mark, there, attributes)

    filled = trim_blank(inner)
    if len(filled) != 1 or not include_lines(reading, filled[0], place, read):
        read(reading, inner, place)


def _verbatim(
    reading: Reading, inner: Sequence[Line], place: Place, attributes: BlockAttributes, language: str
) -> None:
    """A verbatim block; where its author wants attributes replaced in it, it shows their values."""
    before = len(reading.parts)
    add_verbatim(reading, inner, language.strip().lower(), place, title=attributes.title)
    if attributes.substitutes:
        for index, part in enumerate(reading.parts[before:], before):
            shown = expand(part.code, reading.settings) if isinstance(part, Block) else ""
            if isinstance(part, Block) and shown != part.code:
                reading.parts[index] = replace(part, code=shown, adapted=True)


def _container(
    reading: Reading, inner: Sequence[Line], place: Place, attributes: BlockAttributes, *, quote: bool
) -> None:
    style = attributes.style.lower()
    if style == "verse" or (quote and style not in ADMONITIONS):
        quoted = reading.body(inner, place.inside(paragraph="quote"))
        around = Container("quote", _first_line(inner, attributes))
        _say_title(reading, attributes, place)
        reading.parts.extend(put_within(quoted, around))
        _say_source(reading, attributes, place, around)
        return
    parts = reading.body(inner, place.inside(paragraph="paragraph" if style in ADMONITIONS else None))
    if style in ADMONITIONS and inner:
        first = _first_line(inner, attributes)
        block = Block("admonition", first, first, depth=place.depth, label=style, title=attributes.title)
        reading.headed(block, parts)
        return
    _say_title(reading, attributes, place)
    if style == "tabs":  # the tabs are terms of a description list, what they show is attached to them
        shown = (p for p in parts if isinstance(p, Heading) or p.kind != "definition" or p.sentences)
        reading.parts.extend(p if isinstance(p, Heading) else replace(p, within=_as_tabs(p.within)) for p in shown)
    else:
        reading.parts.extend(parts)


def _as_tabs(within: tuple[Container, ...]) -> tuple[Container, ...]:
    """The containers with the outermost term as the label of a tab."""
    first = within[:1]
    return (*(replace(one, kind="tab") for one in first if one.kind == "definition"), *within[1:]) or within


def _first_line(inner: Sequence[Line], attributes: BlockAttributes) -> int:
    return attributes.line or (inner[0].number if inner else 1)


def _block_macro(
    reading: Reading, number: int, macro: re.Match[str], place: Place, attributes: BlockAttributes
) -> None:
    if macro["name"] != "image":
        if macro["name"] not in ("toc", "video", "audio"):
            reading.problem(number, f"the block macro {macro['name']!r} is not known and was left out")
        if macro["name"].startswith("include"):  # a site's own: what it shows stands elsewhere
            add_not_shown(reading, macro["target"], number, place)
        return
    target = expand(macro["target"], reading.settings)
    candidates = picture_candidates(reading.path, macro["target"], reading.settings)
    named = BlockAttributes().merged(macro["text"], number)
    alt = named.named.get("alt", named.positional[0] if named.positional else "")
    if candidates:
        title = attributes.title or named.named.get("title", "")
        image = Image(plain_text(alt) or title, target, candidates[0])
        reading.parts.append(Block("image", number, number, depth=place.depth, image=image))
    _say_title(reading, attributes, place)


def paragraph_end(lines: Sequence[Line], index: int, stops: Callable[[str], bool] = lambda _: False) -> int:
    """The index after the paragraph that begins at `index`: at a blank line, a delimiter, attributes or a `+`."""
    end = index + 1
    while end < len(lines):
        text = lines[end].text
        if not text.strip() or DELIMITER.match(text) or ATTRIBUTE_LINE.match(text) or text == "+" or stops(text):
            break
        if _PREPROCESSOR.match(text) or _ANCHOR_LINE.match(text):
            break
        end += 1
    return end


def _paragraph(reading: Reading, lines: Sequence[Line], index: int, place: Place, attributes: BlockAttributes) -> int:
    style = attributes.style.lower()
    literal = lines[index].text[:1].isspace()
    if attributes.is_source or literal or style in ("listing", "literal", "stem", "latexmath"):
        end = index
        while end < len(lines) and lines[end].text.strip() and lines[end].text != "+":
            end += 1
        _verbatim(reading, lines[index:end], place, attributes, "tex" if "math" in style else attributes.language)
        return end
    end = paragraph_end(lines, index)
    own = [line for line in lines[index:end] if not _is_line_comment(line.text)]
    label = style if style in ADMONITIONS else ""
    if match := _ADMONITION.match(own[0].text):
        label = match["label"].lower()
        own = [Line(own[0].number, own[0].text[match.end() :]), *own[1:]]
    if label:
        sentences = sentences_of(reading.inline.clean(own))
        block = Block(
            "admonition", own[0].number, own[-1].number, sentences, place.depth, label=label, title=attributes.title
        )
        reading.parts.extend(put_within([block], container_of(block)) if sentences else [])
    elif style in ("quote", "verse"):
        parts = reading.body(own, place.inside(paragraph="quote"))
        around = Container("quote", own[0].number)
        reading.parts.extend(put_within(parts, around))
        _say_source(reading, attributes, place, around)
    else:
        _say_title(reading, attributes, place)
        reading.paragraph(own, place)
    return end

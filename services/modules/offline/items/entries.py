"""Things and their descriptions: rows of tables, items of lists that begin with a name, definitions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.modules.offline.items.options import mean_alike, split_words
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets, show_plain, show_prose
from shared.course.wording import list_words, points_back, stem_content_words
from shared.docs.model import Block
from shared.engine.types import Span

_LABELLED = re.compile(
    r"^(?P<name>``?[^`]+``?|\*{2,3}(?:`[^`]+`|[^*`:]+):?\*{2,3}|[_*](?:`[^`]+`|[\w.-]+):?[_*]|\[[^\]]+\]\([^)\s]+\))"
    r"(?:\s*(?:/|,|\bor\b|\|)\s*`[^`]+`)*\s*(?:\([^()]*\)\s*)?(?::|—|–|-{1,3}(?=\s))?\s+(?P<text>\S.*)$",
    re.DOTALL,
)
_HEADED = re.compile(
    r"`[^`]+`(?:\([^()]*\))?|\$?[\w-]*[\w$](?:[._:/-]\$?\w+)+=?(?:\([^()]*\))?|\$?\w+\([^()]*\)|[a-z]+[A-Z_]\w*|\$?[a-z]\w*"
    r"|(?:-\w, ?)?--?[a-z][\w-]*"
)
_LIKE = re.compile(r"(?:very )?(?:similar|same|alias|like|as above|shorthand|see|synonym|deprecated)\b", re.IGNORECASE)
_NO_DEFINITION = re.compile(
    r"(?:when|if) (?!.{0,24}\b(?:true|false|set|enabled|given|passed))|you\b|during\b|in\b", re.IGNORECASE
)
_NO_TEXT = re.compile(r"\W*(?:types?|defaults?|version|since|format|cli flags?|supported)\b|.*:$", re.IGNORECASE)
_TELLING = re.compile(
    r"descri|meaning|purpose|use|usage|what|effect|behavio|result|explanation|cause|reason|details|notes?\b|summary|function"
    r"|definition|comment|action|does|when|^$",
    re.IGNORECASE,
)
_TYPE = re.compile(r"^\((?:optional |required )?(?:`[^`]*`|\w+)\)[\s:]+", re.IGNORECASE)
_MARKUP = re.compile(r"(?<![\w*])[_*]\w|\{[%{]|<\w+>|^:\w+:|\[\^")
_MORE = re.compile(
    r".*?(?:^|[.;] )\W*(?:(?:This|It) only\b|Only\b|This (?:option|setting|parameter|flag|field|property|command)\b)"
)
"""A sentence after the first one that limits it, or that is the first one to speak of the thing."""
_AWAY = re.compile(r"\W*\[[^\]]*\]\(https?:")
_COUNTED = re.compile(r"\W*(?:step|part|chapter|phase|day|week|stage)\W*\d", re.IGNORECASE)
_FIGURES = re.compile(r"[\d.,\s%]*")
_NAMES = re.compile(r"^(?:`[^`]+`|[^`]+)$")
_PARTS = re.compile(r"[_.\-/]|(?<=[a-z0-9])(?=[A-Z])")
_SHORT, _NEAR = 3, 0.45
_MOST_NAME_WORDS, _FEWEST_ENTRIES, _MOST_ENTRIES = 4, 3, 50


@dataclass(frozen=True)
class Entry:
    """`name` (Markdown) and the `text` said of it. `sort` is what its table's first heading calls such things,
    `home` the section whose heading the name is.
    """

    name: str
    text: str
    span: Span
    sort: str = ""
    home: str = ""


Group = tuple[Entry, ...]
"""Entries of one list, table or run of definitions, in the author's order; names and texts are unique."""


def find_groups(one: TaughtSection, said: TaughtText) -> Iterator[Group]:
    """The groups of a section with at least three entries, of a long one the first hundreds: each entry is compared
    with each other one. Parameters of a function in an example are no entries.
    """
    headed = _read_siblings(one, said)
    if len(headed) >= _FEWEST_ENTRIES:
        yield headed
    code = " ".join(block.code for block in one.section.blocks if block.kind == "code")
    given = set(re.findall(r"\w+", " ".join(re.findall(r"(?:def|function|fn) \w+\(([^()]*)", code))))
    for entries in _read_blocks(one):
        names = [normal_name(entry.name) for entry in entries]
        texts = [show_plain(entry.text).lower() for entry in entries]
        of_name, of_text = Counter(names), Counter(texts)
        kept = tuple(
            entry
            for entry, name, text in zip(entries, names, texts, strict=True)
            if of_name[name] == 1 and of_text[text] == 1 and name not in given
        )
        if len(kept) >= _FEWEST_ENTRIES:
            yield kept[:_MOST_ENTRIES]


def read_heading(one: TaughtSection, said: TaughtText) -> Iterator[Entry]:
    """A section whose heading is a name, and its first sentence."""
    del said
    name = show_plain(one.section.heading)
    if not _HEADED.fullmatch(name):
        return
    for block in one.section.blocks:
        for sentence in block.sentences if block.kind == "paragraph" and not block.origin else ():
            if not _NO_TEXT.match(sentence.text):
                span = Span(path=one.path, start_line=one.section.start_line, end_line=sentence.end_line)
                if not _NO_DEFINITION.match(sentence.text):
                    yield from _entry(f"`{name}`", sentence.text, span, "", one.section.id)
                return


def _read_siblings(one: TaughtSection, said: TaughtText) -> Group:
    """The sections beside this one whose headings are names, told in the words that each begins with."""
    if not said.recall(read_heading, one):
        return ()
    found = [entry for other in said.list_siblings(one) for entry in said.recall(read_heading, other)]
    names = Counter(normal_name(entry.name) for entry in found)
    return tuple(entry for entry in found if names[normal_name(entry.name)] == 1)


def _read_blocks(one: TaughtSection) -> Iterable[list[Entry]]:
    """Entries of each list, table and run of definitions."""
    runs: dict[object, list[Entry]] = {}
    outer = 0
    for i, block in enumerate(one.section.blocks):
        if block.kind == "table":
            runs[i] = list(_read_rows(block.file(one.path), block))
        elif block.kind == "list_item" and block.depth == 0 and not block.ordered:
            runs.setdefault(("list", block.list_id), []).extend(_read_item(block.file(one.path), block))
        elif block.kind == "definition":
            outer += block.depth == 0
            run = ("terms", block.depth, outer if block.depth else 0)
            runs.setdefault(run, []).extend(_read_definition(block.file(one.path), block))
    return runs.values()


def list_own(group: Group, one: TaughtSection) -> Group:
    """The entries that a section tells: of names that are headings, its own."""
    return tuple(entry for entry in group if entry.home in ("", one.section.id))


@lru_cache(maxsize=65536)
def names_itself(name: str, text: str) -> bool:
    """Whether words that describe a thing give its name away: by a stem, a beginning, initials or their meaning."""
    own, joined = (re.sub(r"[\W_]", "", show_plain(part).lower()) for part in (name, text))
    words, parts = (
        [word for word in list_words(_PARTS.sub(" ", show_plain(part))) if stem_content_words(word)]
        for part in (text, name)
    )
    said = [word for word in split_words(text) if len(word) > _SHORT]
    return (
        bool(split_words(name) & frozenset(said))
        or bool(own and own in joined)
        or any(word[: _SHORT + 1] in own for word in said)
        or (len(own) >= _SHORT and own in "".join(word[0] for word in words))
        or any(_begin_alike(part, word) or mean_alike(part, word, _NEAR) for part in parts for word in words)
    )


def _begin_alike(one: str, other: str) -> bool:
    """Whether two words begin with the same four letters, or the shorter one is the other in brief: msgs, messages."""
    short, long = sorted((one, other), key=len)
    size = min(len(short), _SHORT + 1)
    brief = short[:1] == long[:1] and re.search(".*".join(map(re.escape, short.rstrip("s"))), long)
    return size >= _SHORT and (one[:size] == other[:size] or bool(brief))


def normal_name(name: str) -> str:
    """A name as it is compared; signs count in a name that has nothing else."""
    plain = show_plain(name).lower()
    return plain.strip(" :.()`*") or plain


def raise_first(text: str) -> str:
    """The text with a capital, unless it begins with a name."""
    return text[0].upper() + text[1:] if re.match(r"[a-z]+(?![\w_])", text) else text


def first_sentence(text: str) -> str:
    """The text up to its first full stop."""
    return re.split(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!E\.g\.)(?<!etc\.)\s+(?=[A-Z`*\[(])", text, maxsplit=1)[
        0
    ].strip()


def _read_rows(path: str, block: Block) -> Iterator[Entry]:
    header, *rows = block.rows
    if len(header) < 2 or _FIGURES.fullmatch("".join(row[0] for row in rows)):
        return
    widths = [sum(len(show_plain(row[i]).split()) for row in rows if i < len(row)) for i in range(len(header))]
    told = max(range(1, len(header)), key=lambda i: widths[i])
    if not _TELLING.search(show_plain(header[told])):
        return
    for row, (start, end) in zip(rows, block.row_lines[1:], strict=True):
        if len(row) == len(header):
            span = Span(path=path, start_line=start, end_line=end)
            yield from _entry(row[0], row[told], span, show_plain(header[0]).lower())


def _read_item(path: str, block: Block) -> Iterator[Entry]:
    if block.sentences:
        text = " ".join(sentence.text for sentence in block.sentences)
        found = _LABELLED.match(text)
        if found:
            span = Span(path=path, start_line=block.start_line, end_line=block.sentences[0].end_line)
            yield from _entry(found["name"].strip("*").rstrip(":"), found["text"], span, "")


def _read_definition(path: str, block: Block) -> Iterator[Entry]:
    if block.sentences:
        span = Span(path=path, start_line=block.start_line, end_line=block.sentences[0].end_line)
        yield from _entry(block.term, " ".join(sentence.text for sentence in block.sentences), span, "")


def _entry(name: str, text: str, span: Span, sort: str, home: str = "") -> Iterator[Entry]:
    """An entry whose text is whole; a name that leads to another site is somebody's product and no thing of ours."""
    if _AWAY.match(name) or _COUNTED.match(name):
        return
    name = drop_targets(name).strip("* ")
    whole = _TYPE.sub("", " ".join(drop_targets(text).split()))
    text = first_sentence(whole).strip("*-–/ ").rstrip(". ")
    if (
        _NAMES.match(name)
        and 1 <= len(show_plain(name).split()) <= _MOST_NAME_WORDS
        and text.count("`") % 2 == text.count("**") % 2 == 0
        and re.search(r"[^\W\d_]{3}", show_prose(text))
        and not points_back(show_plain(text))
        and not re.match(r"(?:the )?defaults?\b", text, re.IGNORECASE)
        and not text.endswith((":", " e.g", " E.g", " i.e", " eg", ",", "`s"))
        and not _LIKE.match(text)
        and not text.startswith("(")
        and not _MARKUP.search(re.sub(r"`[^`]*`", "", text))
        and not _MORE.match(whole[len(text) :])
    ):
        yield Entry(name, raise_first(text), span, sort, home)

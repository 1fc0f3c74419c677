"""Code of which the author says what it does: rows of lists and tables, code beside a sentence, lines with a remark."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import dedent

from services.modules.offline.items.options import split_words
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets
from shared.course.same_meaning import name_alike
from shared.docs.model import Block
from shared.engine.types import Span
from shared.language.terms import word_set
from shared.language.word_classes import EMPTY_VERBS, classes_of, is_base_form

_ROW = re.compile(
    r"\**\[?\**(?P<code>`[^`]+`)(?:\s*(?:,|/|\||or)\s*\[?`[^`]+`)*\**(?:\]\([^)]*\))?\**(?:\s*\((?P<type>[^()]*)\))?"
    r"\s*(?:(?:\**(?::|—|–|-{1,3})\**)\s+|(?=[a-z]+s\s)(?!is |was |has ))(?P<says>\S.*)$",
    re.DOTALL,
)
"""A name or call, and behind a dash, a colon or nothing what it does."""
_NAME = re.compile(
    r"^`?(?P<code>--?[a-z][\w-]+|[\w$@.-]*(?:[\w$]\.[\w$]|[a-z][A-Z]|_|\w\()[\w$.]*(?:\([^`]*\))?|(?<=`)[^`]+)`?$"
)
_USE = re.compile(
    r"^(?:you can )?use (?:it|this|`[^`]+`) (?:to|when you (?:want|need) to|if you (?:want|need) to) (?P<aim>.+)$",
    re.IGNORECASE,
)
_PROSE = re.compile(r"^(?:The )?(?P<code>`[^`]+`) (?:(?:also|only|simply|merely) )?(?P<says>[a-z]+s .+)$")
_SAYS = re.compile(r"descri|meaning|purpose|effect|what|action|does|behaviou?r|explanation|notes?", re.IGNORECASE)
_TYPE = re.compile(r"^\([^()]*\)\s*")
_END = re.compile(r"(?<=[^.])[.!;](?:\s|$)(?!\s*[a-z])")
_AIMS = (
    re.compile(
        r"^(?:(?:for (?:example|instance)|or|and|but|then|so|first|next|finally|alternatively|similarly)\b[, ]*)?"
        r"(?:(?:in order )?to|if you(?:'d| would)? (?:want|need|like|wish|prefer)(?:,? (?:for example|instead),?)? to) "
        r"(?P<aim>[^,:]+)[,:]",
        re.IGNORECASE,
    ),
    re.compile(r"^.*\b(?:use|using|run|running|with|add|pass|set)\b.*`.* to (?P<aim>[^,:]+)[:.]$", re.IGNORECASE),
    re.compile(r"^.*\bhow (?:(?:you|we) (?:can|would) )?(?:to )?(?P<aim>[a-z]+ [^,:]+):$", re.IGNORECASE),
    re.compile(r"^(?P<aim>[A-Z][a-z]+ [^:]+):$"),
)
"""What the code behind a sentence is for."""
_EFFECT = re.compile(
    r"^(?:this|the (?:above |previous |preceding )?(?:command|code|example|configuration|call|snippet)(?: above)?)"
    r"(?: command| code| example| configuration)? (?:(?:will|would) |(?=[a-z]+s ))(?P<aim>[^:]+)[.]$",
    re.IGNORECASE,
)
"""What the code before a sentence does."""
_IDLE = EMPTY_VERBS | word_set(
    """
    use uses run runs do does try type enter execute consider means allow allows work works make makes provide given is
    was be are has notice check assume requires require ensure need needs start starts change pass passes test tests
    checks perform performs demonstrate imagine implement handle wait depend emphasize begin note complete continue
    prepare function float package name value result string project object class method number request response query
    state ping temp age instance model iterator integer boolean array optional found
    """
)
"""Verbs that say little of what code does, and nouns of programming that are verbs as well."""
_LEANS = re.compile(
    r"\b(?:th(?:is|at|ese|ose)|it|its|they|them|their|us|you|your|so|there|ones?|either"
    r"|with|using|of|for|in|to|by|and|or|the|an?)$"
    r"|\b(?:this|these|those|he|she|we|our|us|same|such|above|below|follow\w*|previous|earlier|examples?|again|also"
    r"|instead|another|see|deprecated|legacy|etc|todo|here|now|both|respectively|alias|section|similar\w*|tutorial"
    r"|because|but"
    r"|course|step|desired|default\w*|idea|just|then|second|third|shown|something|somehow|various|correct\w*"
    r"|proper\w*)\b|…|\.\.\.|[“”\"|<&→?=*]|^\w+ the results?$|\w/\w|:$"
    r"|^(?:\S+ ){0,3}(?:it|its|they|them|their)\b|\b(?:and|or|but) (?:it|they)\b|\bit (?:is|was|has)\b",
    re.IGNORECASE,
)
"""A purpose that needs what stands around it, or says little."""
_IS, _WITHIN = re.compile(r"\b(?:is|are|was|were|you)\b"), re.compile(r"\b(?:that|which|if|when|whether|what)\b")
"""A purpose with a second verb is the rest of a longer sentence, unless a clause begins within."""
_NO_OBJECT = word_set("of to that which when used is are was for can should must has by via sent in at will")
_DETERMINERS = word_set("the a an all any each every one two your up whether how")
_PLAIN = word_set(
    """
    set return display update filter print show list run call read write open close copy move match replace format load
    import export install build watch clean pin log stop skip escape reset render wrap sort push pull fetch scan search
    find release mark rename register turn limit control link merge split raise record count trim report output map
    group reverse flush cancel delay repeat route mount trace
    """
)
_VERBS = frozenset((*_PLAIN, *(f"{verb}{'es' if verb[-2:] in ('ch', 'sh') else 's'}" for verb in _PLAIN)))
"""Words that are nouns as well, by which documentation begins what code does."""
_REMARK = re.compile(r"^\s*(?:#|//|--|<!--) (?P<says>[A-Z][a-z].+?)(?:-->)?$")
_BEHIND = re.compile(r"^\s*(?P<code>[^#\s][^#\"']*?)\s+(?:#|//) (?P<says>[A-Za-z][a-z].+)$")
_ANY_REMARK = re.compile(r"^\s*(?:#|//|--|<!--)")
_WORD, _PARTIAL = re.compile(r"[A-Za-z]\w+"), re.compile(r"[,{:]$|…|\.\.\.(?!\w)|```")
_TYPED = re.compile(r"[a-z][\w.-]* [^\s:][^:]*")
PROMPT = re.compile(r"^(?:\([^)]*\)\s*)?[$>%#] (?=\S)")
_SETS_UP = re.compile(r"install|set ?up|requirement|download|upgrad|contribut|develop|releas|migrat", re.IGNORECASE)
_SHELLS = word_set("sh bash console shell shell-session zsh terminal cmd doscon powershell")
_ALONE = "alone"
_FEWEST, _MOST = 3, 20
_MOST_LINES, _LONGEST = 4, 90


@dataclass(frozen=True)
class Entry:
    """Code and what it does. `kin` is what entries that rival each other share: a list, a program or a language.

    A name or call that is told of has no `language`. `told` is the sentence that tells, and `place` its document.
    """

    code: str
    language: str
    purpose: str
    kin: tuple[str, str]
    spans: tuple[Span, ...]
    place: str
    told: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the purpose, of those that mean the same one alone."""
        return frozenset(name_alike(split_words(self.purpose)))

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The names, options and signs of the code, without what is given to them."""
        bare = re.sub(r"\"[^\"]*\"|'[^']*'|\b\d[\w.]*", "", self.code)
        return frozenset(re.findall(r"--?[A-Za-z][\w-]*|[A-Za-z_]\w*|[^\w\s]{1,3}", bare))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names and options of the code."""
        return frozenset(token for token in self.tokens if token[-1].isalnum())

    @cached_property
    def codes(self) -> frozenset[str]:
        """What the purpose names as code."""
        return frozenset(re.findall(r"`([^`]+)`", self.purpose))

    @property
    def is_command(self) -> bool:
        return self.language in _SHELLS


def find_entries(one: TaughtSection, said: TaughtText) -> Iterator[Entry]:
    """The entries of a section."""
    del said
    yield from _read_heading(one)
    for at, block in enumerate(one.section.blocks):
        match block.kind:
            case "list_item" | "definition":
                yield from _read_row(one, block)
            case "table":
                yield from _read_table(one, block)
            case "paragraph" | "admonition":
                yield from _read_prose(one, block)
            case "code" if not _SETS_UP.search(one.section.heading):
                around = one.section.blocks[max(0, at - 1) : at], one.section.blocks[at + 1 : at + 2]
                yield from _read_shown(one, block, *around)
                yield from _read_remarks(one, block)


def _read_heading(one: TaughtSection) -> Iterator[Entry]:
    """A section about one name, by its first sentence."""
    first = next((block for block in one.section.blocks if block.kind == "paragraph" and block.sentences), None)
    name = _NAME.match(one.section.heading)
    if first and name:
        sentence = first.sentences[0]
        text = re.sub(rf"^(?:the )?`{re.escape(name['code'])}(?:\(.*?\))?` ", "", sentence.text, flags=re.IGNORECASE)
        span = Span(
            path=sentence.path or first.file(one.path), start_line=sentence.start_line, end_line=sentence.end_line
        )
        heading = Span(path=one.path, start_line=one.section.start_line, end_line=one.section.start_line)
        yield from _name(one, name["code"], text, "", (span, heading))


def _read_row(one: TaughtSection, block: Block) -> Iterator[Entry]:
    """An item of a list that begins with code."""
    text = " ".join(sentence.text for sentence in block.sentences)
    found = _ROW.match(f"{block.term}: {text}" if block.kind == "definition" else text)
    if found and block.sentences:
        end = block.sentences[-1].end_line
        span = Span(path=block.file(one.path), start_line=block.start_line, end_line=end)
        yield from _name(one, found["code"], found["says"], f"{block.kind} {block.list_id} {block.depth}", (span,))


def _read_prose(one: TaughtSection, block: Block) -> Iterator[Entry]:
    """Sentences that begin with a name and say what it does."""
    for sentence in block.sentences:
        found = _PROSE.match(sentence.text)
        if found:
            path = sentence.path or block.file(one.path)
            span = Span(path=path, start_line=sentence.start_line, end_line=sentence.end_line)
            yield from _name(one, found["code"], found["says"], "", (span,))


def _read_table(one: TaughtSection, block: Block) -> Iterator[Entry]:
    """The rows of a table whose first cell is code and one other tells of it."""
    head, *rows = block.rows
    columns = [i for i, cell in enumerate(head) if i and _SAYS.search(cell)] or ([1] if len(head) == 2 else [])
    for row, (start, end) in zip(rows, block.row_lines[1:], strict=True):
        name = re.match(r"\**\[?(`[^`]+`)", row[0])
        if columns and name and len(row) > columns[0]:
            span = Span(path=block.file(one.path), start_line=start, end_line=end)
            yield from _name(one, name[1], row[columns[0]], f"table {block.start_line}", (span,))


def _name(one: TaughtSection, code: str, says: str, place: str, spans: tuple[Span, ...]) -> Iterator[Entry]:
    """A name or call, with the first sentence about it."""
    code, first = code.strip("`"), _END.split(_TYPE.sub("", drop_targets(says)), maxsplit=1)[0]
    aim = _USE.match(first)
    purpose = _clean(aim["aim"] if aim else first)
    if purpose:
        shape = "flag" if code.startswith("-") else "call" if "(" in code else "command" if " " in code else "name"
        kin = f"{one.section.id} {place}" if place else f"{_ALONE} {shape}"
        yield Entry(code, "", purpose, (one.document_id, kin), spans, one.document_id, drop_targets(says))


def _read_shown(one: TaughtSection, block: Block, before: Sequence[Block], after: Sequence[Block]) -> Iterator[Entry]:
    """A short block of code beside a sentence that says what it does: the last one before it, or the first after."""
    lines = [line for line in block.code.split("\n") if line.strip()]
    if block.language in _SHELLS:
        lines = [PROMPT.sub("", line) for line in lines if PROMPT.match(line)] or lines
        lines = lines if len(lines) == 1 else []
    path = block.file(one.path)
    own = Span(path=path, start_line=block.start_line, end_line=block.end_line)
    told = [(s, _find_aim(s.text, block.code)) for near in before for s in near.sentences[-1:]]
    told += [(s, _find_effect(s.text)) for near in after if near.kind == "paragraph" for s in near.sentences[:1]]
    for sentence, purpose in told:
        if purpose:
            span = Span(path=sentence.path or path, start_line=sentence.start_line, end_line=sentence.end_line)
            yield from _show(one, block, lines, purpose, (span, own), sentence.text)
            return


def _read_remarks(one: TaughtSection, block: Block) -> Iterator[Entry]:
    """The lines of a block that lists calls or settings, each below or before a remark of its own."""
    lines = block.code.split("\n")
    path = block.file(one.path)
    found: list[tuple[str, str, Span]] = []
    loose = 0
    for at, line in enumerate(lines):
        start = min(block.start_line + at, block.end_line)
        above, behind = _REMARK.match(line), _BEHIND.match(line)
        if behind:
            found.append((behind["code"], behind["says"], Span(path=path, start_line=start, end_line=start)))
        elif above and at + 1 < len(lines) and not _ANY_REMARK.match(lines[at + 1]):
            span = Span(path=path, start_line=start, end_line=min(start + 1, block.end_line))
            found.append((lines[at + 1], above["says"], span))
        elif line.strip() and not (at and _REMARK.match(lines[at - 1])):
            loose += 1
    if len(found) >= _FEWEST and loose < len(found):
        for code, says, span in found:
            yield from _show(one, block, [PROMPT.sub("", code)], _clean(says), (span,), says)


def _show(
    one: TaughtSection, block: Block, lines: Sequence[str], purpose: str, spans: tuple[Span, ...], told: str
) -> Iterator[Entry]:
    """Code that is whole and short."""
    code, language = dedent("\n".join(lines)), block.language or "text"
    if (
        purpose
        and len(lines) <= _MOST_LINES
        and all(len(line) <= _LONGEST for line in lines)
        and all(code.count(a) == code.count(b) for a, b in ("()", "[]", "{}"))
        and not all(map(_ANY_REMARK.match, lines))
        and (language != "text" or _TYPED.match(code))
        and len(_WORD.findall(code)) > 1
        and not _PARTIAL.search(code)
    ):
        kin = f"program {code.split()[0]}" if language in _SHELLS else f"code {language}"
        yield Entry(code, language, purpose, ("", kin), spans, one.document_id, told)


def _find_aim(text: str, code: str) -> str:
    """What a sentence says the code behind it is for, beginning with a verb; the code has what the sentence names."""
    named = re.findall(r"`([^`]+)`", text)
    found = (pattern.match(drop_targets(text)) for pattern in _AIMS if not named or any(one in code for one in named))
    aims = (_clean(one["aim"]) for one in found if one)
    return next((aim for aim in aims if aim and (_WITHIN.search(aim) or not _IS.search(aim))), "")


def _find_effect(text: str) -> str:
    """What a sentence says the code before it does."""
    found = _EFFECT.match(drop_targets(text))
    return _clean(found["aim"]) if found else ""


def _clean(text: str) -> str:
    """What code does, as an option that begins with a verb; "" where it leans on what stands around it."""
    text = " ".join(text.strip(" .,*!").split())
    paired = text.count("`") % 2 == 0 and all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))
    if not paired or not _FEWEST <= len(text.split()) <= _MOST or _LEANS.search(text):
        return ""
    return text[:1].upper() + text[1:] if describe_verb(text) and len(split_words(text)) >= _FEWEST else ""


def describe_verb(text: str) -> str:
    """The form of the verb that a text begins with; "" where it is none."""
    first, second = text.lower().split(" ")[:2]
    classes = classes_of(first)
    if "VERB" not in classes or first in _IDLE or second in ("of", "but"):
        return ""
    if classes & {"NOUN", "ADJ"} and second not in _DETERMINERS and (first not in _VERBS or second in _NO_OBJECT):
        return ""
    return "plain" if is_base_form(first) else "third" if first.endswith("s") else ""

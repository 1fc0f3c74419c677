"""Values that an example might have given: what another operator, another bound or another order would give."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.modules.offline.items.reckoning import UnknownValueError, work_out

_LIST = re.compile(
    r"^(?P<open>(?:vec!)?\[)(?P<inside>.*)(?P<close>\])$|^(?P<open2>\()(?P<inside2>[^#]*)(?P<close2>\))$"
)
_TEXT = re.compile(r"^(?P<quote>[\"'])(?P<inside>[^\"'\\]*)(?P=quote)$")
_RECORD = re.compile(r"^(?P<open>\w+\(|\{ ?)(?P<inside>\S.*?)(?P<close> ?[)}])$")
_QUERY = re.compile(r"^(?P<open>(?:\w+\()?[\"']?\w+://[^\s?]+\?)(?P<inside>[^\s?\"']+)(?P<close>[\"']?\)?)$")
_ROW = re.compile(r"^(?P<open>)(?P<inside>[\w.]+=\S.*)(?P<close>)$")
_FIELD = re.compile(r"^(?P<key>[\w.]+=|(?:[\"'][^\"']*[\"']|\w+): ?)(?P<value>.+)$")
_LETTERS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"^-?\d{1,2}$")
_WHOLE = re.compile(r"^-?\d+$")
_GIVEN = re.compile(r"^(?:let |const |var )?(?:mut )?(\w+)(?::\s*\w+)? = (.+?);?$", re.MULTILINE)
_QUOTED = re.compile(r"([\"'])([^\"'\\]+)\1")
_SWAPS: Mapping[type[ast.operator], tuple[tuple[type[ast.operator], str], ...]] = {
    ast.Add: ((ast.Sub, "a difference"), (ast.Mult, "a product")),
    ast.Sub: ((ast.Add, "a sum"), (ast.Mult, "a product")),
    ast.Mult: ((ast.Add, "a sum"), (ast.Sub, "a difference")),
    ast.Div: ((ast.FloorDiv, "a division without its rest"), (ast.Mod, "the rest of a division")),
    ast.FloorDiv: ((ast.Mod, "the rest of a division"), (ast.Div, "a division")),
    ast.Mod: ((ast.FloorDiv, "a division without its rest"), (ast.Div, "a division")),
}
_FEWEST_PARTS, _NEAREST = 2, 4
Variant = tuple[str, str]
"""Another value, and the words that say how it differs."""


def list_variants(value: str, chance: int, code: str = "", asked: str = "", kin: Sequence[str] = ()) -> list[Variant]:
    """Other values of the same build as `value`, the most tempting first; `chance` decides between sides.

    `asked` is the expression that gives the value, `code` all that ran before; `kin` are values of other examples.
    """
    found, text, record = _LIST.match(value), _TEXT.match(value), read_record(value)
    inner = value[1:-1] if value[:1] in "\"'" and value[:1] == value[-1:] else ""
    if read_record(inner):
        slips = list_variants(inner, chance, code, asked, [one[1:-1] for one in kin])
        return [(value[0] + other + value[0], told) for other, told in slips]
    if record:
        others = [other for one in kin if (other := read_record(one))]
        changed = [*_mix(record, others), *_read_given(record, code), *_vary_fields(record.fields, code)]
        return [(record.write(fields), told) for fields, told in changed if list(fields) != list(record.shown)]
    if found:
        opened, inside, closed = (found[name] or found[f"{name}2"] or "" for name in ("open", "inside", "close"))
        parts = split_parts(inside)
        mark = ", " if ", " in value else ","
        if len(parts) < _FEWEST_PARTS:
            return []
        changed = [*_shift_bounds(parts, code), *_vary_parts(parts, 1 if chance % 2 else -1)]
        return [(opened + mark.join(other) + closed, told) for other, told in changed]
    if text:
        quote = text["quote"]
        return [(f"{quote}{other}{quote}", told) for other, told in _vary_text(text["inside"], code, asked)]
    if _NUMBER.match(value):
        return [*_swap_signs(value, code, asked), *_vary_number(int(value), chance)]
    return []


@dataclass(frozen=True)
class Record:
    """A value with named fields between `opened` and `closed`: an object, an address with a query, a line of a log."""

    opened: str
    fields: tuple[tuple[str, str], ...]
    mark: str
    closed: str

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(key + value for key, value in self.fields)

    @property
    def names(self) -> list[str]:
        return [key.strip("=: \"'") for key, _ in self.fields]

    def write(self, fields: Iterable[str]) -> str:
        """A value of the same build with other fields."""
        return self.opened + self.mark.join(fields) + self.closed


def read_record(value: str) -> Record | None:
    """The fields of a value; None where it has no such build."""
    for pattern, mark in ((_RECORD, ", "), (_QUERY, "&"), (_ROW, " ")):
        found = pattern.match(value)
        if found:
            inside = found["inside"]
            parts = split_parts(inside) if mark == ", " else re.split(rf"{mark}(?=[\w.]+=)", inside)
            fields = [_FIELD.match(part) for part in parts]
            if fields and all(fields):
                pairs = tuple((field["key"], field["value"]) for field in fields if field)
                return Record(found["open"], pairs, mark, found["close"])
    return None


def _mix(own: Record, others: Iterable[Record]) -> Iterator[tuple[list[str], str]]:
    """The fields with one value, or with the set of names, of another example."""
    keys = [key for key, _ in own.fields]
    for other in others:
        given = dict(other.fields)
        more = [key + value for key, value in other.fields if key not in keys]
        if more and own.mark == other.mark:
            yield [*own.shown, *more], "another example has more fields"
        less = [key + value for key, value in own.fields if key in given]
        if less and len(less) < len(keys):
            yield less, "another example has fewer fields"
        for at, (key, value) in enumerate(own.fields):
            if given.get(key, value) != value and own.mark == other.mark:
                changed = [*own.shown[:at], key + given[key], *own.shown[at + 1 :]]
                yield changed, f"another example has this value of `{key.strip('=: ')}`"


def _read_given(own: Record, code: str) -> Iterator[tuple[list[str], str]]:
    """The fields as the code gives them: an object of the code that shares a name with the value."""
    names = set(own.names)
    for inside in re.findall(r"\{([^{}]*)\}", code):
        fields = [_FIELD.match(part) for part in split_parts(inside)]
        given = [(field["key"], field["value"]) for field in fields if field]
        plain = len(given) == len(fields) and not any("(" in value for _, value in given)
        akin = plain and own.mark == ", " and given and given[0][0][:1] == own.fields[0][0][:1]
        if akin and names & {key.strip("=: \"'") for key, _ in given}:
            yield [key + value for key, value in given], "this is what the code gives, without a change"


def _vary_number(number: int, chance: int) -> Iterator[Variant]:
    """Numbers close by; `chance` decides how many of them are smaller, so that the place among them tells nothing."""
    first = -(chance % _NEAREST)
    for by in range(first, first + _NEAREST):
        if by and (number + by < 0) == (number < 0):
            yield str(number + by), _tell_shift(by)


def _swap_signs(value: str, code: str, asked: str) -> Iterator[Variant]:
    """What a calculation gives with one sign changed; nothing where the calculation cannot be worked out."""
    try:
        tree = ast.parse(asked, mode="eval").body
        if isinstance(tree, ast.BinOp) and work_out(asked, code) == int(value):
            for other, sign in _SWAPS.get(type(tree.op), ()):
                changed = work_out(ast.unparse(ast.BinOp(tree.left, other(), tree.right)), code)
                if isinstance(changed, int | float) and (changed < 0) == (int(value) < 0):
                    yield f"{changed:.4g}", f"this is what {sign} would give"
    except (SyntaxError, UnknownValueError):
        return


def _vary_text(inside: str, code: str, asked: str) -> Iterator[Variant]:
    """A piece of the same text with other bounds, or the text that is not reversed."""
    letters = _LETTERS.sub("", inside).lower()
    for _, whole in _QUOTED.findall(f"{code}\n{asked}"):
        if _LETTERS.sub("", whole).lower() == letters and whole != inside:
            joined = re.findall(r"[^\W_]+", whole)
            given = [(whole, "this is the text as it is given")]
            given += [(mark.join(joined), "the words are joined in another way") for mark in ("-", "_", " ", "")]
            given += [(mark.join(joined).lower(), "the letters or the marks differ") for mark in ("_", " ", "")]
            yield from _differ(given, inside)
            return
        at = whole.find(inside)
        if at >= 0 and len(inside) < len(whole) and whole.count(inside) == 1 and len(inside) > 1:
            end = at + len(inside)
            pieces = [(whole[at : end + 1], "this goes one too far"), (whole[at : end - 1], "this stops one too early")]
            pieces += [
                (whole[at + 1 : end + 1], "this is one further"),
                (whole[max(0, at - 1) : end], "this begins one too early"),
            ]
            yield from _differ(((text.strip(), told) for text, told in pieces), inside)
            return
        if whole[::-1] == inside:
            yield from _differ(
                [
                    (whole, "this is not reversed"),
                    (inside[1:], "the first one is missing"),
                    (inside[:-1], "the last one is missing"),
                ],
                inside,
            )
            return


def _differ(variants: Iterable[Variant], inside: str) -> Iterator[Variant]:
    """Each other text once."""
    seen = {inside, ""}
    for text, told in variants:
        if text not in seen:
            seen.add(text)
            yield text, told


def _shift_bounds(parts: Sequence[str], code: str) -> Iterator[tuple[list[str], str]]:
    """The elements of a longer list of the code, with other bounds."""
    for found in re.finditer(r"[\[(]([^\[\]()]*)[\])]", code):
        whole, size = split_parts(found.group(1)), len(parts)
        at = next((i for i in range(len(whole) - size + 1) if whole[i : i + size] == list(parts)), None)
        if at is not None and size < len(whole):
            if at + size < len(whole):
                yield whole[at : at + size + 1], "this has one element too many"
                yield whole[at + 1 : at + size + 1], "this is one element further"
            if at:
                yield whole[at - 1 : at + size], "this begins one element too early"
                yield whole[at - 1 : at + size - 1], "this is one element too early"
            return


def list_literals(value: str, code: str) -> list[str]:
    """The numbers or texts of the code that are of the value's build, the value itself left out."""
    pattern = (
        r"(?<![\w.])-?\d{1,4}(?![\w.])"
        if _WHOLE.match(value)
        else r"\"[^\"\\]+\"|'[^'\\]+'"
        if _TEXT.match(value)
        else "(?!)"
    )
    plain = value.strip("\"'")
    return [text for text in dict.fromkeys(re.findall(pattern, code)) if text.strip("\"'") != plain]


def split_parts(inside: str) -> list[str]:
    """The parts of a list, at the commas outside of brackets and quotes, up to a bracket that closes the list."""
    parts, depth, quote = [""], 0, ""
    for sign in inside:
        if quote or sign in "\"'":
            quote = "" if sign == quote else quote or sign
        depth += (not quote) * ((sign in "([{") - (sign in ")]}"))
        if depth < 0:
            break
        if sign == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _vary_parts(parts: Sequence[str], step: int) -> Iterator[tuple[list[str], str]]:
    """The parts in another order, with one slip more, and both: an element each too high, else the last one missing."""
    numbers = [int(part) for part in parts if _WHOLE.match(part)]
    numeric = len(numbers) == len(parts)
    in_order = [str(number) for number in sorted(numbers)] if numeric else sorted(parts)
    turned, told = in_order, "these are the elements in sorted order"
    if in_order == list(parts):
        turned, told = in_order[::-1], "these are the elements the other way round"
    if turned != list(parts):
        yield turned, told
    if numeric:
        by = 1 if min(numbers) == 0 else step
        yield [str(int(part) + by) for part in parts], f"each element is {_tell_shift(by)[8:]}"
        yield [str(int(part) + by) for part in turned], f"{told}, and each is {_tell_shift(by)[8:]}"
    elif len(parts) > _FEWEST_PARTS:
        yield list(parts[:-1]), "the last element is missing"
        yield [part for part in turned if part != parts[-1]], f"{told}, and one is missing"


def _vary_fields(fields: Sequence[tuple[str, str]], code: str) -> Iterator[tuple[list[str], str]]:
    """The fields of an object with values in one another's place, with one missing, and with a value changed.

    A number that stands in the code is not made higher or lower: nobody would take it for another one.
    """
    shown = ["".join(field) for field in fields]
    yield from _join_equal(fields)
    (first, one), (second, other) = fields[0], fields[-1]
    if len(fields) == 1 and read_record(one):
        yield from (([first + changed], told) for changed, told in list_variants(one, 0, code))
    if one != other and first != second:
        yield [f"{first}{other}", *shown[1:-1], f"{second}{one}"], "the values are in one another's place"
    if len(fields) > 1:
        yield shown[:-1], "a field is missing"
        yield shown[1:], "a field is missing"
    for at, (key, value) in enumerate(fields):
        name = f"`{key.strip('=: ')}`"
        worked = _NUMBER.match(value) and not re.search(rf"(?<![\w.]){value}(?![\w.])", code)
        for by in (1, -1) if worked else ():
            yield [*shown[:at], f"{key}{int(value) + by}", *shown[at + 1 :]], f"{name} {_tell_shift(by)[5:]}"
        if ": " in key and re.fullmatch(r"-?\d+|(['\"])-?\d+\1", value):
            text = value.strip("'\"") if value[0] in "'\"" else f"{key[0] if key[0] in chr(34) else chr(39)}{value}"
            text = text if value[0] in "'\"" else text + text[0]
            yield [*shown[:at], key + text, *shown[at + 1 :]], f"{name} has another type"


def _join_equal(fields: Sequence[tuple[str, str]]) -> Iterator[tuple[list[str], str]]:
    """Fields that have one name, as one field: with all values, or with the last one."""
    values: dict[str, list[str]] = {}
    for key, value in fields:
        values.setdefault(key, []).append(value)
    if len(values) < len(fields):
        yield [key + ",".join(own) for key, own in values.items()], "the values stand in one field"
        yield [key + own[-1] for key, own in values.items()], "a field has its last value and no other"
        yield [key + own[0] for key, own in values.items()], "a field has its first value and no other"


def _tell_shift(by: int) -> str:
    return f"this is too {'high' if by > 0 else 'low'}"

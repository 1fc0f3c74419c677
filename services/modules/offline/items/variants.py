"""Values that an example would have after one mistake that has a name: a bound, a place, an order, a part left out."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from services.modules.offline.items.reckoning import UnknownValueError, read_code, work_out_tree

_TEXT = re.compile(r"^(?P<quote>[\"'])(?P<inside>[^\"'\\]*)(?P=quote)$")
_RECORD = re.compile(r"^(?P<open>\w+\(|\{ ?)(?P<inside>\S.*?)(?P<close> ?[)}])$")
_LIST = re.compile(r"^(?P<open>\[)(?P<inside>\S.*)(?P<close>\])$")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAMED = re.compile(r"''\s*:")
_CALLED = re.compile(
    r"(?:(?P<receiver>\"[^\"]*\"|'[^']*'|\[[^\[\]]*\])\.(?!join|format)\w+\([^()]*\)|\w\((?P<given>\"[^\"]*\"|'[^']*'|\[[^\[\]]*\]|-?\d+)\))$"
)
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,4}(?![\w.])")
_OPPOSITES: Mapping[str, str] = {"True": "False", "False": "True"}
_REFUSES = (
    (re.compile(r" [<>]=? "), "an error comes of values that have no order"),
    (re.compile(r" in "), "an error comes of a thing in which nothing can be sought"),
)
"""The operations that not all types have."""
_FIELD = re.compile(r"^(?P<key>[\w.]+=|(?:[\"'][^\"']*[\"']|\w+): ?)(?P<value>.+)$")
_BARE_NAME = re.compile(r"\b(?!true|false|null|None|True|False)[A-Za-z_]\w*")
_LETTERS = re.compile(r"[\W_]+")
_WHOLE = re.compile(r"^-?\d+$")
_DIVISIONS: Mapping[type[ast.operator], str] = {
    ast.Div: "a division", ast.FloorDiv: "a division without its rest", ast.Mod: "the rest of a division",
    ast.BitAnd: "a bitwise and", ast.BitOr: "a bitwise or",
    ast.BitXor: "a bitwise exclusive or",
}  # fmt: skip
_BOUNDS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], str]] = {
    ast.Lt: (ast.LtE, "`<` leaves out the bound itself"), ast.Gt: (ast.GtE, "`>` leaves out the bound itself"),
    ast.LtE: (ast.Lt, "`<=` takes in the bound itself"), ast.GtE: (ast.Gt, "`>=` takes in the bound itself"),
}  # fmt: skip
_METHODS = (
    {
        "upper": "this has capitals throughout", "lower": "this has no capitals", "title": "each word has a capital",
        "capitalize": "the first word alone has a capital", "swapcase": "this has capitals for small letters",
    },
    {"strip": "this is cut at both ends",
     "lstrip": "this is cut at the left alone", "rstrip": "this is cut at the right alone"},
    {
        "removeprefix": "this is without its beginning", "removesuffix": "this is without its end",
        "strip": "letters are cut here, and not a part", "lstrip": "letters are cut here, and not a part",
    },
    {"find": "this is the first place", "rfind": "this is the last place"},
    {"startswith": "this is about the beginning", "endswith": "this is about the end"},
    {"union": "these are in either", "intersection": "these are in both", "difference": "these are in the first alone",
     "symmetric_difference": "these are in one alone"},
    {"some": "one is enough", "every": "all are needed"},
)  # fmt: skip
"""Methods that are taken for each other, each with what is said of its value."""
_PLACES = frozenset(("index", "find", "rindex", "rfind", "indexOf", "findIndex"))
_KIN = ((ast.Div, ast.FloorDiv, ast.Mod), (ast.BitAnd, ast.BitOr, ast.BitXor))
_FIRST, _THEN = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod), (ast.Add, ast.Sub)
_FEWEST_PARTS, _MOST_CODE, _MOST_NODES = 2, 1_000, 120
Variant = tuple[str, str]
"""Another value, and the words that name the mistake; "" where the mistake has no name."""


def list_slips(value: str, code: str, asked: str) -> list[Variant]:
    """What a mistake makes of `value`, which the expression `asked` gives after `code`."""
    record = read_record(value)
    found = [*misread(value, code, asked), *_read_given(value, record, code), *_keep_order(value, f"{code}\n{asked}")]
    found += _misbuild(record, code, asked) if record else []
    found += [(text, f"the code has `{text}`, too") for text in list_alike(value, f"{code}\n{asked}")]
    found += [*_read_argument(value, asked), *_relate(value, f"{code}\n{asked}")]
    return [(text, told) for text, told in found if text != value and "\n" not in text]


def list_fillers(value: str, code: str, asked: str) -> list[Variant]:
    """What differs from a value of Python in its sort alone: no question is made of such options only.

    A number is a text only where the code has it as a text, too.
    """
    found = list(_change_type(value))
    if value in _OPPOSITES:
        refused = [("TypeError", told) for sign, told in _REFUSES if sign.search(_QUOTED.sub("", asked))]
        found = [(_OPPOSITES[value], ""), *refused]
    given = {text[1:-1] for text in _QUOTED.findall(f"{code}\n{asked}")}
    return [(text, told) for text, told in found if not text.startswith("'") or value in given]


def _keep_order(value: str, code: str) -> Iterator[Variant]:
    """The parts of a list in the order in which a line of the code has them."""
    found = _LIST.match(value)
    parts = split_parts(found["inside"]) if found else ()
    wanted = (re.escape(part.strip("\"'")) for part in parts)
    patterns = [re.compile(rf"(?<!\w){part}(?!\w)") for part in wanted]
    line = next((line for line in code.split("\n") if patterns and all(one.search(line) for one in patterns)), "")
    at = [one.search(line) for one in patterns]
    places = [place.start() if place else -1 for place in at]
    if len(parts) >= _FEWEST_PARTS and min(places) >= 0 and len(set(places)) == len(parts):
        given = [part for _, part in sorted(zip(places, parts, strict=True))]
        if given != list(parts):
            yield f"[{', '.join(given)}]", "this is the order in which they are given"


def _relate(value: str, code: str) -> Iterator[Variant]:
    """Other lists of the same elements: the given one, the elements that are left out, all of them in one list."""
    parts = split_parts(value[1:-1]) if value.startswith("[") else []
    plain = [part.replace('"', "'") for part in parts]
    for inside in dict.fromkeys(re.findall(r"\[([^\[\]]*)\]", code)) if parts else ():
        given = split_parts(inside)
        rest = [part for part in given if part.replace('"', "'") not in plain]
        if len(given) >= _FEWEST_PARTS and len(rest) < len(given):
            yield f"[{', '.join(given)}]", "this is the list as it is given"
            if rest and len(given) == len(rest) + len(parts):
                yield f"[{', '.join(rest)}]", "these are the other elements of the list"
    if len(parts) >= _FEWEST_PARTS and all(part[:1] == "[" for part in parts):
        yield f"[{', '.join(part[1:-1] for part in parts if part != '[]')}]", "each part is a list of its own"


def list_alike(value: str, code: str) -> list[str]:
    """The texts that a call is given beside the value, or that stand at its place in a line of the same build."""
    if not _TEXT.match(value):
        return []
    found: list[str] = []
    lines = [(_QUOTED.sub("''", line), _QUOTED.findall(line)) for line in code.split("\n")]
    for build, texts in lines:
        for at, text in enumerate(texts):
            if text[1:-1] == value[1:-1]:
                found += texts if "(" in build and "=" not in build and "{" not in build else []
                found += [other[at] for same, other in lines if _NAMED.sub("", same) == _NAMED.sub("", build)]
    return [value[0] + text[1:-1] + value[0] for text in dict.fromkeys(found) if text[1:-1] != value[1:-1]]


def _read_argument(value: str, asked: str) -> Iterator[Variant]:
    """The one thing that a call is given, where it gives something of the same build: as if it gave it back."""
    found = _CALLED.search(asked)
    given = (found["receiver"] or found["given"]) if found else ""
    builds = [re.sub(r"[\w.\- ]+", "a", one) if one[:1] in "[({" else one[:1] for one in (given, value)]
    if found and given and (builds[0] == builds[1] or (_WHOLE.match(value) and _WHOLE.match(given))):
        text = f"'{given[1:-1]}'" if value[:1] == "'" and given[:1] == '"' else given
        yield text, f"`{given}` is what goes in"


def _change_type(value: str) -> Iterator[Variant]:
    """A list as a tuple, a number as a text, and the other way round."""
    found = re.match(r"^(?P<open>[\[(])(?P<inside>[^\[\](){}]+,[^\[\](){}]+)[\])]$", value)
    if found:
        listed = found["open"] == "["
        text = f"({found['inside']})" if listed else f"[{found['inside']}]"
        yield text, "this is a tuple, and the value is a list" if listed else "this is a list, and the value is a tuple"
    elif _WHOLE.match(value):
        yield f"'{value}'", "this is a text, and the value is a number"
    elif re.match(r"^([\"'])-?\d+(?:\.\d+)?\1$", value):
        yield value[1:-1], "this is a number, and the value is a text"


@dataclass(frozen=True)
class Record:
    """A value with named fields between `opened` and `closed`: an object."""

    opened: str
    fields: tuple[tuple[str, str], ...]
    closed: str

    @property
    def names(self) -> list[str]:
        return [key.strip("=: \"'") for key, _ in self.fields]


def read_record(value: str) -> Record | None:
    """The fields of a value; None where it has no such build."""
    found = _RECORD.match(value)
    fields = [_FIELD.match(part) for part in split_parts(found["inside"])] if found else []
    if found is None or not fields or not all(fields):
        return None
    return Record(found["open"], tuple((one["key"], one["value"]) for one in fields if one), found["close"])


def misread(value: str, code: str, asked: str) -> Iterator[Variant]:
    """What simple code gives with one of its parts misread; nothing where the value cannot be worked out."""
    try:
        tree = read_code(f"{code}\n{asked}" if len(code) < _MOST_CODE else "")
        right = work_out_tree(deepcopy(tree))
    except (SyntaxError, ValueError, UnknownValueError):
        return
    for at, node in islice(enumerate(ast.walk(tree)), _MOST_NODES):
        for i in range(len(list(_list_mistakes(node)))):
            other = deepcopy(tree)
            old = next(islice(ast.walk(other), at, None))
            new, told = list(_list_mistakes(old))[i]
            _Exchange(old, new).visit(other)
            try:
                wrong = work_out_tree(other)
            except UnknownValueError:
                continue
            if wrong != right and _is_of_type(wrong, right):
                yield _write(wrong, value), told


def _write(found: object, value: str) -> str:
    """A value as the value of an example is written."""
    text = f"{found:.4g}" if isinstance(found, float) else repr(found)
    text = text.lower() if value in ("true", "false") else text
    return text.replace("'", '"') if '"' in value else text


class _Exchange(ast.NodeTransformer):
    """One node of a tree in the place of another one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def _is_of_type(wrong: object, right: object) -> bool:
    """Whether two values are of one type; a text or a list that is empty is nobody's guess."""
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (wrong, right))
    return numbers or (type(wrong) is type(right) and bool(wrong))


def _list_mistakes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What a node may be taken for, and why it is not that."""
    match node:
        case ast.Subscript():
            yield from _list_places(node)
        case ast.Call():
            yield from _list_calls(node)
        case ast.ListComp(elt=part, generators=[loop]):
            if not isinstance(part, ast.Name):
                yield ast.ListComp(loop.target, [loop]), f"`{ast.unparse(part)}` is left out"
            if loop.ifs:
                every = ast.comprehension(loop.target, loop.iter, [], 0)
                yield ast.ListComp(part, [every]), f"the condition `{ast.unparse(loop.ifs[0])}` is left out"
        case ast.BinOp():
            yield from _list_signs(node)
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _BOUNDS:
            other, told = _BOUNDS[type(sign)]
            yield ast.Compare(left, [other()], [right]), told
            yield ast.UnaryOp(ast.Not(), node), "the condition is the other way round"
        case ast.Compare():
            yield ast.UnaryOp(ast.Not(), node), "the condition is the other way round"
        case ast.BoolOp(op=sign, values=parts):
            other_sign = ast.And() if isinstance(sign, ast.Or) else ast.Or()
            yield ast.BoolOp(other_sign, parts), "“and” needs all its conditions, and “or” needs one"
        case ast.IfExp(test=test, body=body, orelse=other):
            yield ast.IfExp(test, other, body), "the other of the two is taken"
        case ast.stmt():
            yield from _list_statements(node)


def _list_calls(node: ast.Call) -> Iterator[tuple[ast.AST, str]]:
    """A call that is left out, or given something else."""
    match node:
        case ast.Call(func=ast.Name(id="range") as name, args=given):
            at = min(len(given), 2) - 1
            ends = [*given[:at], _add(given[at], 1), *given[at + 1 :]]
            yield ast.Call(name, ends, []), "`range` leaves its end out"
            if not at:
                yield ast.Call(name, [ast.Constant(1), *given], []), "`range` begins at nought"
                yield ast.Call(name, [ast.Constant(1), *ends], []), "`range` begins at nought and leaves its end out"
        case ast.Call(func=ast.Name(id="sorted" | "abs" | "int" | "str" | "round" | "set" as name), args=[given, *_]):
            yield given, f"`{name}` is left out"
        case ast.Call(func=ast.Name(id="max" | "min" as name), args=given, keywords=named):
            yield ast.Call(ast.Name("min" if name == "max" else "max"), given, named), f"`{name}` takes the other end"
        case ast.Call(func=ast.Attribute(value=owner, attr="slice") as func, args=[first, *rest]):
            told = "places count from nought"
            yield ast.Call(func, [_add(first, 1), *(_add(one, 1) for one in rest)], []), told
            if rest:
                yield ast.Call(func, [first, _add(rest[0], 1)], []), "`slice` leaves out the place where it ends"
                yield ast.Call(func, [first], []), "`slice` has an end here"
        case ast.Call(func=ast.Attribute(value=owner, attr=name) as func, args=given) if name not in ("split", "join"):
            yield owner, f"`.{name}` is left out"
            for kin in (one for one in _METHODS if name in one):
                for other in kin:
                    yield ast.Call(ast.Attribute(owner, other), given, node.keywords), kin[other]
            if given and not isinstance(given[0], ast.Lambda):
                yield ast.Call(func, [], []), f"this is what `.{name}` gives with empty brackets"
                yield from _list_near(node)
            if name in _PLACES:
                yield _add(node, 1), "places count from nought"
    for left in node.keywords:
        kept = [one for one in node.keywords if one is not left]
        yield ast.Call(node.func, node.args, kept), f"`{ast.unparse(left)}` is left out"


def _list_near(node: ast.Call) -> Iterator[tuple[ast.AST, str]]:
    """The call with one of its numbers one higher or lower."""
    for at, one in enumerate(node.args):
        for by, told in (
            ((1, "higher"), (-1, "lower")) if isinstance(one, ast.Constant) and type(one.value) is int else ()
        ):
            given = [*node.args[:at], _add(one, by), *node.args[at + 1 :]]
            yield ast.Call(node.func, given, node.keywords), f"this is what the call gives with a number one {told}"


def _list_places(node: ast.Subscript) -> Iterator[tuple[ast.AST, str]]:
    """Another place, or other bounds of a slice."""
    match node:
        case ast.Subscript(value=whole, slice=ast.Slice(lower=lower, upper=upper, step=step)):
            if upper:
                told = "a slice leaves out the place where it ends"
                yield ast.Subscript(whole, ast.Slice(lower, _shift(upper, 1), step)), told
            if lower:
                told = "places count from nought" if isinstance(lower, ast.Constant) else "-1 is the last place"
                bounds = ast.Slice(_shift(lower, -1), upper and _shift(upper, -1), step)
                yield ast.Subscript(whole, bounds), told
            if step:
                yield ast.Subscript(whole, ast.Slice(lower, upper, None)), f"the step `{ast.unparse(step)}` is left out"
            if lower and not upper:
                yield (
                    ast.Subscript(whole, ast.Slice(None, lower, step)),
                    f"this is the part before `{ast.unparse(lower)}`",
                )
            if upper and not lower:
                yield (
                    ast.Subscript(whole, ast.Slice(upper, None, step)),
                    f"this is the part from `{ast.unparse(upper)}` on",
                )
        case ast.Subscript(value=whole, slice=ast.Constant(value=int(place))):
            yield ast.Subscript(whole, ast.Constant(place + 1)), "this is the element one place further on"
            if place:
                yield ast.Subscript(whole, ast.Constant(place - 1)), "places count from nought"
        case ast.Subscript(value=whole, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(place)))):
            yield ast.Subscript(whole, ast.Constant(-place - 1)), "-1 is the last place"
            yield ast.Subscript(whole, ast.Constant(place)), "the places count from the end"


def _shift(node: ast.expr, by: int) -> ast.expr:
    """A bound that is moved; one at the end of a text stays there."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(place))):
            return ast.Constant(by - place) if by < place else ast.Constant(None)
    return _add(node, by)


def _list_statements(node: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
    """A change that is not seen, at another place, or of a copy."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(), args=given) as call):
            yield ast.Pass(), f"this is so before `{ast.unparse(call)}`"
            if given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, int) and given[0].value:
                shifted = ast.Call(call.func, [_add(given[0], -1), *given[1:]], [])
                yield ast.Expr(shifted), "places count from nought"
        case ast.If(test=test, body=body, orelse=others):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, others), "the condition is the other way round"
        case ast.Assign(targets=[ast.Name()], value=ast.Name() as source):
            copied = ast.Assign(node.targets, ast.Call(ast.Name("list"), [source], []), lineno=1)
            yield copied, f"`{ast.unparse(node)}` makes no copy"


def _list_signs(node: ast.BinOp) -> Iterator[tuple[ast.AST, str]]:
    """Another sort of division, and the signs in another order."""
    left, right = node.left, node.right
    if isinstance(node.op, ast.Pow):
        yield ast.BinOp(left, ast.Mult(), right), "this is what a product would give"
    for kin in _KIN:
        for sign in kin if type(node.op) in kin else ():
            if sign is not type(node.op):
                yield ast.BinOp(left, sign(), right), f"this is what {_DIVISIONS[sign]} would give"
    if isinstance(right, ast.BinOp) and isinstance(node.op, _THEN) and isinstance(right.op, _FIRST):
        turned = ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
        yield turned, f"`{ast.unparse(right)}` is worked out first"
    if isinstance(left, ast.BinOp) and isinstance(left.op, _THEN) and isinstance(node.op, _FIRST):
        turned = ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
        yield turned, f"`({ast.unparse(left)})` is worked out first"


def _add(node: ast.expr, by: int) -> ast.expr:
    """A bound that is higher by a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + by)
    return ast.BinOp(node, ast.Add(), ast.Constant(by))


def _read_given(value: str, record: Record | None, code: str) -> Iterator[Variant]:
    """What the code is given: an object with a name of the value, a list of its size, a text of its letters."""
    told = "this is what goes in"
    text = _TEXT.match(value)
    if record:
        for inside in re.findall(r"\{([^{}]*)\}", code):
            fields = [_FIELD.match(part) for part in split_parts(inside)]
            given = [(field["key"], field["value"]) for field in fields if field]
            plain = len(given) == len(fields) and not any("(" in one for _, one in given)
            akin = plain and given and given[0][0][:1] == record.fields[0][0][:1]
            if akin and set(record.names) & {key.strip("=: \"'") for key, _ in given}:
                yield record.opened + ", ".join(key + one for key, one in given) + record.closed, told
    elif value.startswith("["):
        for inside in re.findall(r"(\[[^\[\]]*\])", code):
            alike = _BARE_NAME.search(_QUOTED.sub("", value)) or not _BARE_NAME.search(_QUOTED.sub("", inside))
            if alike and len(split_parts(inside[1:-1])) == len(split_parts(value[1:-1])) >= _FEWEST_PARTS:
                yield inside, told
    elif text:
        letters = _LETTERS.sub("", text["inside"]).lower()
        for _, whole in re.findall(r"([\"'])([^\"'\\]+)\1", code):
            if _LETTERS.sub("", whole).lower() == letters:
                yield text["quote"] + whole + text["quote"], told


def _misbuild(record: Record, code: str, asked: str) -> Iterator[Variant]:
    """An object of Python whose fields have their defaults for what is given, or what is given for what they get."""
    try:
        call = ast.parse(asked, mode="eval").body
        made = {one.name: one for one in ast.parse(code).body if isinstance(one, ast.ClassDef)}
    except SyntaxError:
        return
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in made):
        return
    defaults = dict(_list_defaults(made[call.func.id]))
    given = dict(zip(defaults, map(ast.unparse, call.args), strict=False))
    given |= {one.arg: ast.unparse(one.value) for one in call.keywords if one.arg}
    shown = dict(zip(record.names, (text for _, text in record.fields), strict=True))
    for field, text in shown.items():
        default = defaults.get(field)
        if default and default != text:
            yield _with(record, field, default), f"this has the default of `{field}`, but `{field}` is set"
        if given.get(field, text) != text:
            yield _with(record, field, given[field]), f"`{field}` is given this, and is changed on the way"
    if set(given) < set(defaults) and set(given) <= set(shown):
        left = next(field for field in defaults if field not in given)
        yield "TypeError", f"`{left}` need not be given"


def _list_defaults(made: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The fields of a class in their order, each with its default if that is written out; "" if not."""
    for one in made.body:
        if isinstance(one, ast.AnnAssign | ast.Assign):
            target = one.target if isinstance(one, ast.AnnAssign) else one.targets[0]
            value = one.value
            if isinstance(value, ast.Call):
                value = next((part.value for part in value.keywords if part.arg == "default"), None)
            yield ast.unparse(target), ast.unparse(value) if isinstance(value, ast.Constant) else ""


def _with(record: Record, name: str, text: str) -> str:
    """A record with another value of one field."""
    parts = (key + (text if key.strip("=: \"'") == name else value) for key, value in record.fields)
    return record.opened + ", ".join(parts) + record.closed


def list_numbers(value: str, code: str) -> list[str]:
    """The numbers of the code beside a value that is a whole number."""
    found = _NUMBER.findall(code) if _WHOLE.match(value) else []
    return [text for text in dict.fromkeys(found) if text != value]


def split_parts(inside: str) -> Sequence[str]:
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

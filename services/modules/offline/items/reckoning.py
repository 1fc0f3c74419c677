"""The value of simple Python, worked out node by node: numbers, texts, lists and their methods. No code is run."""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping

_LARGEST, _MOST_ELEMENTS = 10_000, 200
_OPERATORS: Mapping[type[ast.AST], Callable[..., object]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.USub: operator.neg, ast.Not: operator.not_,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_CALLS: Mapping[str, Callable[..., object]] = {
    one.__name__: one for one in (len, sum, min, max, sorted, list, tuple, abs, str, int, float, bool, range)
}
_NAMES = (
    "upper lower title capitalize swapcase strip lstrip rstrip count find rfind index startswith endswith isalpha"
    " isdigit isalnum islower isupper split join replace"
)
_METHODS = frozenset(_NAMES.split())
_CHANGES = frozenset(["append", "insert", "extend", "remove", "pop", "sort", "reverse", "clear"])
_FAULTS = (SyntaxError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError)


class UnknownValueError(Exception):
    """An expression holds more than literals and pure calls."""


def work_out(asked: str, code: str) -> object:
    """The value of an expression after assignments of such values; raises UnknownValueError for all else."""
    known: dict[str, object] = {}
    try:
        for one in ast.parse(code).body:
            match one:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    known[name] = _find(value, known)
                case ast.Expr(value=ast.Call(ast.Attribute(ast.Name(id=name), attr=change), args=given, keywords=[])):
                    _change(known.get(name), change, [_find(part, known) for part in given])
                case ast.Pass():
                    pass
                case _:
                    raise UnknownValueError
        return _find(ast.parse(asked, mode="eval").body, known)
    except _FAULTS as error:
        raise UnknownValueError from error


def contradicts(value: str, asked: str, code: str) -> bool:
    """Whether an expression has another value than an author says; False where it cannot be worked out."""
    try:
        return bool(work_out(asked, code) != ast.literal_eval(value))
    except (UnknownValueError, *_FAULTS):
        return False


def _change(owner: object, change: str, given: list[object]) -> None:
    """A list is changed in its place, so that each of its names has the change."""
    if not isinstance(owner, list) or change not in _CHANGES:
        raise UnknownValueError
    getattr(owner, change)(*given)
    if len(owner) > _MOST_ELEMENTS:
        raise UnknownValueError


def _find(node: ast.expr, known: Mapping[str, object]) -> object:
    found = _read(node, known)
    size = abs(found) if isinstance(found, int | float) else len(found) if isinstance(found, str | list | tuple) else 0
    if size > (_LARGEST if isinstance(found, int | float) else _MOST_ELEMENTS):
        raise UnknownValueError
    return found


def _read(node: ast.expr, known: Mapping[str, object]) -> object:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.List(elts=parts):
            return [_find(part, known) for part in parts]
        case ast.Tuple(elts=parts):
            return tuple(_find(part, known) for part in parts)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_find(left, known), _find(right, known))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_find(operand, known))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_find(left, known), _find(right, known))
        case ast.BoolOp(op=op, values=values):
            found = [_find(value, known) for value in values]
            return next((one for one in found if bool(one) == isinstance(op, ast.Or)), found[-1])
        case ast.Subscript(value=whole, slice=ast.Slice(lower=lower, upper=upper, step=step)):
            bounds = [_find(part, known) if part else None for part in (lower, upper, step)]
            return operator.getitem(_find(whole, known), slice(*bounds))  # type: ignore[call-overload]
        case ast.Subscript(value=whole, slice=place):
            return operator.getitem(_find(whole, known), _find(place, known))  # type: ignore[call-overload]
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in _CALLS:
            return _CALLS[name](*(_find(one, known) for one in given))
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=given, keywords=[]) if name in _METHODS:
            return getattr(_find(owner, known), name)(*(_find(one, known) for one in given))
        case ast.ListComp(elt=part, generators=[ast.comprehension(target=ast.Name(id=name), iter=source, ifs=tests)]):
            return [_find(part, scope) for scope in _loop(name, _find(source, known), tests, known)]
    raise UnknownValueError


def _loop(
    name: str, source: object, tests: Iterable[ast.expr], known: Mapping[str, object]
) -> Iterable[Mapping[str, object]]:
    """The names of a loop at each turn that passes its tests."""
    if not isinstance(source, list | tuple | str | range) or len(source) > _MOST_ELEMENTS:
        raise UnknownValueError
    scopes = ({**known, name: one} for one in source)
    return [scope for scope in scopes if all(_find(test, scope) for test in tests)]

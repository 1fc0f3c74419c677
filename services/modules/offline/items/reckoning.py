"""The value of simple Python or JavaScript, worked out node by node: literals, pure calls, functions. Not run."""

import ast
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from services.modules.offline.items.script import translate

_LARGEST, _MOST_ELEMENTS, _MOST_STEPS, _DEEPEST, _LONGEST_FORMAT = 100_000, 300, 4_000, 20, 5


def _times(a: object, b: object) -> object:
    """A product; a text or list is repeated a few times at most."""
    if isinstance(a, str | list | tuple) or isinstance(b, str | list | tuple):
        return operator.mul(a, b) if a in range(_MOST_ELEMENTS) or b in range(_MOST_ELEMENTS) else NotImplemented
    return operator.mul(a, b)


_OPERATORS: Mapping[type[ast.AST], Callable[..., object]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: _times, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.USub: operator.neg, ast.Not: operator.not_,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor, ast.Invert: operator.invert,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.Pow: lambda a, b: a**b if abs(b) <= _DEEPEST else NotImplemented, ast.RShift: operator.rshift,
    ast.LShift: lambda a, b: a << b if b <= _DEEPEST else NotImplemented,
}  # fmt: skip
_CALLS: Mapping[str, Callable[..., object]] = {
    one.__name__: one
    for one in (len, sum, min, max, sorted, list, tuple, abs, str, int, float, bool, range, dict, set, any, all)
} | {
    "round": round,
    "enumerate": lambda *given: list(enumerate(*given)), "zip": lambda *given: list(zip(*given, strict=False)),
    "reversed": lambda given: list(reversed(given)), "map": lambda work, given: [work(one) for one in given],
    "filter": lambda test, given: [one for one in given if test(one)],
}  # fmt: skip
_NAMES = (
    "upper lower title capitalize swapcase strip lstrip rstrip count find rfind index rindex startswith endswith"
    " isalpha isdigit isalnum islower isupper isspace isnumeric split rsplit splitlines join replace removeprefix"
    " removesuffix partition rpartition get keys values items union intersection difference symmetric_difference"
    " issubset issuperset isdisjoint copy casefold"
)
_METHODS = frozenset(_NAMES.split())
_SCRIPT: Mapping[str, Callable[..., object]] = {
    "toUpperCase": str.upper, "toLowerCase": str.lower, "trim": str.strip, "trimStart": str.lstrip,
    "trimEnd": str.rstrip, "startsWith": lambda one, part: one.startswith(part),
    "endsWith": lambda one, part: one.endswith(part), "includes": lambda one, part: part in one,
    "indexOf": lambda one, part: one.find(part) if isinstance(one, str) else one.index(part) if part in one else -1,
    "slice": lambda one, *bounds: one[slice(*(bounds or (None,)), *((None,) if len(bounds) == 1 else ()))],
    "concat": lambda one, *others: sum((list(o) if isinstance(o, list) else [o] for o in others), list(one)),
    "at": lambda one, place: one[place], "charAt": lambda one, place: one[place],
    "map": lambda one, work: [work(*two) for two in _turns(one)],
    "filter": lambda one, test: [two[0] for two in _turns(one) if test(*two)],
    "find": lambda one, test: next(two[0] for two in _turns(one) if test(*two)),
    "findIndex": lambda one, test: next((two[1] for two in _turns(one) if test(*two)), -1),
    "some": lambda one, test: any(test(*two) for two in _turns(one)),
    "every": lambda one, test: all(test(*two) for two in _turns(one)),
}  # fmt: skip
_CHANGES = frozenset(("append", "insert", "extend", "remove", "pop", "sort", "reverse", "clear", "add", "update"))
_SCRIPT_CHANGES: Mapping[str, Callable[..., object]] = {
    "push": lambda one, *more: one.extend(more) or len(one), "shift": lambda one: one.pop(0),
    "unshift": lambda one, *more: one.__setitem__(slice(0, 0), more) or len(one),
}  # fmt: skip
_ROUNDS = {name: getattr(math, name) for name in ("floor", "ceil", "trunc", "gcd", "sqrt")}
_MODULES: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "math": _ROUNDS, "Math": _ROUNDS | {"max": max, "min": min, "abs": abs, "round": lambda one: math.floor(one + 0.5)},
    "Object": {
        "keys": list, "values": lambda one: list(one.values()), "entries": lambda one: [[*two] for two in one.items()],
    },
}  # fmt: skip
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "undefined": None}
_FAULTS = (
    SyntaxError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, StopIteration
)  # fmt: skip
Scope = dict[str, object]


class UnknownValueError(Exception):
    """An expression holds more than literals, pure calls and functions of such."""


def _turns(given: Iterable[object]) -> Iterator[tuple[object, int]]:
    return ((one, at) for at, one in enumerate(given))


def read_code(code: str) -> ast.Module:
    """The syntax tree of Python, or of JavaScript in its place. Raises SyntaxError."""
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.parse(translate(code))


def work_out(asked: str, code: str) -> object:
    """The value of an expression after such statements; raises UnknownValueError for all else."""
    try:
        return work_out_tree(read_code(f"{code}\n{asked}"))
    except _FAULTS as error:
        raise UnknownValueError from error


def work_out_tree(tree: ast.Module) -> object:
    """The value of the last statement, which is an expression; raises UnknownValueError."""
    *before, last = tree.body
    if not isinstance(last, ast.Expr):
        raise UnknownValueError
    try:
        return _Reckoner().value_after(before, last.value)
    except _FAULTS as error:
        raise UnknownValueError from error


def contradicts(value: str, asked: str, code: str) -> bool:
    """Whether an expression has another value than an author says; False where it cannot be worked out."""
    try:
        found = work_out(asked, code)
        return found is not None and bool(found != work_out(value, ""))
    except UnknownValueError:
        return False


def _weigh(value: object) -> int:
    """How many elements a value has with all that is in them; it stops past the most that are allowed."""
    left, count = [value], 0
    while left and count <= _MOST_ELEMENTS:
        one = left.pop()
        count += len(one) if isinstance(one, str) else 1
        if isinstance(one, dict):
            left += [*one, *one.values()][: _MOST_ELEMENTS + 1]
        elif isinstance(one, list | tuple | set):
            left += [*one][: _MOST_ELEMENTS + 1]
    return count


class _Returned(Exception):
    """A function has come to its end."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class _Reckoner:
    """Works out one value in a bounded number of steps."""

    def __init__(self) -> None:
        self._steps = self._depth = 0

    def value_after(self, before: Iterable[ast.stmt], last: ast.expr) -> object:
        scope: Scope = {}
        self._run(before, scope)
        return self._find(last, scope)

    def _count(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise UnknownValueError

    def _run(self, statements: Iterable[ast.stmt], known: Scope) -> None:
        for one in statements:
            self._count()
            match one:
                case ast.Assign(targets=[target], value=value):
                    self._set(target, self._find(value, known), known)
                case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                    self._set(target, self._find(ast.BinOp(ast.Name(name), op, value), known), known)
                case ast.If(test=test, body=body, orelse=others):
                    self._run(body if self._find(test, known) else others, known)
                case ast.For(target=target, iter=source, body=body, orelse=[]):
                    for turn in self._list(source, known):
                        self._set(target, turn, known)
                        self._run(body, known)
                case ast.While(test=test, body=body, orelse=[]):
                    while self._find(test, known):
                        self._run(body, known)
                case ast.FunctionDef(name=name, args=args, body=body, decorator_list=[]):
                    known[name] = self._make(args, known, body)
                case ast.Return(value=result):
                    raise _Returned(self._find(result, known) if result else None)
                case ast.Expr(value=ast.Call() | ast.Constant() as call):
                    self._find(call, known)
                case ast.ImportFrom(module="math", names=names):
                    known |= {one.asname or one.name: _ROUNDS[one.name] for one in names}
                case ast.Pass() | ast.Import(names=[ast.alias(name="math", asname=None)]):
                    pass
                case _:
                    raise UnknownValueError

    def _set(self, target: ast.expr, value: object, known: Scope) -> None:
        match target:
            case ast.Name(id=name):
                known[name] = value
            case ast.Tuple(elts=parts) if isinstance(value, list | tuple) and len(parts) == len(value):
                for part, one in zip(parts, value, strict=True):
                    self._set(part, one, known)
            case ast.Subscript(value=ast.Name(id=name), slice=place) if isinstance(known.get(name), list | dict):
                operator.setitem(known[name], self._find(place, known), value)  # type: ignore[call-overload]
            case _:
                raise UnknownValueError

    def _make(self, args: ast.arguments, known: Scope, body: Sequence[ast.stmt] | ast.expr) -> Callable[..., object]:
        """A function of the code. JavaScript gives a function more than it takes."""
        names = [one.arg for one in args.args]
        defaults = [self._find(one, known) for one in args.defaults]
        if args.vararg or args.kwarg or args.kwonlyargs:
            raise UnknownValueError

        def call(*given: object, **named: object) -> object:
            self._depth += 1
            if self._depth > _DEEPEST or not set(named) <= set(names):
                raise UnknownValueError
            last = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
            scope = {**known, **last, **dict(zip(names, given, strict=False)), **named}
            try:
                if isinstance(body, ast.expr):
                    return self._find(body, scope)
                self._run(body, scope)
            except _Returned as returned:
                return returned.value
            finally:
                self._depth -= 1
            return None

        return call

    def _list(self, source: ast.expr, known: Scope) -> Sequence[object]:
        found = self._find(source, known)
        if not isinstance(found, list | tuple | str | range | dict) or len(found) > _MOST_ELEMENTS:
            raise UnknownValueError
        return list(found)

    def _find(self, node: ast.expr, known: Scope) -> object:
        self._count()
        found = self._read(node, known)
        if found is NotImplemented or (_weigh(found) > _MOST_ELEMENTS if hasattr(found, "__len__") else False):
            raise UnknownValueError
        if isinstance(found, int | float) and abs(found) > _LARGEST:
            raise UnknownValueError
        return found

    def _read(self, node: ast.expr, known: Scope) -> object:
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return value
            case ast.Name(id=name) if name in known or name in _WORDS:
                return known.get(name, _WORDS.get(name))
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._find(body if self._find(test, known) else other, known)
            case ast.Subscript(value=whole, slice=ast.Slice(lower=lower, upper=upper, step=step)):
                bounds = [self._find(part, known) if part else None for part in (lower, upper, step)]
                return operator.getitem(self._find(whole, known), slice(*bounds))  # type: ignore[call-overload]
            case ast.Subscript(value=whole, slice=place):
                return operator.getitem(self._find(whole, known), self._find(place, known))  # type: ignore[call-overload]
            case ast.Lambda(args=args, body=body):
                return self._make(args, known, body)
            case ast.Call(func=func, args=given, keywords=named):
                return self._call(func, given, named, known)
            case ast.Attribute(value=owner, attr=field):
                held = self._find(owner, known)
                if isinstance(held, dict):
                    return held[field]
                return len(held) if field == "length" and isinstance(held, list | str) else NotImplemented
            case ast.JoinedStr(values=parts):
                return "".join(str(self._find(part, known)) for part in parts)
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=spec):
                how = self._find(spec, known) if spec else ""
                return (
                    format(self._find(inner, known), str(how)) if len(str(how)) <= _LONGEST_FORMAT else NotImplemented
                )
        return self._read_sign(node, known)

    def _read_sign(self, node: ast.expr, known: Scope) -> object:
        match node:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._find(left, known), self._find(right, known))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._find(operand, known))
            case ast.Compare(left=left, ops=signs, comparators=others):
                values = [self._find(one, known) for one in (left, *others)]
                return all(_OPERATORS[type(op)](a, b) for op, (a, b) in zip(signs, pairwise(values), strict=True))
            case ast.BoolOp(op=op, values=choices):
                found = (self._find(one, known) for one in choices[:-1])
                first = next(((one,) for one in found if bool(one) == isinstance(op, ast.Or)), None)
                return first[0] if first else self._find(choices[-1], known)
        return self._read_parts(node, known)

    def _read_parts(self, node: ast.expr, known: Scope) -> object:
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                held = [one for part in parts for one in self._spread(part, known)]
                return tuple(held) if isinstance(node, ast.Tuple) else set(held) if isinstance(node, ast.Set) else held
            case ast.Dict(keys=keys, values=values):
                made: dict[object, object] = {}
                for key, value in zip(keys, values, strict=True):
                    found = self._find(value, known)
                    made |= {self._find(key, known): found} if key else dict(found)  # type: ignore[call-overload]
                return made
            case ast.ListComp(elt=part, generators=[loop]) | ast.GeneratorExp(elt=part, generators=[loop]):
                return [self._find(part, scope) for scope in self._loop(loop, known)]
            case ast.SetComp(elt=part, generators=[loop]):
                return {self._find(part, scope) for scope in self._loop(loop, known)}
            case ast.DictComp(key=name, value=part, generators=[loop]):
                return {self._find(name, scope): self._find(part, scope) for scope in self._loop(loop, known)}
        raise UnknownValueError

    def _spread(self, part: ast.expr, known: Scope) -> Iterable[object]:
        return self._list(part.value, known) if isinstance(part, ast.Starred) else [self._find(part, known)]

    def _call(self, func: ast.expr, given: Sequence[ast.expr], named: Sequence[ast.keyword], known: Scope) -> object:
        values = [one for part in given for one in self._spread(part, known)]
        words = {str(one.arg): self._find(one.value, known) for one in named}
        match func:
            case ast.Name(id=name) if callable(known.get(name)):
                return known[name](*values, **words)  # type: ignore[operator]
            case ast.Name(id=name) if name in _CALLS and set(words) <= {"key", "reverse", "start"}:
                return _CALLS[name](*values, **words)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES and module not in known:
                return _MODULES[module][name](*values)
            case ast.Attribute(value=owner, attr=name) if not set(words) - {"key", "reverse"}:
                held = self._find(owner, known)
                if isinstance(held, list) and (name in _SCRIPT_CHANGES):
                    return _SCRIPT_CHANGES[name](held, *values)
                if isinstance(held, list | set | dict) and name in _CHANGES:
                    return getattr(held, name)(*values, **words)
                if isinstance(held, list | str) and name in _SCRIPT and not hasattr(held, name):
                    return _SCRIPT[name](held, *values)
                if isinstance(held, str | list | tuple | dict | set) and name in _METHODS:
                    found = getattr(held, name)(*values, **words)
                    return list(found) if name in ("keys", "values", "items") else found
        raise UnknownValueError

    def _loop(self, loop: ast.comprehension, known: Scope) -> Iterator[Scope]:
        """The names of a loop at each turn that passes its tests."""
        for value in self._list(loop.iter, known):
            scope = dict(known)
            self._set(loop.target, value, scope)
            if all(self._find(test, scope) for test in loop.ifs):
                yield scope

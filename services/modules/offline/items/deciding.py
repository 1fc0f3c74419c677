"""Which line decides the value of an example's last line, and how: feedback without that line explains little."""

import ast
import re
from collections.abc import Iterator

from shared.docs.code_spans import code_span

_REMARK = re.compile(r"\s*(?:#(?!\[)|//)")
_ROOT = re.compile(r"\W*(?:await\s+)?([A-Za-z_]\w*)")
_MADE = (
    r"^[ \t]*(?:(?:const|let|var)\s+)?(?:[\w, ]+,\s*)?{name}\b[^=\n]*=[^=>].*\(.*$|^[ \t]*{name}\.\w+(?:\(|\s*=[^=]).*$"
)
_COMPARES = re.compile(r"\b(?:eq|order|cmp|hash)\b")
_FEWEST_SIGNS, _MOST_SIGNS = 4, 100
_AFTER, _SETS = "this is so after {}", "{} decides it"
_SAYS_LITTLE = re.compile(r"[^(]*=[^(]*$|.*\($")
"""A line that sets a plain value, or the first of several."""

Made = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Lines = tuple[int, int, str]
"""The first and the last line of a statement, and what it does for a value."""


def find_deciding(code: str, asked: str, value: str, *, firm: bool = False, plain: bool = False) -> str:
    """How a line of the code before `asked` decides its value, in words; "" where no line is known to decide it.

    That is the line that was called last, the condition of the error that is raised or of the text that is given, what
    a called function returns, or the setting of a class. Else, unless it has to be `firm`, the call by which the asked
    name was made; where all is `plain`, any line that makes it.
    """
    if _REMARK.match(code):
        return f"this is the case of {code_span(code.partition(chr(10))[0])}"
    try:
        tree, wanted = ast.parse(code), ast.parse(asked)
    except SyntaxError:
        return "" if firm else _find_made(code, asked, plain)
    lines = code.split("\n")
    found = [*_list_changes(tree, asked), *_list_branches(tree, value), *_list_made(tree, wanted, value)]
    texts = ((" ".join(map(str.strip, lines[a - 1 : b])), does) for a, b, does in found)
    told = (does.format(code_span(text)) for text, does in texts if _FEWEST_SIGNS <= len(text) <= _MOST_SIGNS)
    return next(told, "") or ("" if firm else _find_made(code, asked, plain))


def _span(node: ast.stmt | ast.expr, does: str) -> Lines:
    return node.lineno, node.end_lineno or node.lineno, does


def _list_changes(tree: ast.Module, asked: str) -> Iterator[Lines]:
    """The last statement, if it is a call that is made for what it changes."""
    match tree.body[-1:]:
        case [ast.Expr(value=ast.Call()) as last] if not _is_sibling(ast.unparse(last), asked):
            yield _span(last, _AFTER)


def _is_sibling(line: str, asked: str) -> bool:
    """Whether a line calls the same as the asked one and gives it something else: another example, and no cause."""
    return line != asked and line.partition("(")[0] == asked.partition("(")[0]


def _list_branches(tree: ast.AST, value: str) -> Iterator[Lines]:
    """The conditions under which the code raises an error of this name, or gives this text."""
    for node in ast.walk(tree):
        for one in node.body if isinstance(node, ast.If) else ():
            raises = isinstance(one, ast.Raise) and value in ast.unparse(one)
            texts = (part.value for part in ast.walk(one) if isinstance(part, ast.Constant))
            gives = not isinstance(one, ast.If) and any(repr(text) == value for text in texts if isinstance(text, str))
            if isinstance(node, ast.If) and (raises or gives):
                yield node.lineno, node.test.end_lineno or node.lineno, "{} leads to it"


def _list_made(tree: ast.Module, wanted: ast.AST, value: str) -> Iterator[Lines]:
    """The lines of what the asked expression calls, as far as the code makes it."""
    made = {node.name: node for node in ast.walk(tree) if isinstance(node, Made)}
    called = [node.func for node in ast.walk(wanted) if isinstance(node, ast.Call)]
    names = [func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in called]
    roots = [node.id for node in ast.walk(wanted) if isinstance(node, ast.Name)]
    given = [
        node.value.func.id
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in roots
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
    ]
    compares = any(isinstance(node, ast.Compare) for node in ast.walk(wanted))
    for name in dict.fromkeys([*names, *given]):
        match made.get(name):
            case ast.FunctionDef() | ast.AsyncFunctionDef() as own:
                returned = [node for node in ast.walk(own) if isinstance(node, ast.Return) and node.value]
                if len(returned) == 1 and not isinstance(returned[0].value, ast.Name):
                    yield _span(returned[0], "{} works it out")
            case ast.ClassDef() as own:
                yield from _list_fields(own, value, compares)


def _list_fields(own: ast.ClassDef, value: str, compares: bool) -> Iterator[Lines]:
    """The settings of a class and of its fields; with several, the one that the value names."""
    settings = [node for node in own.decorator_list if isinstance(node, ast.Call) and node.keywords]
    fields = [node for node in own.body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None]
    told = [node for node in fields if isinstance(node.value, ast.Call) and (node.value.keywords or node.value.args)]
    if compares:
        both = (*settings, *told)
        yield from (_span(node, _SETS) for node in both if _COMPARES.search(ast.unparse(node)))
        return
    used = [node for node in fields if f"{_name_of(node)}={ast.unparse(node.value or node)}" in value]
    named = [node for node in told or fields if re.search(rf"\b{_name_of(node)}\b", value)]
    for one in settings or (told if len(told) == 1 else named if len(named) == 1 else used[:1]):
        yield _span(one, _SETS)
    for node in own.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield from (_span(one, "{} works it out") for one in node.body if isinstance(one, ast.Return))


def _name_of(node: ast.Assign | ast.AnnAssign) -> str:
    return re.escape(ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))


def _find_made(code: str, asked: str, plain: bool) -> str:
    """The last line that changes what the asked expression begins with or makes it, with a call if not `plain`."""
    root = _ROOT.match(re.sub(r"^(?:print ?|console\.log|assert|test_\w+|expect|[a-z]+(?=\())\b\W*", "", asked))
    pattern = _MADE.replace(r"[^=>].*\(.*$", r"[^=>].*$", 1) if plain else _MADE
    made = re.compile(pattern.format(name=re.escape(root.group(1))), re.MULTILINE) if root else None
    lines = [found.group().strip() for found in made.finditer(code)] if made else []
    lines = [line for line in lines if not _is_sibling(line.rstrip(";"), asked)]
    fit = lines and "import" not in lines[-1] and not _SAYS_LITTLE.match(lines[-1])
    return _AFTER.format(code_span(lines[-1])) if fit else ""

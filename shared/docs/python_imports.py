"""Where the names of Python source come from: what a file imports, and the files that a name or an import may mean.

Source is parsed, never imported.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence

from shared.docs.folders import ancestors
from shared.docs.links import join_path

_ROOTS = ("", "src", "lib", "python")
MOST_IMPORTS = 200
_MOST_WORDS = 10
_TYPE_STATEMENT = re.compile(r"^(\s*+)type\s++(?=[A-Za-z_]\w*+\s*+(?:\[[^\]]*\]\s*)?=)")
_TYPE_PARAMETERS = re.compile(r"^(\s*+(?:async\s+)?(?:def|class)\s+\w++)\[[^\]]*\]")


def parse_file(lines: Sequence[str]) -> ast.Module | None:
    """The syntax of a file; None when it can't be parsed."""
    return parse("\n".join(lines)) or parse("\n".join(_without_new_syntax(line) for line in lines))


def parse(text: str) -> ast.Module | None:
    """The syntax of a text; None when it can't be parsed."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_new_syntax(line: str) -> str:
    """A line without what only the Python after ours knows: `type X = …`, `def f[T](…)`."""
    return _TYPE_PARAMETERS.sub(r"\1", _TYPE_STATEMENT.sub(r"\1", line))


def flat(body: Sequence[ast.stmt], kinds: tuple[type[ast.stmt], ...]) -> Iterator[ast.stmt]:
    """Statements with those inside conditions, which hold on some systems only."""
    for node in body:
        yield node
        if isinstance(node, kinds):
            handlers = (one for handler in getattr(node, "handlers", ()) for one in handler.body)
            parts = (getattr(node, name, ()) for name in ("body", "orelse", "finalbody"))
            yield from flat([*(one for part in parts for one in part), *handlers], kinds)


def imports_of(tree: ast.Module) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
    """Imported name → (leading dots and dotted module, name there), and the modules of `from x import *`."""
    imported: dict[str, tuple[str, str]] = {}
    whole: list[str] = []
    for node in flat(tree.body, (ast.If, ast.Try)):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imported |= {alias.asname or alias.name: (module, alias.name) for alias in node.names if alias.name != "*"}
            whole += [module for alias in node.names if alias.name == "*"]
    return imported, tuple(whole)


def name_candidates(path: str, dotted: str) -> Iterator[tuple[str, int]]:
    """The files in which a document's name may be defined, likeliest first, and how many of its words name the file."""
    parts = dotted.split(".")
    for folder in ancestors(path) if len(parts) <= _MOST_WORDS else ():
        for root in (*_ROOTS, parts[0]):  # a repository of several packages has each in a folder of its name
            for words in range(len(parts), 0, -1):
                for file in _module_files(f"{folder}/{root}".strip("/"), parts[:words]):
                    yield file, words


def import_candidates(path: str, module: str) -> tuple[str, ...]:
    """The files an import in `path` may mean; `module` begins with the dots of a relative one."""
    words = module.lstrip(".")
    dots = len(module) - len(words)
    parts = words.split(".") if words else []
    folders = ancestors(path)
    if dots:
        return _module_files(folders[dots - 1], parts) if dots <= len(folders) else ()
    if parts[0] in sys.stdlib_module_names and not is_own(path, module):
        return ()
    folders = folders[path.endswith("__init__.py") :]  # modules of a package are imported by its name
    return tuple(file for folder in folders for file in _module_files(folder, parts))


def base_names(node: ast.ClassDef) -> tuple[str, ...]:
    """The dotted names of the classes that a class inherits from."""
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    written = (ast.unparse(base) for base in bases if len([*ast.walk(base)]) <= 2 * _MOST_WORDS)  # deep code is no name
    return tuple(name for name in written if all(word.isidentifier() for word in name.split(".")))


def sources(path: str, lines: Sequence[str]) -> tuple[str, ...]:
    """The files a Python file takes names from that a document may show, as candidates: all names of a package, from
    its own files first; the bases of its classes of another module, and the modules it takes whole.
    """
    imported, whole = imports_of(tree := parse_file(lines) or ast.Module([], []))
    if path.endswith("__init__.py"):
        named = (*(source for source, _ in imported.values()), *whole)
        within = (joined(*one) for name, one in imported.items() if name == one[1])
        found = [*sorted(named, key=lambda one: not is_own(path, one)), *within]
    else:
        bases = (base for node in tree.body if isinstance(node, ast.ClassDef) for base in base_names(node))
        found = [*(imported.get(base.split(".")[0], ("", ""))[0] for base in bases), *whole]
    few = [*dict.fromkeys(filter(None, found))][:MOST_IMPORTS]
    return tuple(dict.fromkeys(file for source in few for file in import_candidates(path, source)))


def joined(source: str, name: str) -> str:
    """The dotted name of what a file imports, if that is a module."""
    return f"{source}.{name}" if source.strip(".") else f"{source}{name}"


def is_own(path: str, source: str) -> bool:
    """Whether a file imports from its own package."""
    return source.startswith(".") or source.split(".", maxsplit=1)[0] in path.split("/")[-2:-1]


def _module_files(folder: str, parts: Sequence[str]) -> tuple[str, ...]:
    joined = join_path(folder, "/".join(parts))
    if not joined:
        return ()
    return (f"{joined}/__init__.py",) if not parts else (f"{joined}.py", f"{joined}/__init__.py")

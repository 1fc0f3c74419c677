"""The code that an example needs, and whether that code decides the value that is shown."""

import ast
import builtins
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import takewhile
from textwrap import dedent

from services.modules.offline.items.examples import RESULT, Shown
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.reckoning import contradicts
from services.modules.offline.items.stubs import drop_stubs
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.items.variants import read_record
from shared.course.item_kinds import is_languages_own, is_placeholder

_MOST_LINES, _MOST_ROUNDS, _MOST_SECTIONS, _MOST_BLOCKS = 30, 4, 6, 20
CHANGES = re.compile(r"^\w+\.(?:append|extend|insert|remove|sort|reverse|clear|update|add|discard)\(")
_SHOWS = re.compile(r"^\s*(?:print ?|e?println!|console\.log|test_\w+|assert\w*!?)[( ](?!.*\.\w+\().*[^,({\[]$")
_BY_CHANCE = re.compile(
    r"\b(?:rand\w*|shuffle\w*|sample\w*|datetime|uuid\w*|getpid|environ|platform|version|__version__|listdir|requests|urlopen"
    r"|perf_counter|secrets|Date)\b|\.(?:fit|predict|train)\w*\(|(?<!\.)\b(?:choice|time|sleep|now|today|id|hash|input|getcwd|open|set|ord|chr)\s*[(.]"
)
_FILE = re.compile(r"""["'][\w/.-]+\.(?:db|sqlite\d?|csv|tsv|jsonl?|txt|toml|ya?ml|ini|html?|log|xml|env)["']""")
_TYPED = re.compile(r"^(?:>>>|\.\.\.) (.*)$", re.MULTILINE)
_NAME = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*")
_OTHERS_OWN = (
    "println vec format String Vec Some Ok Err console Math JSON Object Array Promise new isFinite isNaN parseInt"
    " parseFloat structuredClone"
)
_OWN_CALL = re.compile(r"(?:await )?([a-z]\w*(?:_|[a-z](?=[A-Z]))\w+)\(")
"""A call of a name of several words, on nothing."""
_SCRIPT_WORDS = (
    "const let var function interface type extends async await export default true false null undefined"
    " typeof instanceof number string boolean any void"
)
_BASES = re.compile(r"^\s*class \w+\(([^)]*)\)", re.MULTILINE)
_METHOD = re.compile(
    r"^\s+(?:static |async |get |set |#)*(?!if\b|for\b|while\b|switch\b)(\w+ ?\([^()]*\)) ?\{", re.MULTILINE
)
"""The head of a method of JavaScript."""
_KEY = re.compile(r"(?<=[{,])\s*\w+\s*:(?!:)")
_GIVEN = frozenset(dir(builtins)) | frozenset(f"{_OTHERS_OWN} {_SCRIPT_WORDS}".split())
_REMARK = re.compile(r"\s*(?:#(?!\[)|//|%)")
_SETS = ("set", "configure", "enable", "disable", "register", "use", "init", "patch")
_CHECKS = re.compile(r"assert\b|test_\w+\(")
_CHECK = re.compile(r"\s*(?:test|it|describe)(?:\.\w+)*\([\"'`].*(?:=>|function ?\(\)) ?\{$")
"""The head of a check of JavaScript: what stands inside of it runs as it stands."""
_CASE = re.compile(r"\s*(?:#|//) (?:(?:With|When|Given|For|No) )?[A-Z][\w-]*(?:: \S| is \S| header$)")
_EMPTY = re.compile(r"^\s*class (\w+)\(.+\):\s*pass$", re.MULTILINE)
_SETS_VALUE = re.compile(r"[\w.]+(?:\[[^\[\]]*\])* [-+*/|&]?= ")
_PURE = re.compile(r"[\w.]+\([^()]*\);?$")
"""A remark that gives what the lines below it are given: `// Accept: text/html`."""
_QUOTED = re.compile(
    r"\"\"\"[\s\S]*?\"\"\"|/\*[\s\S]*?\*/|\"[^\"]*\"|'[^']*'|~r/[^/\n]*/\w*"
    r"|(?<=[(=,] )/[^/\n ]+/\w*|(?<=\()/[^/\n ]+/\w*"
)
"""Texts, remarks of several lines, and patterns between strokes."""
_HOLLOW = re.compile(r"\)[^{}\n;]*\{(?=[^}]*[\n*])(?:\s|//[^\n]*\n|/\*[\s\S]*?\*/)*\}")
"""A function of JavaScript whose body is left out: it has remarks alone."""
_FILLED, _INSIDE = re.compile(r"`[^`]*`"), re.compile(r"\$\{([^{}]*)\}")
"""Texts of JavaScript with code inside of them."""
_LEFT_OUT = re.compile(r"(?://|#|/\*)\s*(?:\.{2,3}|…)\s*(?:\*/|$)")
"""A remark that stands for code that is not shown."""
_REMARK_BEHIND = re.compile(r"\s+(?:#(?!\[)|//).*$")
_HASH_BEHIND = re.compile(r"\s+#.*$")
_WITHIN = re.compile(r"\bfor ([\w, ]+?) in\b|\blambda ([\w, ]*):")
_KEYWORD = re.compile(r"[(,]\s*\w+\s*=(?!=)")
_OWN_NAMES = re.compile(
    r"(?:\b(?:def|class|fn|func|function|let|const|var|for|mut|static|struct|enum|lambda|as)\s+)([A-Za-z_][\w, ]*)"
    r"(?:\(([^)]*)\))?"
    r"|^[ \t]*([A-Za-z_][\w, ]*?)\s*(?::[^=\n]+)?=(?!=)|\bfunction\s*\(([^)]*)\)|\(?([\w, ]+)\)?\s*=>"
    r"|\|([\w, ]+)\||\b(?:const|let|var)\s*[\[{]\s*([\w, ]+?)\s*[\]}]",
    re.MULTILINE,
)
_MADE = re.compile(
    r"(?:\b(?:def|class|fn|func|function|let|const|var|for|mut|static|struct|enum|lambda)\s+)([A-Za-z_][\w, ]*)"
    r"|^[ \t]*([A-Za-z_][\w, ]*?)\s*(?::[^=\n]+)?=(?!=)"
    r"|[(,|]\s*(\w+)(?=\s*[:),=|])|\b(?:const|let|var)\s*[\[{]\s*([\w, ]+?)\s*[\]}]|\bas (\w+)",
    re.MULTILINE,
)

_ANNOTATED = re.compile(r"^[ \t]+(\w+)\s*:(?!:)[^=\n]*\w[^=\n]*$", re.MULTILINE)
_IMPORTED = re.compile(r"^(?:from [\w.]+ import|import|use) ([^(\n]+)$", re.MULTILINE)
_IMPORTING = re.compile(r"^(?:from|import|use) .*$", re.MULTILINE)
_OWN_FILES = re.compile(r"""^(?:from \.|import .* from ['"]\.|.*require\(['"]\.)""", re.MULTILINE)
_IMPORT = r"^(?:from [\w.]+ import (?:.*\W)?{name}\b.*|import (?:.*\W)?{name}\b.*)$"


_FIXED = re.compile(r"(?:export )?(?:async )?(?:def|class|function|fn|struct|enum)\b")
_CHANGED = r"\b{name}(?:\[|\.|\s*[-+*/|&]=)|\bdel {name}|[(,]\s*{name}\s*[,)]"


def write_code(one: TaughtSection, example: Shown, asked: str, said: TaughtText) -> str:
    """The code to show with `asked` as its last line; "" where the value does not follow from it on every run."""
    is_template = example.asked.startswith("{{")  # what its names stand for is not on the page
    code = "" if is_template else _list_code(one, example, asked, said)
    for _ in range(_MOST_ROUNDS):
        open_names = _list_open(code, said)
        found = [_find_definition(one, said, example, name) for name in open_names] if code else []
        if not found or not all(found):
            break
        code = "\n".join((*dict.fromkeys(filter(None, found)), code))
    lines = code.split("\n")
    code = "\n".join((*filter(_IMPORTED.match, lines), *(line for line in lines if not _IMPORTED.match(line))))
    stars = said.list_stars(one.document_id)
    left = [name for name in _list_open(code, said) if not stars or said.makes(name)] if code else []
    if not code or left or not _decides(code, example, said):
        return ""
    code = "\n".join((*(stars if _list_open(code, said) else ()), code))
    return "\n".join((*_list_imports(code, said), code))


def _list_imports(code: str, said: TaughtText) -> list[str]:
    """The lines that import the names which the code has from elsewhere, one for each module."""
    plain = "\n".join(line for line in _QUOTED.sub("''", code).split("\n") if not _REMARK.match(line))
    own = {name for found in _OWN_NAMES.findall(plain) for part in found for name in re.findall(r"\w+", part)}
    own |= {name for line in _IMPORTED.findall(plain) for name in re.findall(r"\w+", line)}
    used = sorted(
        {name for name in _NAME.findall(_KEYWORD.sub("(", _IMPORTING.sub("", plain))) if name not in own | _GIVEN}
    )
    lines = [said.imports(name, is_called=_is_called(name, plain)) for name in used]
    modules: dict[str, list[str]] = {}
    for line in filter(None, lines):
        head, found, name = line.partition(" import ")
        modules.setdefault(head if found else line, []).append(name)
    return [f"{head} import {', '.join(names)}" if names[0] else head for head, names in modules.items()]


def _is_called(name: str, code: str) -> bool:
    """Whether code calls what has this name, which then is no module."""
    return bool(re.search(rf"(?<![\w.]){re.escape(name)}\(", code))


def list_names(code: str) -> set[str]:
    """The names of some code that are neither a language's own nor made up for examples."""
    given = _KEYWORD.sub("(", _QUOTED.sub("", code))
    return {name for name in _NAME.findall(given) if name not in _GIVEN and not _is_known(name)}


def _is_known(name: str) -> bool:
    """Whether a name is a language's own or made up for an example."""
    return is_placeholder(name) or is_languages_own(name, "")


def _list_code(one: TaughtSection, example: Shown, asked: str, said: TaughtText) -> str:
    """The example after what it needs; empty where a name is neither made in the section nor told of in the text."""
    ran = [line for line in example.before.split("\n") if line.strip() and not RESULT.match(line.strip())]
    told = next((line for line in reversed(ran) if _REMARK.match(line)), "")
    cases = [line for line in ran if _CASE.match(line)]
    if (cases and told != cases[-1]) or any(map(_LEFT_OUT.search, ran)):
        return ""
    steps = [
        line
        for line in ran
        if not (_REMARK.match(line) or _CHECK.match(line)) and not (cases and _PURE.match(line.strip()))
    ]
    behind = _HASH_BEHIND if _is_python(example) else _REMARK_BEHIND  # in Python two strokes are a division
    lines = [_drop_remark(line, behind) for line in steps]
    before = drop_stubs("\n".join(line for line in lines if not _SHOWS.match(line)))
    made = {name for found in _MADE.findall(before) for part in found for name in re.findall(r"\w+", part)}
    made |= {name for found in _WITHIN.findall(example.asked) for part in found for name in re.findall(r"\w+", part)}
    defined = []
    made_up = {name for name in _NAME.findall(_QUOTED.sub("", example.asked)) if is_placeholder(name)}
    for name in sorted((list_names(example.asked) | made_up) - made):
        definition = _find_definition(one, said, example, name)
        unknown = re.search(rf"\b{name}\.\w+\b(?!\()", example.asked) and not re.search(
            rf"\b{name}\b.* = |^import ", definition or ""
        )
        if definition == "" or (definition is None and not _is_told(name, said)) or unknown:
            return ""
        defined += [definition] if definition and definition not in before else []
    last = "\n".join(" " * example.indent + line for line in asked.split("\n"))
    code = dedent(f"{before}\n{last}").strip("\n") if before else dedent(last)
    code = "\n".join((*dict.fromkeys(defined), _keep_needed(code, asked)))
    return f"{told.strip()}\n{code}" if cases else code


def _is_told(name: str, said: TaughtText) -> bool:
    """Whether the course tells of a name or has an example that imports it."""
    return said.names(name) or said.heads(name) or bool(said.imports(name)) or said.find_stub(name) is not None


def _is_python(example: Shown) -> bool:
    return example.block.language.startswith(("py", "ipy"))


def _drop_remark(line: str, behind: re.Pattern[str]) -> str:
    """A line of code without the remark behind it, which may tell the value."""
    found = behind.search(line)
    before = line[: found.start()] if found else line
    return before if before.count('"') % 2 == before.count("'") % 2 == 0 else line


def _keep_needed(code: str, asked: str) -> str:
    """The statements of Python that give or change a name of the last one or of another that is kept; else all code."""
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        statements = []
    if not statements:
        return code
    lines, needed = code.split("\n"), set(_NAME.findall(_QUOTED.sub("''", asked))) - _GIVEN
    starts = [min([one.lineno, *(o.lineno for o in getattr(one, "decorator_list", ()))]) - 1 for one in statements]
    texts = ["\n".join(lines[start : one.end_lineno]) for start, one in zip(starts, statements, strict=True)]
    names = [set(_NAME.findall(_QUOTED.sub("''", text))) - _GIVEN for text in texts]
    given = [own & (_list_made(one) or own) for own, one in zip(names, statements, strict=True)]
    kept = {i for i, one in enumerate(statements) if i == len(texts) - 1 or _does_more(one)}
    needed = needed.union(*(names[i] for i in kept))
    while found := {i for i, own in enumerate(given) if i not in kept and own & needed}:
        kept |= found
        needed = needed.union(*(names[i] for i in found if not isinstance(statements[i], ast.Import | ast.ImportFrom)))
    order = [i for i in sorted(kept) if i == len(texts) - 1 or not _CHECKS.match(texts[i])]
    live = [i for at, i in enumerate(order) if not _is_overwritten(statements[i], [texts[j] for j in order[at + 1 :]])]
    return "\n".join(texts[i] for i in live)


def _does_more(statement: ast.stmt) -> bool:
    """Whether a statement is a call that is made for what it changes: a setting holds for all that comes after."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name.startswith(_SETS)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name not in _GIVEN
    return False


def _list_made(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value; empty where it may change whatever it uses."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return {name, value.id} if isinstance(value, ast.Name) else {name}
        case ast.FunctionDef(name=name, decorator_list=[]) | ast.ClassDef(name=name):
            return {name}
    return set()


def _is_overwritten(statement: ast.stmt, later: Sequence[str]) -> bool:
    """Whether a statement gives a name a value that is replaced before anything uses it."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            uses = re.compile(rf"(?<![\w.]){name}\b")
            first = next((text for text in later if uses.search(text)), "")
            return bool(re.match(rf"{name} = ", first)) and len(uses.findall(first)) == 1
    return False


def bare(asked: str) -> str:
    """An expression without the call that prints it."""
    return re.sub(r"^(?:print ?|console\.log)\((.*)\)$", r"\1", asked)


def _find_definition(one: TaughtSection, said: TaughtText, example: Shown, name: str) -> str | None:
    """The nearest statement before the example's block that makes a name; "" if the name is changed since."""
    own_name = re.escape(name)
    makes = re.compile(
        rf"^(?:@.*\n)*(?:export )?(?:async )?(?:(?:def|class|fn|function|struct|enum)\s+{own_name}\b"
        rf"|(?:(?:let|const|var)\s+(?:mut\s+)?)?{own_name}\s*(?:=[^=]|[(<].*[:{{]\s*$|[:{{]))",
        re.MULTILINE,
    )
    since = example.before
    for code in _list_before(one, example):
        found = list(makes.finditer(code))
        if found:
            lines = code[found[-1].start() :].split("\n")
            own = found[-1].group().count("\n") + 1
            inside = list(takewhile(lambda line: line[:1] in (" ", "}", "\t", ")", "]"), lines[own:]))
            since = "\n".join((*lines[own + len(inside) :], since))
            changed = not _FIXED.match(lines[own - 1]) and re.search(_CHANGED.format(name=re.escape(name)), since)
            return "" if changed else drop_stubs("\n".join((*lines[:own], *inside))) or None
        since = f"{code}\n{since}"
    known, called = said.names(name) or said.makes(name), _is_called(name, f"{example.before}\n{example.asked}")
    imports = (line for line in _find_imports(one, name) if not (called and line == f"import {name}"))
    return next((line for line in imports if known or line.startswith("import ")), None)


def _list_before(one: TaughtSection, example: Shown) -> list[str]:
    """The nearest code of the document before the example's block, the nearest first; of a session, what is typed."""
    sections = one.document.sections
    at = bisect_left(sections, one.section.start_line, key=lambda section: section.start_line)
    near = [block for section in sections[max(0, at - _MOST_SECTIONS) : at] for block in section.blocks[-_MOST_BLOCKS:]]
    place = one.section.blocks.index(example.block)
    own = one.section.blocks[max(0, place - 3 * _MOST_BLOCKS) : place]
    codes = [block.code for block in reversed((*near, *own)) if block.kind == "code"][:_MOST_BLOCKS]
    return ["\n".join(_TYPED.findall(code)) if code.startswith(">>> ") else code for code in codes]


def _find_imports(one: TaughtSection, name: str) -> Iterator[str]:
    """The lines of the document that import a name."""
    pattern = re.compile(_IMPORT.format(name=re.escape(name)), re.MULTILINE)
    for section in one.document.sections:
        for block in section.blocks:
            found = (match.group() for match in pattern.finditer(block.code))
            yield from (line for line in found if "(" not in line and not is_placeholder(line.split()[1]))


def _decides(code: str, example: Shown, said: TaughtText) -> bool:
    """Whether the value follows from the code on every run."""
    return (
        code.count("\n") < _MOST_LINES
        and not ("```" in code or _HOLLOW.search(code) or any(map(_LEFT_OUT.search, code.split("\n"))))
        and _is_whole(code, example)
        and not _BY_CHANCE.search(_QUOTED.sub("", code))
        and not _FILE.search(code)
        and not _OWN_FILES.search(code)
        and not _is_hollow(code, example.asked)
        and not _is_unmade(code, bare(example.asked), said)
        and _has_names(code, example.value)
        and (bool(example.test) or not _is_lazy(code, example))
        and not _comes_later(code, example)
        and not contradicts(example.value, bare(example.asked), code.rpartition("\n")[0])
    )


def _is_whole(code: str, example: Shown) -> bool:
    """Whether the code can run as it stands: it is Python, or each bracket that opens is closed."""
    if _is_python(example):
        try:
            ast.parse(code.replace("____", "None"))
        except SyntaxError:
            return False
    plain = _QUOTED.sub("", code)
    uncalled = (name for name in re.findall(r"\bfunction (\w+)", plain) if plain.count(name) == 1)
    return not any(uncalled) and all(plain.count(a) == plain.count(b) for a, b in ("()", "[]", "{}"))


def _has_names(code: str, value: str) -> bool:
    """Whether the code has the names of the fields of a value: other names come from what is not shown.

    An object that Python shows has them in the order of the code, or an older program than the reader's made it.
    """
    record = read_record(value.strip("\"'"))
    found = [re.search(rf"\b{re.escape(name)}\b", code) for name in record.names] if record else []
    places = [one.start() for one in found if one]
    is_ordered = record is None or record.opened[:1] != "{" or places == sorted(places)
    return len(places) == len(found) and is_ordered


def _is_lazy(code: str, example: Shown) -> bool:
    """Whether Python shows something else than the example says.

    It shows an iterator for a list, a float for a whole number, and nothing after a change.
    """
    if not example.block.language.startswith("py"):
        return False
    name = re.sub(r"^print\((\w+)\)$", r"\1", example.asked)
    if CHANGES.search(bare(example.asked)) or _SETS_VALUE.match(example.asked):
        return True
    made = re.findall(rf"^\s*{name} = (.+)", code, re.MULTILINE) if name.isidentifier() else [name]
    if re.match(r"-?\d+$", example.value):
        return bool(re.search(r"math\.(?!floor|ceil|gcd|factorial|trunc)|[^/]/[^/]", made[-1] if made else ""))
    return bool(made and re.match(r"(?:print\()?(?:range|map|filter|zip|reversed|enumerate)\(", made[-1]))


def _is_hollow(code: str, asked: str) -> bool:
    """Whether what is asked calls an object of a class without a body: such a class gets its methods elsewhere."""
    made = [name for kind in _EMPTY.findall(code) for name in re.findall(rf"(\w+) = {kind}\(", code)]
    return any(re.search(rf"\b{name}[.(]", asked) for name in made)


def _is_unmade(code: str, asked: str, said: TaughtText) -> bool:
    """Whether what is asked calls a function of the reader's own that is to be written: nothing makes or imports it."""
    called = _OWN_CALL.match(asked)
    name = called.group(1) if called else ""
    made = re.search(rf"\b(?:def|function|import|const|let|var)\b.*\b{name}\b|^\s*{name} = ", code, re.MULTILINE)
    return bool(name) and name not in _GIVEN and not made and not said.heads(name)


def _comes_later(code: str, example: Shown) -> bool:
    """Whether what is shown was made of something that is changed since: in JavaScript that may take effect late."""
    if _is_python(example):
        return False
    for made in re.finditer(r"^(?:const|let|var) (\w+) = (?:await )?[\w.]+(?:<\w+>)?\((.*)$", code, re.MULTILINE):
        since = code[made.end() :]
        given = re.findall(r"\b[A-Za-z_]\w*", _QUOTED.sub("", made.group(2)))
        changed = any(re.search(rf"^\s*{name}(?:\.\w+)* = ", since, re.MULTILINE) for name in given)
        if changed and re.search(rf"\b{made.group(1)}\b", example.asked):
            return True
    return False


def _keep_filled(found: re.Match[str]) -> str:
    """Of a text with code inside of it that code alone."""
    return f"({', '.join(_INSIDE.findall(found.group()))})"


def _list_open(code: str, said: TaughtText) -> list[str]:
    """The names that the code uses, and neither makes nor imports. The text may tell of them, if no example makes them
    somewhere else.
    """
    filled = _FILLED.sub(_keep_filled, code)
    told = "\n".join(line for line in filled.split("\n") if not _REMARK.match(line))
    bare = "\n".join(_REMARK_BEHIND.sub("", line) for line in _QUOTED.sub("''", told).split("\n"))
    bare = _KEY.sub(" ", bare)  # the names of an object's fields
    bases = set(re.findall(r"\w+", " ".join(_BASES.findall(bare))))
    found = _OWN_NAMES.findall(bare)
    own = {name for made, given, *rest in found for part in (made, *rest) for name in re.findall(r"\w+", part)}
    own |= {name for _, given, *_ in found for name in re.findall(r"(?:^|,)\s*[*&]*(?:mut )?(\w+)", given)}
    own -= bases - set(re.findall(r"^\s*class (\w+)", bare, re.MULTILINE))
    own |= {name for head in _METHOD.findall(bare) for name in re.findall(r"\w+", head)}
    own |= {name for line in _IMPORTED.findall(bare) for name in re.findall(r"\w+", line)}
    own |= {name for name in _NAME.findall(bare) if said.names(name)} if _CASE.match(code) else set()
    own |= {name for name in _NAME.findall(bare) if said.imports(name)} | set(_ANNOTATED.findall(bare))
    used = {name for name in _NAME.findall(_KEYWORD.sub("(", _IMPORTING.sub("", bare))) if name not in _GIVEN}
    used -= {name for name in used if is_languages_own(name, "") or not name.strip("_")}
    return sorted(name for name in used - own if said.makes(name) or not _is_told(name, said)) + (
        re.findall(r"\bthis(?=\.)", bare)[:1] if not re.search(r"\bclass \w+|\bfunction [A-Z]", bare) else []
    )

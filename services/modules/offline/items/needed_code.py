"""The code that an example needs, so that a reader can work out its value; nothing where some of it is not shown."""

import ast
import builtins
import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from symtable import SymbolTable, symtable
from textwrap import dedent

from services.modules.offline.items.examples import Shown, parse
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import MAKES, TaughtText
from shared.docs.model import Block

_MOST_LINES, _MOST_ROUNDS, _MOST_SECTIONS, _MOST_BLOCKS, _MOST_TOGETHER = 25, 4, 6, 20, 4
_LONGEST = 4_000
"""Characters of what runs before: more are not read by anybody, and they take long to search."""
_TYPED = re.compile(r"^(?:>>>|\.\.\.) ?(.*)$", re.MULTILINE)
QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")
_REMARK = re.compile(r"(?:^|\s)\s*(?://|#(?!\[)).*$", re.MULTILINE)
_TOLD, _TOLD_TOO = (
    re.compile(rf"(?<![^\S\n])[^\S\n]++(?:{sign})\s[^'\"\n]*+$", re.MULTILINE) for sign in ("#", "#|//")
)
"""A remark behind a line may tell the answer."""
_LEFT_OUT = re.compile(r"\.\.\.(?=\s*(?:$|[)\]},#]))|…|\+{3}|\bTODO\b|(?://|/\*) \.\.", re.MULTILINE)
_BY_CHANCE = re.compile(
    r"\b(?:rand\w*|shuffle\w*|sample\w*|datetime|date|uuid\w*|getpid|environ|platform|version|__version__|listdir|requests"
    r"|urlopen|perf_counter|secrets|run_sync|llm|embed\w*|openai|anthropic|Date|fetch|now|today|time|sleep|getcwd|argv)\b|\b(?:open|input|hash|id|example)\(",
    re.IGNORECASE,
)
_TWICE = re.compile(
    r"^(?:const|let|class|def|function|func) (\w++).*^(?:const|let|class|def|function|func) \1\b",
    re.MULTILINE | re.DOTALL,
)
"""Two ways to write a thing, one below the other, are no program."""
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_LITERAL = re.compile(r"[\"'`]|\b\d|\?\w")
_ELSEWHERE = re.compile(
    r"https?://|(?:[\"']\.{1,2}|(?:^|\s)@?\.)/|localhost|\b(?:host|port)\s*[=:]|[\"'][\w./-]*\w\.(?:[a-z]{2,5}|db3?|sqlite3)[\"']"
    r"|\{\{-? (?:[^\n{]*[\s(])?(?:\.\w|(?:site|page|hugo)\b)|import data\b|(?:\b|_)datasets?\b|\bcursor\b",
    re.MULTILINE,
)
"""Addresses, servers, collections of data, names of files and parts of the project: what stands there is not shown."""
_NAME = re.compile(r"(?<![\w.@$])(?<!->)(?<!::)[A-Za-z_]\w*(?!\w|\s*:(?!:))")
_OF_A_LANGUAGE = frozenset(
    re.findall(
        r"\w+",
        "const let var function class new return if else for while of in async await export default import from true "
        "false null undefined typeof this def do end fn let mut pub use struct enum impl match puts print println "
        "console Math JSON Object Array String Number Boolean Promise Map Set Error Symbol nil and or not when case "
        "vec Some None Ok Err func self init super static override private public protocol extension switch default "
        "guard inout some any where throw throws try catch lazy weak yield macro property getter include "
        "extend unless elsif begin ensure rescue out abstract typeof sizeof foreach echo array fun val "
        "object when record forall",
    )
)
_VARIABLE = re.compile(r"(?<![\\$])\$(?!in\b|it\b|this\b)([a-z_]\w*)")
SHELL = re.compile(r"(?:fish|nu|sh|bash|zsh|shell|pwsh|powershell)", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"(?:^[^\S\n]*+|[|;({]\s*+)(?:ls|cd|pwd|cat|du|find|grep|ps|who\w*|uname|hostname|which|type|status|glob|http|sys|env"
    r"|git|ssh|cp|mv|rm|touch|mkdir|source|exec|bash|python\d?|function|def|alias"
    r"|path (?:exists|is|filter|mtime|resolve|expand))\b"
    r"|\s[\w./-]*\w\.(?:nu|sh|fish|py|txt|csv|json|toml|ya?ml|log|md)\b",
    re.MULTILINE,
)
"""Commands of a shell that read or change files, or the machine, or make a command."""
_INSIDE = re.compile(r"(?:\\\(|[#$]\{)\s*([a-z_]\w*)|@([A-Z]\w*)")
"""Names inside a text, and those that a sign puts on what follows."""
_CHANGED = re.compile(r"(?<![\w@])(@\w+)\s*[-+*/|&]=")
_NOTE = re.compile(r"(?:^|[^\S\n])(?:#|//|--)[^\S\n]*(?:=>|->|→|>).*$", re.MULTILINE)
_IMPORTS = re.compile(r"(?:from|import|use|using|require)\b[^({]*$|import .* from ['\"].*$|.*= require\(.*\);?$")
_BINDS = re.compile(
    r"\b(?:function|class|def|fn|struct|enum|protocol|module|macro)\s++(\w++)"
    r"|\b(?<!if )(?<!guard )(?<!while )(?:const|let|var|mut|property|getter|import|use|as)\s++"
    r"(?:[\[{(]\s*+)?([\w, $]++)"
    r"|\b(?:if|guard|while) (?:let|var) (\w++)(?= =)"
    r"|\bfor(?:each)?\s*+\(?(?:(?:const|let|var) )?([\w, ]{1,99}?) (?:in|of|<-)\b"
    r"|\b(\w++) <-|^[^\S\n]*+\$?([\w, ]++)\s*+:?=(?![=>])|\bset (?:-\w++ ){0,9}+(\w++)|\{\{-? \$(\w++) :="
    r"|\(([^()]*+)\)\s*+(?:=>|->|\{|do\b|use\b)|\b(\w++)\s*+=>|=> \$(\w++)\)|\|([^|\n]++)\|"
    r"|\b(?:function|def|fn|func|fun|macro|init|record)\b[^(\n]{0,99}+\(([^()]*+)\)",
    re.MULTILINE,
)
_IMPORT = ast.Import | ast.ImportFrom


def write_code(one: TaughtSection, example: Shown, said: TaughtText) -> str:
    """The code that gives an example's value, which its last line asks for; "" where a part of it is not shown."""
    if len(example.before) > _LONGEST:
        return ""
    before = "\n".join(line for line in example.before.split("\n") if not _REMARK.fullmatch(line))
    code = dedent(f"{before}\n{example.asked}").strip("\n")
    found = _complete(one, example, code, said) if example.is_python else _put_together(one, example, code, said)
    found = (_TOLD if example.is_python else _TOLD_TOO).sub("", join_imports(found))
    bare = QUOTED.sub("''", found)
    is_whole = example.is_python or all(bare.count(a) == bare.count(b) for a, b in _PAIRS)
    own = split_imports(found)[1]
    unfit = (
        found.count("\n") >= _MOST_LINES
        or "```" in found
        or _TWICE.search(found)
        or _BY_CHANCE.search(bare)
        or _ELSEWHERE.search(found)
        or _LEFT_OUT.search(f"{example.before}\n{found}")
    )
    return found if is_whole and _LITERAL.search(own) and not unfit else ""


def _complete(one: TaughtSection, example: Shown, code: str, said: TaughtText) -> str:
    """Python after the statements that make the names it uses; "" where it imports what another example makes."""
    tree = parse(code)
    lines = [node for node in (tree.body if tree else ()) if isinstance(node, ast.ImportFrom)]
    if any(said.makes(name.name) for line in lines for name in line.names):
        return ""
    for _ in range(_MOST_ROUNDS if tree else 0):
        found = [_find_maker(one, example, name) or said.imports(name) for name in sorted(_list_open(code))]
        if not found:
            return code
        if not all(found):
            return ""
        code = "\n".join((*dict.fromkeys(found), code))
    return ""


def _put_together(one: TaughtSection, example: Shown, code: str, said: TaughtText) -> str:
    """Code of another language than Python, below the blocks of its section that make what it uses. It is "" where
    another place makes a name that the code uses, or the course does not speak of that name.
    """
    if SHELL.match(example.block.language) and _OUTSIDE.search(example.asked):
        return ""
    above = (own for own in _list_blocks(one, example.block) if own.language == example.block.language)
    blocks = [_NOTE.sub("", block.code) for block in islice(above, _MOST_BLOCKS)]
    before = one.section.blocks[: one.section.blocks.index(example.block)]
    places = sum(own.kind == "code" and own.language == example.block.language for own in before)
    wanted = _list_wanted(code, example.block.language)
    made = [{name for found in MAKES.findall(own) for name in found} for own in blocks]
    if makers := [at for at, own in enumerate(made) if wanted & own]:
        code = "\n\n".join((*reversed(blocks[: makers[-1] + 1]), code))
        if makers[-1] >= min(places, _MOST_TOGETHER) or len(code) > _LONGEST:
            return ""
        wanted = _list_wanted(code, example.block.language)
    return code if all(said.names(name) and not said.shows(name) for name in wanted) else ""


def _list_wanted(code: str, language: str) -> set[str]:
    """The names that code uses and does not make; those of variables with their sign. In a shell and in a
    template a plain word is a text or a command.
    """
    plain = _REMARK.sub("", QUOTED.sub("''", code))
    made = {name for found in _BINDS.findall(plain) for part in found for name in re.findall(r"\w+", part)}
    variables = {f"${name}" for name in _VARIABLE.findall(code) if name not in made}
    variables |= {name for found in _INSIDE.findall(code) for name in found if name and name not in made}
    variables |= {name for name in _CHANGED.findall(code) if not re.search(rf"{name}(?:\s*=|\s*[:,)])", code)}
    is_text = SHELL.match(language) or code.startswith("{{")
    return (set() if is_text else {*_NAME.findall(plain)} - made - _OF_A_LANGUAGE) | variables


def join_imports(code: str) -> str:
    """The code with its imports at the top, each once, and a blank line below them."""
    return "\n\n".join(filter(None, split_imports(code)))


def split_imports(code: str) -> tuple[str, str]:
    """The imports of some code, each once, and the rest of it."""
    lines = code.strip("\n").split("\n")
    imports = dict.fromkeys(line for line in lines if _IMPORTS.match(line))
    return "\n".join(imports), "\n".join(line for line in lines if line not in imports).strip("\n")


def _list_open(code: str) -> set[str]:
    """The names that Python uses, and that neither it nor the language makes."""
    top = symtable(code, "", "exec")
    made = {own.get_name() for own in top.get_symbols() if own.is_assigned() or own.is_imported()}
    used = {
        own.get_name()
        for scope in _list_scopes(top)
        for own in scope.get_symbols()
        if own.is_referenced() and (scope is top or own.is_global())
    }
    before: set[str] = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign):  # `weigh = twice(weigh)` needs a name that it makes itself
            made -= {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)} & _list_made(node) - before
        before |= _list_made(node)
    return used - made - set(dir(builtins))


def _list_scopes(table: SymbolTable) -> Iterator[SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _list_scopes(child)


def _find_maker(one: TaughtSection, example: Shown, name: str) -> str:
    """The nearest statement before an example that makes a name; "" where the name is changed since, or none
    makes it. A class and a function are what they were made as, and imports are those of most examples.
    """
    sets = rf"\b{name}(?:\[.*\]|\.\w+)* ?[-+*/|&]?=(?!=)|\bdel {name}"
    changes = re.compile(rf"{sets}|\b{name}(?:\.\w+)*\.\w+\(|[(,] ?{name}[,)]")
    since = ""
    for block in islice(_list_blocks(one, example.block), _MOST_BLOCKS):
        code = "\n".join(_TYPED.findall(block.code)) if ">>> " in block.code else block.code
        tree = parse(code)
        for node in reversed(tree.body if tree else ()):
            text = ast.get_source_segment(code, node) or ""
            if name not in _list_made(node):
                since += f"\n{text}"
                continue
            if isinstance(node, _IMPORT):
                return ""
            is_fixed = isinstance(node, ast.FunctionDef | ast.ClassDef)
            heads = "".join(f"@{ast.unparse(one)}\n" for one in getattr(node, "decorator_list", ()))
            return f"{heads}{text}" if is_fixed or not changes.search(since) else ""
    return ""


def _list_made(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {one.asname or one.name.split(".")[0] for one in names}
        case ast.Assign(targets=targets):
            return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


def _list_blocks(one: TaughtSection, block: Block) -> Iterator[Block]:
    """The code of the document before a block, the nearest first."""
    sections = one.document.sections
    at = bisect_left(sections, one.section.start_line, key=lambda section: section.start_line)
    place = one.section.blocks.index(block)
    above = [own for section in sections[max(0, at - _MOST_SECTIONS) : at] for own in section.blocks]
    return (own for own in reversed((*above, *one.section.blocks[:place])) if own.kind == "code")

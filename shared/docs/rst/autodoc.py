"""`autofunction`, `autoclass`, `automodule` and mkdocstrings' `::: name`: signature and docstring from the source.

Which members a directive shows follows Sphinx: `__all__` decides where a module has it, and values need a docstring.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from shared.docs.code_spans import code_span
from shared.docs.headings import MEMBER_NAME, MODULE_NAME, OBJECT_NAME, Heading, Part
from shared.docs.included import Included, NotIncluded
from shared.docs.included_prose import bring_in
from shared.docs.model import Block
from shared.docs.placed import placed
from shared.docs.problems import MADE
from shared.docs.prose import Line
from shared.docs.python_imports import MOST_IMPORTS, import_candidates, is_own, joined, name_candidates
from shared.docs.python_source import Described, PythonModule, Span
from shared.docs.reading import Place, Reading, add_not_shown, renumber_lists
from shared.docs.rst.docstrings import docstring_lines
from shared.docs.rst.explicit import Directive
from shared.docs.rst.paths import object_name
from shared.docs.snippets import code_of

MKDOCSTRINGS = "mkdocstrings"
MODULE, OWNER = "module", "owner"  # settings: the module and the class that names without one belong to
_MOST_MEMBERS = 1_000
_MOST_STARS = 20
_LISTED = re.compile(r"^\s*-\s+[\"']?(\w+)[\"']?\s*$")


@dataclass(frozen=True)
class _Found:
    """An object ("" for the module itself) of a file; a class that inherits it heads it by a name of its own."""

    file: str
    module: PythonModule
    name: str
    heading: str = ""

    @property
    def described(self) -> Described | None:
        """The object; None for the module itself."""
        return self.module.objects.get(self.name)

    @property
    def docstring(self) -> Span | None:
        """The docstring of the object or the module."""
        return self.described.docstring if self.described else self.module.docstring


def read_object(reading: Reading, directive: Directive, place: Place) -> None:
    """Show an object and those of its members that the options ask for; say so when one can't be found."""
    name = object_name(directive.argument_text)
    is_module = directive.name == "automodule"
    found = _find(reading, name)
    if is_module:
        reading.settings[MODULE] = name  # as Sphinx has it: names in its docstring and names that follow belong to it
    if found:
        shown = list(islice(_with_members(reading.included, found, directive), _MOST_MEMBERS))
        for one in shown:
            if isinstance(one, _Found):
                _show(reading, directive, one, place)
        missing = [one for one in shown if isinstance(one, str)]
    else:
        missing = [name]
    lines = (*directive.argument, *directive.body)[:0:-1]  # so that the first line that has a name counts
    naming = {word: line.number for line in lines if missing for word in re.findall(r"\w+", line.text)}
    for one in missing:  # each is cited by the line that names it
        own = one.rpartition(".")[2]
        told = Line(naming[own], own) if own in naming else Line(directive.line, one)
        not_shown(reading, replace(directive, argument=(told,), line=told.number), place)
    if directive.name == MKDOCSTRINGS:
        return
    inside = replace(place.inside(), titles=place.titles and is_module)  # as Sphinx has it: a page may be one directive
    reading.parts.extend(read_owned(reading, directive.body, inside, MODULE if is_module else OWNER, name))


def read_names(reading: Reading, directive: Directive, place: Place) -> None:
    """List what `autosummary` names, each with its first sentence; names of which it makes pages are described."""
    show = _show if "toctree" in directive.options else _list
    for line in directive.content:  # names may stand right below the directive, or behind a blank line
        if object_name(line.text):
            one = replace(directive, argument=(line,), line=line.number)
            if found := _find(reading, object_name(line.text)):
                show(reading, one, found, place)
            else:
                not_shown(reading, one, place)


def read_owned(reading: Reading, body: Sequence[Line], place: Place, setting: str, name: str) -> list[Part]:
    """The parts in the description of a class or module, whose names they may leave out."""
    before = reading.settings.get(setting, "")
    reading.settings[setting] = name
    inner = reading.body(body, place)
    reading.settings[setting] = before
    return inner


def not_shown(reading: Reading, directive: Directive, place: Place) -> None:
    """Say that something stands here on the site that the document does not hold."""
    is_named = [line.number for line in directive.argument[:1]] == [directive.line]  # code may begin right below it
    name = (object_name(directive.argument_text) if is_named else "") or directive.name
    reading.problem(directive.line, f"{' '.join(dict.fromkeys((directive.name, name)))}: {MADE}")
    run = [] if is_named else [line for line in directive.content if line.text.strip()]
    for line in run or [Line(directive.line, name)]:
        add_not_shown(reading, line.text.strip(), line.number, place)


def _find(reading: Reading, name: str) -> _Found | None:
    module, owner = reading.settings.get(MODULE, ""), reading.settings.get(OWNER, "")
    names = ((module, owner, name), (owner, name), (module, name), (name,))
    for dotted in dict.fromkeys(".".join(filter(None, one)) for one in names if reading.included):
        for file, words in name_candidates(reading.path, dotted):
            if file in reading.included:
                found = _within(reading.included, file, dotted.split(".")[words:], set())
                if found:
                    return found
    return None


def _within(included: Included, file: str, rest: list[str], seen: set[tuple[str, str]]) -> _Found | None:
    """The object of a file, of the file it is imported from, or of a class it is inherited from.

    `seen` are the names that were sought, each with its file; a long chain ends the search.
    """
    name = ".".join(rest)
    if (file, name) in seen or len(seen) >= MOST_IMPORTS:
        return None
    seen.add((file, name))
    try:
        module = included.python_module(file)
    except NotIncluded:
        return None
    if name in module.objects or (not name and (module.docstring or module.objects)):
        return _Found(file, module, name)
    if inherited := _inherited(included, file, rest, seen):
        return inherited
    for source, first in _imports(module, rest[0]) if rest else ():
        for other in import_candidates(file, source):
            if other in included:
                found = _within(included, other, [*first, *rest[1:]], seen)
                if found:
                    return found
    return None


def _inherited(included: Included, file: str, rest: list[str], seen: set[tuple[str, str]]) -> _Found | None:
    """The member of a class that one of its bases defines."""
    owner = included.python_module(file).objects.get(".".join(rest[:-1]))
    tried = (_within(included, file, [*base.split("."), rest[-1]], seen) for base in (owner.bases if owner else ()))
    return next(filter(None, tried), None)


def _imports(module: PythonModule, name: str) -> list[tuple[str, list[str]]]:
    """The modules a name may be imported from, with its name there (nothing when it is a module itself)."""
    if name not in module.imported:
        return [(source, [name]) for source in module.whole_modules[:_MOST_STARS]]
    source, original = module.imported[name]
    return [(source, [original]), (joined(source, original), [])]


def _with_members(included: Included, found: _Found, directive: Directive) -> Iterator[_Found | str]:
    """An object and its members, those of classes of a module too; the bare name of each that is not found."""
    yield found
    named = _named(directive)
    for member in _members(included, found, directive, named) if named is not None else ():
        yield member
        if isinstance(member, _Found) and not found.name:
            yield from _members(included, member, directive, ())


def _members(included: Included, found: _Found, directive: Directive, named: Sequence[str]) -> Iterator[_Found | str]:
    """The `named` members, else all that are public and documented. The options may ask for others too."""
    owner, options = [word for word in found.name.split(".") if word], directive.options
    is_sphinx_module = not owner and directive.name != MKDOCSTRINGS
    names = _names(included, found, options, set()) if is_sphinx_module else found.module.members(found.name)
    if not owner and directive.name == MKDOCSTRINGS:
        names = (*names, *(name for name in found.module.exported or () if name in found.module.imported))
    if "inherited-members" in options:
        names = (*names, *_inherited_names(included, found, _words(options["inherited-members"])))
    for name in dict.fromkeys(named or (name for name in names if _is_wanted(name, options))):
        called = ".".join([*owner, name])
        member = _within(included, found.file, [*owner, name], set())
        if member is None:
            yield called
        elif (described := member.described) and name != "__init__":  # how a class is called is shown with it
            undocumented = "undoc-members" in options and not name.startswith("_")
            is_line = described.whole[0] == described.whole[1]  # a table of data without a word says nothing
            undocumented = undocumented and (described.kind != "value" or (bool(owner) and is_line))
            holds = described.kind == "class" and any(member.module.public(member.name))
            if named or described.docstring or undocumented or holds:
                yield replace(member, heading=called) if owner else member


def _inherited_names(included: Included, found: _Found, without: Sequence[str]) -> Iterator[str]:
    """The members of the bases of a class, as far as the repository has them, those of the nearest first. A base of
    `without` brings none, nor do its own.
    """
    waiting, seen = [found], {(found.file, found.name)}
    while waiting and len(seen) < MOST_IMPORTS:
        one = waiting.pop(0)
        bases = [base for base in (one.described.bases if one.described else ()) if base.split(".")[-1] not in without]
        others = (_within(included, one.file, base.split("."), set()) for base in bases)
        new = [other for other in others if other and (other.file, other.name) not in seen]
        seen.update((other.file, other.name) for other in new)
        waiting += new
        yield from (name for other in new for name in other.module.members(other.name))


def _names(included: Included, found: _Found, options: dict[str, str], seen: set[str]) -> Iterator[str]:
    """The names of a module: those of `__all__`, else its own, and those it imports where the options ask for them."""
    module = found.module
    seen.add(found.file)
    if module.exported is not None and "ignore-module-all" not in options:
        yield from module.exported
        return
    if "imported-members" in options:
        yield from (name for name, (source, _) in module.imported.items() if is_own(found.file, source))
        for source in module.whole_modules[:_MOST_STARS]:
            for file in import_candidates(found.file, source):
                if file in included and file not in seen and (other := _within(included, file, [], set())):
                    yield from _names(included, other, options, seen)
    yield from module.members("")


def _is_wanted(name: str, options: dict[str, str]) -> bool:
    """Whether the options ask for a name of this form."""
    asks = "" if not name.startswith("_") else "special-members" if name.endswith("__") else "private-members"
    chosen = _words(options.get(asks, ""))
    return name not in _words(options.get("exclude-members", "")) and (
        not asks or (asks in options and (not chosen or name in chosen))
    )


def _words(option: str) -> list[str]:
    return [word.strip() for word in option.split(",") if word.strip()]


def _named(directive: Directive) -> Sequence[str] | None:
    """The members that the options name: () stands for all, None for no member."""
    if directive.name != MKDOCSTRINGS:
        asks = [option for option in ("members", "inherited-members") if option in directive.options]
        return _words(directive.options.get("members", "")) if asks else None
    options = [line.text for line in (*directive.argument[1:], *directive.body)]
    at = next((i for i, text in enumerate(options) if text.strip().startswith("members:")), None)
    if at is not None and options[at].strip() != "members:":
        return () if "true" in options[at] else None
    listed = (_LISTED.match(text) for text in options[at + 1 :]) if at is not None else iter(())
    return [match[1] for match in takewhile(bool, listed) if match]


def _show(reading: Reading, directive: Directive, found: _Found, place: Place) -> None:
    """An object, and of a class how it is called; of a module its docstring."""
    own, name = found.described, object_name(directive.argument_text)
    if place.titles:
        said = found.heading or found.name
        level = OBJECT_NAME if "." not in said or name.endswith(said) else MEMBER_NAME
        reading.parts.append(Heading(said or name, level if own else MODULE_NAME, directive.line))
    called = found.module.objects.get(f"{found.name}.__init__") if own and own.kind == "class" else None
    for one in (own, called):
        if one:
            _show_lines(reading, directive, found.file, one.signature, one.docstring, place)
    if own is None:
        _show_lines(reading, directive, found.file, None, found.docstring, place)


def _list(reading: Reading, directive: Directive, found: _Found, place: Place) -> None:
    """A name where the document lists it, and the first sentence of its docstring with the lines of that."""
    before = len(reading.parts)
    if found.docstring:
        source = reading.included.python_lines(found.file)
        said = takewhile(lambda line: bool(line.text.strip()), docstring_lines(source, found.docstring))
        reading.bring(found.file, source, list(said), directive.line, replace(place, titles=False))
    sentences = tuple(one for part in reading.parts[before:] if isinstance(part, Block) for one in part.sentences)[:1]
    del reading.parts[before:]
    term = code_span(object_name(directive.argument_text))
    inner = [Block("paragraph", directive.line, directive.line, sentences, depth=place.depth + 1)] if sentences else []
    reading.headed(Block("definition", directive.line, directive.line, depth=place.depth, term=term), inner)


def _bring_markdown(
    reading: Reading, file: str, source: Sequence[str], said: Sequence[Line], line: int, place: Place
) -> None:
    """Add what lines of Markdown say, made from those of another file, where `line` of this one shows them.

    They include nothing: a docstring could show itself.
    """
    raw = [source[one.number - 1] for one in said]
    assert reading.read_markdown is not None
    body = reading.read_markdown(reading.path, [one.text for one in said], raw, Included({}))
    found = bring_in(placed(body.parts, said), file, line, titles=place.titles)
    blocks = [renumber_lists(one, reading.lists) for one in found if isinstance(one, Block)]
    reading.lists = max([reading.lists, *(one.list_id for block in blocks for one in block.within)])
    reading.parts.extend(blocks)
    reading.inline.links.extend(replace(one, line=said[one.line - 1].number) for one in body.links)
    reading.problems.extend(f"{file} {problem}" for problem in body.problems)


def _show_lines(
    reading: Reading, directive: Directive, file: str, signature: Span | None, docstring: Span | None, place: Place
) -> None:
    """The signature as code, and what the docstring says; mkdocstrings' is Markdown."""
    source = reading.included.python_lines(file)
    whole = sorted(span for span in (signature, docstring) if span)
    is_markdown = directive.name == MKDOCSTRINGS and reading.read_markdown is not None
    try:
        if signature:
            numbers = range(signature[0], signature[1] + 1)
            reading.parts.append(code_of(reading.included, file, source, numbers, "python", place.depth))
        if docstring and signature != (whole[0][0], whole[-1][1]):
            said = docstring_lines(source, docstring, markdown=is_markdown)
            reading.included.shown("\n".join(line.text for line in said))
            inside = replace(place, titles=place.titles and signature is None and not is_markdown)
            (_bring_markdown if is_markdown else Reading.bring)(reading, file, source, said, directive.line, inside)
    except NotIncluded as error:
        reading.problem(directive.line, f"{error}: {file}")

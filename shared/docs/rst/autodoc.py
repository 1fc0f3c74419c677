"""`autofunction`, `autoclass`, `automodule` and mkdocstrings' `::: name`: signature and docstring from the source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.docs.headings import Part
from shared.docs.included import Included, NotIncluded
from shared.docs.model import Block
from shared.docs.prose import Line
from shared.docs.python_source import Described, PythonModule, Span, import_candidates, is_python, name_candidates
from shared.docs.reading import Place, Reading, add_not_shown
from shared.docs.rst.docstrings import docstring_lines
from shared.docs.rst.explicit import Directive
from shared.docs.rst.references import object_name
from shared.docs.snippets import code_of

MKDOCSTRINGS = "mkdocstrings"
MODULE, OWNER = "module", "owner"  # settings: the module and the class that names without one belong to
_MOST_MEMBERS = 100
_MOST_STARS = 20
_LISTED = re.compile(r"^\s*-\s+[\"']?(\w+)[\"']?\s*$")


@dataclass(frozen=True)
class _Found:
    """An object ("" for the module itself) of a file."""

    file: str
    module: PythonModule
    name: str


def read_object(reading: Reading, directive: Directive, place: Place) -> None:
    """Show an object and those of its members that the options ask for; say so when it can't be found."""
    name = object_name(directive.argument_text)
    found = _find(reading, name)
    if found is None:
        not_shown(reading, directive, place)
    else:
        for signature, docstring in _wanted(found, directive):
            _show(reading, directive, found.file, signature, docstring, place)
    if directive.name == MKDOCSTRINGS:
        return
    is_module = directive.name == "automodule"
    inside = replace(place.inside(), titles=place.titles and is_module)  # as Sphinx has it: a page may be one directive
    reading.parts.extend(read_owned(reading, directive.body, inside, MODULE if is_module else OWNER, name))
    if is_module:
        reading.settings[MODULE] = name  # as Sphinx has it: names that follow belong to it too


def read_names(reading: Reading, directive: Directive, place: Place) -> None:
    """Show what `autosummary` makes pages of; without pages it only names what is described elsewhere."""
    if "toctree" not in directive.options:
        return
    for line in directive.body:
        if name := object_name(line.text):
            one = replace(directive, argument=(line,), line=line.number)
            if found := _find(reading, name):
                for own in _of_name(found):
                    _show(reading, one, found.file, own.signature, own.docstring, place)
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
    """Say that something stands here on the site which is made from what this document does not hold."""
    name = object_name(directive.argument_text) or directive.name
    reading.problem(directive.line, f"{directive.name} {name}: made from source that was not found")
    add_not_shown(reading, name, directive.line, place)


def _find(reading: Reading, name: str) -> _Found | None:
    module, owner = reading.settings.get(MODULE, ""), reading.settings.get(OWNER, "")
    for before in ((module, owner), (owner,), (module,), ()):
        dotted = ".".join(part for part in (*before, name) if part)
        for file, words in name_candidates(reading.path, dotted):
            if file in reading.included:
                found = _within(reading.included, file, dotted.split(".")[words:], set())
                if found:
                    return found
    return None


def _within(included: Included, file: str, rest: list[str], seen: set[str]) -> _Found | None:
    """The object of a file, or of the file it is imported from; `seen` are the files that were looked into."""
    try:
        module = included.python_module(file)
    except NotIncluded:
        return None
    name = ".".join(rest)
    if name in module.objects or (not name and (module.docstring or module.objects)):
        return _Found(file, module, name)
    imports = _imports(module, rest[0]) if rest and file not in seen else []
    seen.add(file)
    for source, first in imports:
        for other in import_candidates(file, source):
            if other in included:
                found = _within(included, other, [*first, *rest[1:]], seen)
                if found:
                    return found
    return None


def _imports(module: PythonModule, name: str) -> list[tuple[str, list[str]]]:
    """The modules a name may be imported from, with its name there (nothing when it is a module itself)."""
    if name not in module.imported:
        return [(source, [name]) for source in module.whole_modules[:_MOST_STARS]]
    source, original = module.imported[name]
    itself = f"{source}.{original}" if source.strip(".") else f"{source}{original}"
    return [(source, [original]), (itself, [])]


def _wanted(found: _Found, directive: Directive) -> list[tuple[Span | None, Span | None]]:
    """The lines to show, of signature and docstring: the object's own, then those of its members."""
    module = found.module
    shown = [*_of_name(found)]
    for dotted in _members(found, directive)[:_MOST_MEMBERS]:
        shown += _of_name(_Found(found.file, module, dotted))
        if module.objects[dotted].is_class and not found.name:
            shown += [module.objects[inner] for inner in module.public(dotted)]
    of_module = [] if found.name or module.docstring is None else [(None, module.docstring)]
    return [*of_module, *((one.signature, one.docstring) for one in dict.fromkeys(shown))]


def _of_name(found: _Found) -> list[Described]:
    """An object, and of a class how it is called; nothing of a module."""
    own = found.module.objects.get(found.name)
    called = found.module.objects.get(f"{found.name}.__init__") if own and own.is_class else None
    return [one for one in (own, called) if one]


def _members(found: _Found, directive: Directive) -> list[str]:
    """The members to show: those the options name, or all public ones that are documented."""
    public = list(found.module.public(found.name))
    if directive.name == MKDOCSTRINGS:
        options = [line.text for line in (*directive.argument[1:], *directive.body)]
        at = next((i for i, text in enumerate(options) if text.strip().startswith("members:")), None)
        if at is None:
            return public
        if options[at].strip() != "members:":
            return public if "true" in options[at] else []
        named = []
        for text in options[at + 1 :]:
            if not (match := _LISTED.match(text)):
                break
            named.append(match[1])
    else:
        if "members" not in directive.options:
            return []
        named = [word.strip() for word in directive.options["members"].split(",") if word.strip()]
        excluded = {word.strip() for word in directive.options.get("exclude-members", "").split(",")}
        public = [dotted for dotted in public if dotted.rpartition(".")[2] not in excluded]
    dotted_names = [f"{found.name}.{name}" if found.name else name for name in named]
    return [dotted for dotted in dotted_names if dotted in found.module.objects] if named else public


def _show(
    reading: Reading, directive: Directive, file: str, signature: Span | None, docstring: Span | None, place: Place
) -> None:
    """The signature as code, and what the docstring says; mkdocstrings' is Markdown, and stays in the code."""
    source = reading.included.python_lines(file)
    whole = [span for span in (signature, docstring) if span]
    code = (whole[0][0], whole[-1][1]) if directive.name == MKDOCSTRINGS else signature
    try:
        if code:
            numbers = range(code[0], code[1] + 1)
            reading.parts.append(code_of(reading.included, file, source, numbers, "python", place.depth))
        if docstring and code != (whole[0][0], docstring[1]):
            said = docstring_lines(source, docstring)
            reading.included.shown("\n".join(line.text for line in said))
            before = len(reading.parts)
            reading.bring(file, source, said, directive.line, replace(place, titles=False))
            reading.parts[before:] = map(_as_python, reading.parts[before:])
    except NotIncluded as error:
        reading.problem(directive.line, f"{error}: {file}")


def _as_python(part: Part) -> Part:
    """Code of no said language in a docstring is Python where it can be: so do sites colour it."""
    if isinstance(part, Block) and part.kind == "code" and not part.language and is_python(part.code):
        return replace(part, language="python")
    return part

"""Terms that a module says before the module that introduces them, without a link to what they are. Pure."""

import re
from collections.abc import Iterable
from functools import cached_property

from shared.course.field_text import read_module
from shared.course.model import Module
from shared.course.plain_text import show_plain
from shared.course.terms import mentions
from shared.language.glosses import is_code_in
from shared.language.terms import marked

_FILE = re.compile(
    r"(?<!\S)[\w./~-]*[\w~-]\.(?:md|rst|txt|json|ya?ml|toml|ini|cfg|conf|lock|html|xml|sh|env"
    r"|py|rb|[jt]sx?|[cm][jt]s|vue|go|rs|java|kt|swift|exs?|s?css)(?![\w.])|(?<![\w-])--[\w-]+"
)
"""The name of a file, or an option."""


class ModuleWords:
    """The words that a module shows: those of its statements, headings, stems and explanations."""

    def __init__(self, module: Module) -> None:
        self._module, self._fields = module, read_module(module)

    def says(self, name: str, *, as_code: bool = False) -> bool:
        """Whether it says a name without a link whose text has the name, and without a heading that is the name.

        `as_code`: only where it is set apart from prose. The name of a file says none. The cheap look comes first,
        because most modules do not say a name.
        """
        if name.casefold() in self._headed or not all(word in self._lowered for word in name.casefold().split()):
            return False
        is_said = mentions(self._set_apart if as_code else self._read, name, exact=as_code or is_code_in(name, ""))
        return is_said and not any(mentions(text, name) for text in self._linked)

    def __len__(self) -> int:
        """How many words it says, code blocks aside."""
        return len(self._read.split())

    @cached_property
    def _texts(self) -> list[str]:
        parts = [statement.text for field in self._fields for statement in field.statements]
        parts += [heading.text for field in self._fields for heading in field.headings]
        return [*parts, *(text for item in self._module.assessment for text in (item.stem, item.explanation))]

    @cached_property
    def _read(self) -> str:
        return _FILE.sub("…", _join(map(show_plain, self._texts)))

    @cached_property
    def _lowered(self) -> str:
        return self._read.casefold()

    @cached_property
    def _set_apart(self) -> str:
        return _join(words for text in self._texts for words in marked(text))

    @cached_property
    def _linked(self) -> frozenset[str]:
        return frozenset(link.text.casefold() for field in self._fields for link in field.links)

    @cached_property
    def _headed(self) -> frozenset[str]:
        return frozenset(show_plain(one.text).casefold() for field in self._fields for one in field.headings)


def _join(texts: Iterable[str]) -> str:
    return "\n.\n".join(texts)

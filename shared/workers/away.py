"""Names of functions that worker processes run: a host names the work it wants done, and does not import its code.

    if TYPE_CHECKING:
        from services.modules import writing
    else:
        writing = away("services.modules.writing")

A type checker sees the module, so it checks each call. At run time `writing.check` is a name that can be pickled; the
process that unpickles it imports the module and has the function. `python -m bench.imports` follows these names, so the
argument of `away` is a literal.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn


@dataclass(frozen=True)
class Named:
    """A function of a module that this process does not import."""

    module: str
    name: str

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return find, (self.module, self.name)

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Only makes it fit for `partial`: strangers' text is not read here."""
        raise TypeError(f"{self.module}.{self.name} is for worker processes")


class Away:
    """A module of which each attribute is a name."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Named:
        return Named(self._module, name)


def away(module: str) -> Any:
    """The module, by its full name, for the host of worker processes."""
    return Away(module)


def find(module: str, name: str) -> object:
    """The function, in the process that runs it."""
    return getattr(import_module(module), name)

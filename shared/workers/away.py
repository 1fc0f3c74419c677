"""Names in place of imports.

A host names the work that it wants its worker processes to do, and does not import the code:

    if TYPE_CHECKING:
        from services.modules import writing
    else:
        writing = away("services.modules.writing")

A type checker sees the module, so it checks each call. At run time `writing.check` is a name that can be pickled; the
process that unpickles it imports the module and has the function.

What a process needs only when a setting or a request chooses it is named by `later`, in the same two branches.

`python -m bench.imports` follows these names, so the arguments of `away` and `later` are literals.
"""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import resolve_name
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


def later(name: str) -> Any:
    """The callable `module:name`, which is imported at the first call."""

    def call(*given: Any) -> Any:
        return resolve_name(name)(*given)

    return call

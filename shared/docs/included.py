"""The files that a document includes, and a budget of bytes for them, because a document can include one file many
times.
"""

from collections.abc import Iterator, Mapping, Sequence

from shared.docs.encoding import decode, text_lines
from shared.docs.limits import MIB, MOST_READ_BYTES, MOST_SHOWN_BYTES
from shared.docs.python_source import PythonModule, parse_module
from shared.kernel.errors import UnreadableText


class NotIncluded(Exception):
    """An include brings nothing; the message says why, in the words of a problem of the document."""


class Included(Mapping[str, bytes]):
    """The raw files that one document includes, by repository path, and what is left of its budget."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._lines: dict[str, list[str]] = {}
        self._modules: dict[str, PythonModule] = {}
        self._read = 0
        self._shown = 0
        self._over = ""  # why nothing more is included

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a file; each call charges its size to the budget. Raises NotIncluded."""
        self._read += len(self._files[path])
        if self._read > MOST_READ_BYTES:
            self._over = (
                self._over
                or f"left out, over the limit of {MOST_READ_BYTES // MIB} MiB that are searched for a document"
            )
        if self._over:
            raise NotIncluded(self._over)
        if path not in self._lines:
            try:
                self._lines[path] = text_lines(decode(self._files[path])[0])
            except UnreadableText as error:
                raise NotIncluded("included file is not text") from error
        return self._lines[path]

    def shown(self, code: str) -> str:
        """`code`, which the document is about to show, at the cost of its size. Raises NotIncluded."""
        if self._shown + len(code) > MOST_SHOWN_BYTES:
            self._over = f"left out, over the limit of {MOST_SHOWN_BYTES // MIB} MiB of included text of a document"
            raise NotIncluded(self._over)
        self._shown += len(code)
        return code

    def python_module(self, path: str) -> PythonModule:
        """The names that a Python file defines; the file is parsed once for each document. Raises NotIncluded."""
        if path not in self._modules:
            self._modules[path] = parse_module(self.lines(path))
        return self._modules[path]

    def python_lines(self, path: str) -> Sequence[str]:
        """The lines of a file whose module was read."""
        return self._lines[path]

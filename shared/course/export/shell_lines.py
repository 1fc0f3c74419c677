"""Whether a shell would ask for more after a line: how a command of several lines is told from its answer."""

import re

_JOIN = "\\"
_GRAMMAR = re.compile(
    r"""\\. | ['"]
    | (?P<comment>(?:^|(?<=[\s;]))\#.*)
    | <<-?\s*(?P<mark>['"]?)(?P<end>[A-Za-z_]\w*)(?P=mark)
    | (?:^|[;|&(]|\b(?:do|then|else)\b)\s*(?P<opens>for|while|until|if|case|select)\b
    | (?:^|[\s;|&])(?P<closes>done|fi|esac)(?=$|[\s;|&)])""",
    re.VERBOSE,
)
_QUOTED = {"'": re.compile("'"), '"': re.compile(r'\\.|"')}


class ShellLines:
    """Takes the lines of one command in order.

    `joins` is the sign at the end of a line that goes on. Behind a backslash stands the grammar of POSIX shells, with
    quotations, here-documents, loops and conditions. Python, which has no such sign, gives "".
    """

    def __init__(self, joins: str) -> None:
        self._joins = joins
        self._quote = ""
        self._ends: list[str] = []
        self._depth = 0
        self.is_joined = False

    @property
    def is_open(self) -> bool:
        """Whether something that was begun is not finished."""
        return self.is_joined or bool(self._quote or self._ends) or self._depth > 0

    def read(self, line: str) -> None:
        """Takes the next line."""
        self.is_joined = False
        if self._ends:
            if line.strip() == self._ends[0]:
                self._ends.pop(0)
        elif self._joins:
            self.is_joined = self._asks_for_next(line)
            if self._joins == _JOIN:
                self._read_grammar(line)

    def _asks_for_next(self, line: str) -> bool:
        signs = len(line) - len(line.rstrip(self._joins))
        return signs % 2 == 1 or line.rstrip().endswith(("|", "&&"))

    def _read_grammar(self, line: str) -> None:
        at = 0
        while found := _QUOTED.get(self._quote, _GRAMMAR).search(line, at):
            at = found.end()
            sign = found.group()
            if self._quote:
                self._quote = "" if sign == self._quote else self._quote
            elif sign in ("'", '"'):
                self._quote = sign
            elif found["comment"]:
                self.is_joined = False
            elif found["end"]:
                self._ends.append(found["end"])
            elif found["opens"]:
                self._depth += 1
            elif found["closes"]:
                self._depth -= 1

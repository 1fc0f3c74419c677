"""Which braces of a text belong together, strings and templates aside. A token is looked at once."""

import re

LONGEST = 4_000
"""Characters of an expression that is still looked for: further away, a closing brace belongs to something else."""

_TOKEN = re.compile(rf"\\[\\\"`]|[{{}}]|\"(?>(?:[^\"\\\n]|\\.){{0,{LONGEST}}})\"|`(?>(?:[^`\\]|\\.){{0,{LONGEST}}})`")


class Braces:
    """The braces of one text.

    What is a string depends on where one begins to read, and on nothing else: what is found from an offset on is kept.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._closed: dict[int, int] = {}

    def end(self, start: int, limit: int) -> int:
        """The offset after the brace that closes the one at `start`, or -1 when there is none before `limit`."""
        here = start + 1
        open_since: list[list[int]] = [[]]  # for each open brace, the offsets from which its end is the next to come
        while open_since:
            if here not in self._closed:
                open_since[-1].append(here)
                token = _TOKEN.search(self._text, here)
                if token and token.group() != "}":
                    here = token.end()
                    open_since += [[]] if token.group() == "{" else []
                    continue
                self._closed[here] = token.end() if token else len(self._text) + 1
            here = self._closed[here]
            self._closed |= dict.fromkeys(open_since.pop(), here)
        return here if here <= limit else -1

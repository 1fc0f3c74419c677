"""A tolerant reader of the object literals in JavaScript and TypeScript configurations. Nothing is executed.

Arrays, objects, strings, numbers and words are read as they stand; names, and functions called without an effect on
their result, stand for the literal they are defined as in the same file; any other expression becomes None.
"""

import re
from dataclasses import dataclass, field

Value = str | float | bool | None | list["Value"] | dict[str, "Value"]

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z))+", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "undefined": None}
_PREFIXES = frozenset({"await", "async", "new", "return"})
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
_OPENERS, _CLOSERS = frozenset("([{"), frozenset(")]}")
_EXPORT = re.compile(r"(?:module\.exports\s*=|export\s+default\b)(?!\s*=)")
_MAX_NESTING = 60
_MAX_NAMES = 200


@dataclass
class LiteralReader:
    """Reads values out of one source text."""

    text: str
    position: int = 0
    _nesting: int = 0
    _names: list[str] = field(default_factory=list)
    _resolved: int = 0
    _groups: dict[int, int] = field(default_factory=dict)  # where each that was gone through begins and ends

    @property
    def searched(self) -> int:
        """How many characters were searched for definitions of names."""
        return self._resolved * len(self.text)

    def value_at(self, position: int) -> Value:
        """The value that begins at `position`."""
        self.position = position
        return self._value()

    def named(self, name: str) -> Value:
        """The literal that a name of this file is defined as, or that a function of this name returns."""
        self._resolved += 1
        if name in self._names or self._resolved > _MAX_NAMES:
            return None
        word = re.escape(name)
        definition = re.search(rf"\b(?:const|let|var)\s+{word}\b[^=;]*?=(?!=|>)", self.text)
        start = definition.end() if definition else None
        if function := re.search(rf"\bfunction\s+{word}\s*\(", self.text):
            returned = re.search(r"\breturn\b", self.text[function.end() :])
            start = function.end() + returned.end() if returned else None
        if start is None:
            return None
        here = self.position
        self._names.append(name)
        value = self.value_at(start)
        self._names.pop()
        self.position = here
        return value

    def _value(self) -> Value:
        value = self._nested()
        self._skip_expression()
        return value

    def _nested(self) -> Value:
        """The value here; None where too many values lie in one another."""
        if self._nesting == _MAX_NESTING:
            return None
        self._nesting += 1
        try:
            return self._primary()
        finally:
            self._nesting -= 1

    def _primary(self) -> Value:
        self._space()
        character = self._peek()
        if character == "[":
            return self._array()
        if character == "{":
            return self._object()
        if character and character in "'\"`":
            return self._string()
        if number := _NUMBER.match(self.text, self.position):
            self.position = number.end()
            return float(number.group())
        if character == "(":
            return self._parenthesised()
        return self._word()

    def _word(self) -> Value:
        match = _WORD.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        word = match.group()
        if word in _PREFIXES:
            return self._nested()
        if word in _WORDS:
            return _WORDS[word]
        self._space()
        if self._peek() == "(":
            called = self.position
            found = self.named(word)
            self.position = called
            if found is not None:
                self._skip_group()
                return found
            return self._parenthesised()  # defineConfig({…}) and the like give their argument back
        return self.named(word) if self._peek() in ",]})" or not self._peek() or self._peek() == ";" else None

    def _parenthesised(self) -> Value:
        """The value in parentheses, that after a name where there are two; for `(…) => value`, that value."""
        start = self.position
        self.position += 1
        value = self._value() if self._peek() != ")" else None
        if isinstance(value, str) and self._peek() == ",":
            self.position += 1
            value = self._value() or value
        self.position = start
        self._skip_group()
        self._space()
        arrow = re.compile(r"(?::[^=(){}]*)?=>").match(self.text, self.position)
        if arrow:
            self.position = arrow.end()
            self._space()
            return self._nested()
        return value

    def _array(self) -> list[Value]:
        items: list[Value] = []
        self.position += 1
        while not self._ends():
            if self.text.startswith("...", self.position):
                self.position += 3
                spread = self._value()
                items.extend(spread if isinstance(spread, list) else [])
            else:
                items.append(self._value())
        return items

    def _object(self) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        self.position += 1
        while not self._ends():
            if self.text.startswith("...", self.position):
                self.position += 3
                spread = self._value()
                fields.update(spread if isinstance(spread, dict) else {})
                continue
            key = self._key()
            self._space()
            if self._peek() == ":":
                self.position += 1
                value = self._value()
                if key is not None:
                    fields[key] = value
            elif key is not None and self._peek() in (",", "}"):
                fields[key] = self.named(key)
            else:
                self._skip_expression()
        return fields

    def _key(self) -> str | None:
        if self._peek() and self._peek() in "'\"`":
            return self._string()
        if self._peek() == "[":
            self._skip_group()
            return None
        match = re.compile(r"[\w$-]+").match(self.text, self.position)
        if match is None:
            self.position += 1
            return None
        self.position = match.end()
        return match.group()

    def _string(self) -> str:
        quote = self._peek()
        self.position += 1
        parts: list[str] = []
        while self.position < len(self.text) and self._peek() != quote:
            character = self._peek()
            self.position += 1
            if character == "\\":
                escaped = self._peek()
                parts.append(_ESCAPES.get(escaped, escaped))
                self.position += 1
            else:
                parts.append(character)
        self.position += 1
        return "".join(parts)

    def _ends(self) -> bool:
        """Step over commas and semicolons; whether a closing bracket (then taken) or the end of the text is reached."""
        self._space()
        while self._peek() in {",", ";"}:
            self.position += 1
            self._space()
        ended = self._peek() in ")]}"  # as "", which stands for the end, is in each text
        self.position += ended
        return ended

    def _skip_expression(self) -> None:
        """Go to the next comma or closing bracket at this level: what follows a value does not change what it is."""
        while self.position < len(self.text):
            self._space()
            character = self._peek()
            if not character or character in ",;)]}":
                return
            if character in _OPENERS:
                self._skip_group()
            elif character in "'\"`":
                self._string()
            else:
                self.position += 1

    def _skip_group(self) -> None:
        """Go behind the group that begins here; the ends of all groups in it are kept, so that none is read twice."""
        opened: list[int] = []
        while self.position < len(self.text):
            self._space()
            character = self._peek()
            if character and character in "'\"`":
                self._string()
            elif character in _OPENERS and self.position not in self._groups:
                opened.append(self.position)
                self.position += 1
            else:
                self.position = self._groups.get(self.position, self.position + 1)
                if character in _CLOSERS:
                    self._groups[opened.pop()] = self.position
                if not opened:
                    return
        self._groups |= dict.fromkeys(opened, self.position)

    def _space(self) -> None:
        if match := _SPACE.match(self.text, self.position):
            self.position = match.end()

    def _peek(self) -> str:
        return self.text[self.position] if self.position < len(self.text) else ""


def read_export(text: str) -> Value:
    """Read the value that a configuration exports; None where it exports nothing."""
    export = _EXPORT.search(text)
    return LiteralReader(text).value_at(export.end()) if export else None

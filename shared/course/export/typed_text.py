"""The part of a code block that one would type: a session also shows prompts and answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pygments.token import Generic, _TokenType, is_token_subtype

from .shell_lines import ShellLines

PLAIN = frozenset({"", "text", "txt", "plain", "none", "output"})
_PYTHON = frozenset({"py", "python", "python3", "py3", "pycon", "ipython", "ipython3"})
_SCRIPTS = frozenset({"bash", "sh", "shell", "zsh", "fish"})
_SHELLS = _SCRIPTS | {
    *("terminal", "console", "shell-session", "shellsession"),
    *("doscon", "bat", "batch", "cmd", "dosbatch", "powershell", "ps1", "pwsh", "pwsh-session", "ps1con"),
}


@dataclass(frozen=True)
class _Style:
    """How a program asks: `first` begins a command, `more` stands before its further lines; `joins` as a shell's."""

    first: re.Pattern[str]
    more: re.Pattern[str]
    joins: str = ""


_HOST = r"(?:[\w.-]+@)?[\w.-]+:[^\s$#%>]*|[\w.-]+@[\w.-]+ [^\s$#%>]*|\[[\w.-]+@[^\]\n]+\]|(?:ba|z)?sh-[\d.]+"
_PYTHON_STYLES = (
    _Style(re.compile(r"\s*>>>(?: |$)"), re.compile(r"\s*\.\.\.(?: |$)")),
    _Style(re.compile(r"\s*In \[\d*\]: ?"), re.compile(r"\s+\.{3,}: ?")),
)
_SHELL_STYLES = (
    _Style(re.compile(rf"\s*(?:\([\w.-]+\) ?)?(?:\$|(?:{_HOST}) ?[$#%])(?: |$)"), re.compile(r">(?: |$)"), "\\"),
    _Style(re.compile(r"\s*PS(?: [^>\n]*)?>(?: |$)"), re.compile(r">>(?: |$)"), "`"),
    _Style(re.compile(r"\s*[A-Za-z]:\\[^<>|?*\n]*> ?"), re.compile(r"More\? ?"), "^"),
)
_ZSH = _Style(re.compile(r"%(?: |$)"), re.compile(r">(?: |$)"), "\\")
# Only where a block begins with it: else such a line is what a program said, or the rest of a command.
_ARROW = _Style(re.compile(r">(?: |$)"), re.compile(r">{1,2}(?: |$)"), "\\")
# In a text without a language a price or a formula may begin with the sign, too.
_COMMAND = re.compile(r"\$ [A-Za-z_./~]")


def typed_text(code: str, language: str, tokens: Sequence[tuple[_TokenType, str]]) -> str:
    """The commands of a session without prompts and answers, comments kept; any other code as it is.

    `tokens` are the lexer's, which knows the consoles of databases and languages. Sessions of shells and of Python
    are read here, because they are often written under another name, or with lines that their lexers do not know.
    """
    lines = code.split("\n")
    styles = _styles(lines, language)
    if styles:
        typed = "\n".join(_Session(lines, styles, is_script=language in _SCRIPTS).read())
    elif language in _SHELLS | _PYTHON | PLAIN or all(kind is not Generic.Prompt for kind, _ in tokens):
        return code
    else:
        typed = "".join(_without_prompts(tokens))
    return typed.strip("\n") if typed.strip() else code


def _without_prompts(tokens: Sequence[tuple[_TokenType, str]]) -> Iterator[str]:
    before = ""
    for kind, text in tokens:
        if not is_token_subtype(kind, Generic):
            # Some lexers leave the space behind a prompt to the command.
            yield text.removeprefix(" ") if before.endswith((">", "#", "$", "=", "-")) else text
        before = text if kind is Generic.Prompt else ""


def _styles(lines: Sequence[str], language: str) -> tuple[_Style, ...]:
    """The prompts that can stand in a block; nothing where the block is no session."""
    told = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    begin = told[0] if told else ""
    if language in _PYTHON:
        return _PYTHON_STYLES if _asks(begin, _PYTHON_STYLES) else ()
    if language not in _SHELLS | PLAIN:
        return ()
    styles = (*_PYTHON_STYLES, *_SHELL_STYLES)
    if _ARROW.first.match(begin):
        return (*styles, _ARROW)
    if language in _SHELLS and _ZSH.first.match(begin):
        return (*styles, _ZSH)
    if language in _SHELLS:
        return styles if any(_asks(line, styles) for line in told) else ()
    return styles if _asks(begin, styles) or any(_COMMAND.match(line) for line in told) else ()


def _asks(line: str, styles: Iterable[_Style]) -> bool:
    return any(style.first.match(line) for style in styles)


class _Session:
    """Reads the commands of a session's lines in order; each line is looked at once."""

    def __init__(self, lines: Sequence[str], styles: tuple[_Style, ...], *, is_script: bool) -> None:
        # Nothing answers before the first prompt: in a script such lines are commands.
        self._begins_with_commands = is_script
        self._lines = lines
        self._styles = styles
        self._next = 0

    def read(self) -> Iterator[str]:
        """The typed lines."""
        comments: list[str] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            self._next += 1
            style = next((style for style in self._styles if style.first.match(line)), None)
            if style is not None:
                self._begins_with_commands = False
                yield from comments
                comments = []
                yield from self._command(style, style.first.sub("", line, count=1))
            elif line.lstrip().startswith("#") or (self._begins_with_commands and line.strip()):
                comments.append(line)
            elif line.strip():
                # What a program said may begin with the sign, too: a comment stands right before a command.
                comments = []
        yield from comments

    def _command(self, style: _Style, first: str) -> list[str]:
        """The lines of one command. A quotation or a loop that never ends is none: what follows it is an answer."""
        shell = ShellLines(style.joins)
        shell.read(first)
        typed, sure = [first], 1
        for at in range(self._next, len(self._lines)):
            line = self._lines[at]
            prompted = style.more.match(line) is not None and (shell.is_open or not style.joins)
            if not (prompted or shell.is_open) or (_asks(line, self._styles) and not (prompted and shell.is_joined)):
                break
            joined = shell.is_joined
            typed.append(style.more.sub("", line, count=1) if prompted else line)
            shell.read(typed[-1])
            if prompted or joined or not shell.is_open:
                sure = len(typed)
        self._next += sure - 1
        return typed[:sure] if sure > 1 or first.strip() else []

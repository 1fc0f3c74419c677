"""What a file that was handed in holds."""

from dataclasses import dataclass

from shared.kernel.errors import PermanentError

ZIP_TYPE = "application/zip"


class UnreadableAnswer(PermanentError):
    """A file that is not read; the message tells the learner why, and what to send."""

    code = "answer_not_readable"


@dataclass(frozen=True)
class Part:
    """A file of an answer: its text, or why the text is left out."""

    path: str
    size: int
    text: str | None
    left_out: str = ""


@dataclass(frozen=True)
class ReadAnswer:
    """The parts of an answer by their paths. A recording is one part, whose text is what a model heard."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All texts, each below its path and the number of its lines, so that no text can pass as another one's."""
        said = [(one.path, one.text.splitlines()) for one in self.parts if one.text is not None]
        return "\n\n".join("\n".join([f"{path} ({len(lines)} lines):", *lines]) for path, lines in said)

"""git's progress lines as steps a user can follow."""

from collections.abc import Callable
from typing import ClassVar

from git import RemoteProgress

ProgressLine = Callable[[str, int], None]


class Progress(RemoteProgress):
    """Tells steps ("Receiving objects", percent of that step) as lines come in; each percentage once."""

    _STEPS: ClassVar = {
        RemoteProgress.COUNTING: "Counting objects",
        RemoteProgress.COMPRESSING: "Compressing objects",
        RemoteProgress.RECEIVING: "Receiving objects",
        RemoteProgress.RESOLVING: "Resolving deltas",
    }

    def __init__(self, tell: ProgressLine | None) -> None:
        super().__init__()
        self._tell = tell
        self._hear = self.new_message_handler()
        self._told = ("", -1)

    def takes(self, line: str) -> bool:
        """Hear a line; whether it was one of progress rather than something git had to say."""
        heard = len(self.error_lines), len(self.other_lines)
        self._hear(line)
        said = (len(self.error_lines), len(self.other_lines)) != heard
        self.error_lines.clear()
        self.other_lines.clear()
        return not said

    def update(
        self, op_code: int, cur_count: str | float, max_count: str | float | None = None, message: str = ""
    ) -> None:
        step = self._STEPS.get(op_code & self.OP_MASK)
        if self._tell is None or step is None or not max_count:
            return
        told = (step, int(100 * float(cur_count) / float(max_count)))
        if told != self._told:
            self._told = told
            self._tell(*told)

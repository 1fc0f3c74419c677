"""Whether waiting for a course still makes sense, as the data folder of its stack tells."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.local.process import ServerFailed
from cli.local.record import StackRecord, find_record, is_in_use
from cli.local.restarts import end_in_words, log_in_words, read_deaths

# Deaths of one process in a row, without a step forward of the course: after these, waits are half a minute long.
_TOO_MANY_DEATHS = 8
_LOOK_EVERY = timedelta(seconds=2)


@dataclass
class Health:
    """Of the stack of a data folder, if that is known; `record`: of a stack that somebody else keeps running."""

    data_dir: Path | None = None
    record: StackRecord | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _advanced_at: datetime = field(init=False)
    _looked_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._advanced_at = self._looked_at = self.clock()

    def advanced(self) -> None:
        """The course has come further."""
        self._advanced_at = self.clock()

    def check(self) -> None:
        """Raise ServerFailed when waiting is in vain. Looks every two seconds, however often it is called."""
        now = self.clock()
        if self.data_dir is None or now - self._looked_at < _LOOK_EVERY:
            return
        self._looked_at = now
        if self.record is not None and not (find_record(self.data_dir) == self.record and is_in_use(self.data_dir)):
            raise ServerFailed(f"The stack that ran on {self.data_dir} was stopped; its courses are kept")
        for name, deaths in read_deaths(self.data_dir, self._advanced_at).items():
            last = deaths[-1]
            if len(deaths) >= _TOO_MANY_DEATHS and last["deaths_in_a_row"] >= _TOO_MANY_DEATHS:
                raise ServerFailed(
                    f"{name} does not stay alive: it died {last['deaths_in_a_row']} times in a row, the last time by "
                    f"{end_in_words(last)}, and the course did not come further meanwhile{log_in_words(last)}"
                )

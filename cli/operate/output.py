"""The output of operating commands: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

# Lines of a pipe are not broken: somebody will search them.
_WIDTH_OF_A_PIPE = 250
# A narrow terminal folds what is longer; the name of a stage or a status cut in two is not readable.
_LONGEST_WORD = 16
_GAP = "  "


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, nothing: str = "") -> None:
    """Columns whose first row is a number are aligned right. Without a row, `nothing` is said. Where a terminal is too
    narrow, headers, times and texts are folded, and short words are not; one narrower still breaks the lines itself,
    since a column that is left out would look like one without values.
    """
    from rich.console import Console
    from rich.table import Table

    listed = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not listed and nothing:
        print(nothing)
        return
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE, markup=False, highlight=False)
    together = list(zip(columns, *listed, strict=True))
    gaps = len(_GAP) * (len(columns) - 1)
    is_narrow = sum(max(map(len, column)) for column in together) + gaps > console.width
    words = [max((len(word) for cell in column for word in cell.split()), default=0) for column in together]
    least = [min(width, _LONGEST_WORD) for width in words]
    console.width = max(console.width, sum(least) + gaps)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        is_number = bool(listed) and listed[0][number].lstrip("-").isdigit()
        is_short = all(len(row[number]) <= _LONGEST_WORD and " " not in row[number] for row in listed)
        table.add_column(
            name.replace(" ", "\n") if is_narrow and is_short else name,
            justify="right" if is_number else "left", overflow="fold", no_wrap=is_short,
            min_width=least[number],
        )  # fmt: skip
    for row in listed:
        table.add_row(*row)
    console.print(table)


def say(text: str) -> None:
    """A line about the work, beside the results: to standard error, at once."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One object on one line, flushed, so that a reader of a stream sees it at once."""
    print(json.dumps(value, ensure_ascii=False, default=_plain), flush=True)


@contextmanager
def when_whole(path: Path) -> Iterator[IO[str]]:
    """A text file that is at `path` only when the block has ended well; an earlier one stays until then. What is no
    file there, a device or a pipe, is written as it comes.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8") as file:
            yield file
        return
    scratch = target.with_name(f".{target.name}.part")
    try:
        with scratch.open("w", encoding="utf-8") as file:
            yield file
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


def short_time(value: datetime | str | None) -> str:
    """`2026-01-31 23:59:58`, UTC; empty for none."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is no JSON value")

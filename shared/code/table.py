"""Runs the statements of a file on a database of its own, and prints each result as a table. For `sandbox.py`."""

import sqlite3
import sys
from pathlib import Path

_WIDEST = 2000


def main(name: str) -> int:
    """0, or 1 after an error, which is printed."""
    connection = sqlite3.connect("database.sqlite", isolation_level=None)
    text = Path(name).read_text(encoding="utf-8")
    try:
        for statement in statements(text):
            _show(connection.execute(statement))
    except (sqlite3.Error, sqlite3.Warning) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


def statements(text: str) -> list[str]:
    """The statements, as sqlite tells where one ends."""
    found, begin, at = [], 0, 0
    while (at := text.find(";", at)) != -1:
        at += 1
        if sqlite3.complete_statement(text[begin:at]):
            found.append(text[begin:at])
            begin = at
    return [*found, rest] if (rest := text[begin:].strip()) else found


def _show(rows: sqlite3.Cursor) -> None:
    if rows.description is None:
        return
    sys.stdout.write(_line([name for name, *_ in rows.description]))
    sys.stdout.write(_line(["---"] * len(rows.description)))
    for row in rows:
        sys.stdout.write(_line(["NULL" if cell is None else str(cell) for cell in row]))
    sys.stdout.write("\n")


def _line(cells: list[str]) -> str:
    shown = (cell[:_WIDEST].replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n") for cell in cells)
    return f"| {' | '.join(shown)} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

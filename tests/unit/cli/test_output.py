"""Tables of operating commands, on a terminal of 80 columns and in a pipe."""

import re
import sys

import pytest

from cli.operate.output import print_table

COLUMNS = ["", "stage", "lag", "in flight", "retrying", "failed", "dead", "idle workers", "last delivered (UTC)"]
ROWS = [(2, "doc_analyser", 0, 0, 0, 0, 0, 2, "2026-11-21 12:33:06")]


def test_a_narrow_terminal_breaks_no_word(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    print_table(COLUMNS, ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    words = " ".join(lines).split()
    assert {"doc_analyser", "workers", "delivered", "2026-11-21", "12:33:06"} <= set(words)


@pytest.mark.parametrize("width", ["60", "40", "70"])
def test_a_terminal_that_is_too_narrow_loses_no_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: str
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("TERM", "xterm")  # a dumb one is taken for 80 columns wide
    print_table(COLUMNS, ROWS)
    words = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).split()
    assert {"failed", "workers", "delivered", "doc_analyser", "2026-11-21", "12:33:06"} <= set(words)


def test_a_pipe_gets_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(COLUMNS, ROWS)
    head, row = capsys.readouterr().out.splitlines()
    assert "idle workers  last delivered (UTC)" in head
    assert row.split() == [str(cell) for cell in ROWS[0][:-1]] + ["2026-11-21", "12:33:06"]

"""A log line that cannot be written does not fail the work it is about, and none holds what users wrote."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from shared.kernel.errors import LogUnavailable
from shared.kernel.log_repeats import Repeats
from shared.kernel.logging import error_facts, without_contents

PROGRAM = """
import structlog
from shared.kernel.logging import configure_logging
configure_logging()
structlog.get_logger().info("said")
print("went on", file=__import__("sys").stderr)
"""


def test_a_full_disk_swallows_the_line_and_not_the_work() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert "went on" in done.stderr


REPEATING = """
import logging, structlog
from shared.kernel.logging import configure_logging
configure_logging()
log = structlog.get_logger()
for number in range(5000):
    logging.getLogger("asyncio").error("socket.accept() out of system resource\\nsocket: %d", number)
    log.warning("connections_full", most=number)
    log.info("request", route="/api/projects/", status=401)
log.info("request", route="/api/projects/", status=201)
log.warning("run_failed", course_id="another")
"""


def test_lines_that_repeat_are_written_a_few_times_and_others_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", REPEATING], stdout=subprocess.PIPE, text=True, check=True)
    said = Counter(str(json.loads(line)["event"]).partition("\n")[0] for line in done.stdout.splitlines())
    assert said == {
        "socket.accept() out of system resource": 20, "connections_full": 20, "request": 301, "run_failed": 1,
    }  # fmt: skip


def test_how_many_lines_were_left_out_is_told_once_their_minute_is_over() -> None:
    now, told = 0.0, []
    repeats = Repeats(lambda kind, lines: told.append((kind, lines)), clock=lambda: now)
    passed = [repeats.pass_on(("error", "bad"), is_warning=True) for _ in range(100)]
    assert (sum(passed), passed[:20]) == (20, [True] * 20)
    now = 59.0
    assert not repeats.pass_on(("error", "bad"), is_warning=True)
    assert repeats.pass_on(("error", "other"), is_warning=True)
    assert told == []
    now = 60.0
    assert repeats.pass_on(("error", "bad"), is_warning=True), "a new minute"
    assert told == [(("error", "bad"), 81)]


def test_kinds_without_end_do_not_fill_the_memory() -> None:
    repeats = Repeats(lambda _, __: None, clock=lambda: 0.0)
    assert all(repeats.pass_on(("error", str(number)), is_warning=True) for number in range(10_000))
    assert len(repeats._counts) <= 2000


class Row(BaseModel):
    number: int


def test_a_value_that_does_not_fit_is_left_out_of_a_traceback() -> None:
    with pytest.raises(ValidationError) as caught:
        Row.model_validate({"number": "a secret text"})
    assert "a secret text" in str(caught.value)
    line = without_contents(None, "error", {"exception": str(caught.value)})
    assert "secret" not in line["exception"]
    assert "input_type=str" in line["exception"]


def test_what_else_an_error_tells_of_itself() -> None:
    assert error_facts(LogUnavailable("secret")) == {"error": "LogUnavailable", "code": "log_unavailable"}
    assert error_facts(OSError(28, "secret")) == {"error": "OSError", "errno": "ENOSPC"}

"""A log line that cannot be written does not fail the work it is about."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import structlog
from shared.logging import configure_logging
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

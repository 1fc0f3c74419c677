"""A process may open as many files and sockets as its hard limit lets it."""

import subprocess
import sys

import pytest

_PROGRAM = """
import resource, sys
from shared.descriptors import accepted_at_once, connections_within, raise_descriptor_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
raised = raise_descriptor_limit()
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == raised
print(raised, connections_within(4096), connections_within(4096) + 2 * accepted_at_once() < raised)
"""


@pytest.mark.parametrize(
    ("soft", "hard", "said"),
    [(256, 2048, "2048 1408 True"), (1024, 1024, "1024 640 True"), (256, 8192, "8192 4096 True")],
)
def test_the_soft_limit_is_raised_and_connections_stay_within(soft: int, hard: int, said: str) -> None:
    program = [sys.executable, "-c", _PROGRAM, str(soft), str(hard)]
    done = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.strip() == said

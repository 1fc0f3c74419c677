"""A process may open as many files and sockets as its hard limit lets it."""

import subprocess
import sys

import pytest

_PROGRAM = """
import resource, sys
from shared.kernel.descriptors import connections_within, raise_descriptor_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
raised = raise_descriptor_limit()
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == raised
print(raised, connections_within(4096))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "said"),
    [(256, 2048, "2048 1824"), (1024, 1024, "1024 800"), (256, 8192, "8192 4096")],
)
def test_the_soft_limit_is_raised_and_connections_stay_within(soft: int, hard: int, said: str) -> None:
    program = [sys.executable, "-c", _PROGRAM, str(soft), str(hard)]
    done = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.strip() == said

"""How many files and sockets a process may have open. The soft limit most systems give, 1,024, is soon used up."""

import contextlib
import resource

_WANTED = 65_536
_OWN = 96  # servers' connections, files, pipes: what a process needs beside its callers
# Connections one turn of the event loop takes in before it judges any of them. With more, others wait for too long.
ACCEPTED_AT_ONCE = 64


def raise_descriptor_limit() -> int:
    """Raise the soft limit towards the hard one, and return it. Call once per process; children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS says that its hard limit is infinite, and refuses more than 10,240.
    for wanted in (_WANTED, 10_240):
        if _is_less(soft, wanted) and not _is_less(hard, wanted):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                return wanted
    if _is_less(soft, hard) and _is_less(hard, _WANTED):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            return hard
    return soft


def _is_less(limit: int, other: int) -> bool:
    if limit == resource.RLIM_INFINITY:
        return False
    return other == resource.RLIM_INFINITY or limit < other


def connections_within(wanted: int) -> int:
    """As many connections as wanted, but no more than descriptors are there for. Those taken in at once and those that
    are being closed have one, too.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    there = _WANTED if soft == resource.RLIM_INFINITY else soft
    return max(16, min(wanted, there - _OWN - 2 * ACCEPTED_AT_ONCE))

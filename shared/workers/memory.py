"""The memory of a process: how much it holds, and how to give back memory that it no longer needs."""

import ctypes
import os
from pathlib import Path

_STATM = Path("/proc/self/statm")


def give_back() -> None:
    """Return free memory to the system, after something large was let go.

    glibc keeps the free memory between small pieces that are still used, for ever; a process that lives long would
    stay as large as its largest course. Other C libraries have no such call.
    """
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)


def held_bytes() -> int:
    """Memory of this process that is not a file, shared with its parent or not; 0 where the system does not say."""
    try:
        _, resident, of_files, *_ = _STATM.read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(resident) - int(of_files)) * os.sysconf("SC_PAGE_SIZE")

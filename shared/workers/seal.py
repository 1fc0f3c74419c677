"""The walls that a process builds around itself, for good: it reads only code, writes no file, and opens no socket.

Landlock bounds the files, a filter of system calls the sockets, the kernel's limits the rest. None of them needs a
right, and children inherit all.
"""

import ctypes
import os
import platform
import resource
import site
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
# The same numbers on every machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
# Landlock's kinds of access to files in its versions 1 to 5; a later one still refuses these.
_ACCESS = (1 << 13, 1 << 14, 1 << 15, 1 << 15, 1 << 16)
_DEVICES = ("/dev/null", "/dev/urandom")
_SYSTEM = ("/usr", "/lib", "/lib64", "/proc", "/etc/ld.so.cache", "/etc/localtime")
# The kernel's number of the machine, and there of socket() and sched_setaffinity().
_MACHINES = {"x86_64": (0xC000003E, 41, 203), "aarch64": (0xC00000B7, 198, 122)}
_IO_URING_SETUP, _OTHER_NUMBERS = 425, 0x40000000
_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x0005000D  # the second as "permission denied"
_LARGEST_FILE_BYTES = 1024 * 1024


def seal(memory_bytes: int, processes: int, readable: Iterable[Path] = ()) -> None:
    """Build them around this process; each process that it forks may have `memory_bytes` of addresses. `readable`: data
    and programs that may be read besides the code.

    Raises SystemExit with the wall that this machine cannot build.
    """
    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_NPROC, processes),  # root is not bound by it
        (resource.RLIMIT_FSIZE, _LARGEST_FILE_BYTES),  # a file in memory is one, too
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise SystemExit(f"rights: {os.strerror(ctypes.get_errno())}")
    _close_files(libc, readable)
    _close_sockets(libc)


def _close_files(libc: ctypes.CDLL, readable: Iterable[Path]) -> None:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        raise SystemExit("files: this kernel has no Landlock, or it is turned off (lsm=landlock at the start of Linux)")
    handled = _ACCESS[min(version, len(_ACCESS)) - 1] - 1
    attributes = struct.pack("Q", handled)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    for path, access in _allowed(readable):
        if path.exists():
            place = os.open(path, os.O_PATH)
            only = access if path.is_dir() else access & ~_READ_DIR
            libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", only, place), 0)
            os.close(place)
    if libc.syscall(_RESTRICT_SELF, rules, 0):
        raise SystemExit(f"files: {os.strerror(ctypes.get_errno())}")
    os.close(rules)


def _allowed(readable: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    """The paths that may be read: Python, its libraries, this product's packages, and no other file of a checkout; and
    what is `readable`.
    """
    read = _EXECUTE | _READ_FILE | _READ_DIR
    ours = Path(__file__).parents[2]
    libraries = (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))
    yield ours, _READ_DIR
    yield from ((package.parent, read) for package in ours.glob("*/__init__.py"))
    yield from ((Path(path), read) for path in {sys.prefix, sys.base_prefix, *site.getsitepackages(), *libraries})
    yield from ((Path(path), read) for path in _SYSTEM)
    yield from ((path, read) for path in readable)
    yield from ((Path(path), _READ_FILE | _WRITE_FILE) for path in _DEVICES)


def _close_sockets(libc: ctypes.CDLL) -> None:
    """Sockets that it was given stay open. It can make no other, and not move to more processors."""
    if (machine := platform.machine()) not in _MACHINES:
        raise SystemExit(f"sockets: not known how on {machine}")
    architecture, socket, use_processors = _MACHINES[machine]
    steps = [
        (_LOAD, 0, 0, 4),
        (_IS, 0, 6, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, 4, 0, _OTHER_NUMBERS),
        (_IS, 3, 0, socket),
        (_IS, 2, 0, use_processors),
        (_IS, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = struct.pack("HP", len(steps), ctypes.addressof(held := ctypes.create_string_buffer(code)))
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0):
        raise SystemExit(f"sockets: {os.strerror(ctypes.get_errno())}")
    del held

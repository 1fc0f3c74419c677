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
# The kernel's number of the machine, and which of the two numbers of a call is its own.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CALLS = {
    "socket": (41, 198), "sched_setaffinity": (203, 122), "io_uring_setup": (425, 425), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "mount_setattr": (442, 442), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "syslog": (103, 116),
    "mmap": (9, 222), "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "vmsplice": (278, 75), "clone": (56, 220), "clone3": (435, 435),
}  # fmt: skip
_OTHER_NUMBERS, _NEVER, _NEW_NAMESPACES = 0x40000000, 0x3FFFFFFF, 0x7E020000
_SHARED_BY_CHILDREN = 0x21
"""The flags of memory that is shared and has no file. Nothing counts it once no process has its pages at hand."""
_LOAD, _IS, _AT_LEAST, _HAS_ANY, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x0005000D, 0x00050026  # as "permission denied", "function not implemented"
_LARGEST_FILE_BYTES = 1024 * 1024

READ = _EXECUTE | _READ_FILE | _READ_DIR
# And make, change and remove files, folders, links and pipes: not run them; not devices, not sockets.
WRITE_TOO = _READ_FILE | _READ_DIR | _WRITE_FILE | 0x75B0
ALL_CALLS = frozenset(_CALLS) - {"clone", "clone3", "mmap"}


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
    build_walls(_allowed(readable), ("socket", "sched_setaffinity", "io_uring_setup"))


def build_walls(
    allowed: Iterable[tuple[Path, int]], refused: Iterable[str], *, shares_memory: bool = True
) -> None:  # fmt: skip
    """Let this process use no file but the `allowed`, each with its rights, and refuse it some calls of the system, and
    namespaces of its own. `shares_memory`: with its children, which only a limit of addresses bounds. Raises SystemExit
    as `seal` does.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise SystemExit(f"rights: {os.strerror(ctypes.get_errno())}")
    _close_files(libc, allowed)
    _refuse_calls(libc, refused, shares_memory=shares_memory)


def _close_files(libc: ctypes.CDLL, allowed: Iterable[tuple[Path, int]]) -> None:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        raise SystemExit("files: this kernel has no Landlock, or it is turned off (lsm=landlock at the start of Linux)")
    handled = _ACCESS[min(version, len(_ACCESS)) - 1] - 1
    attributes = struct.pack("Q", handled)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    for path, access in allowed:
        if path.exists():
            place = os.open(path, os.O_PATH)
            only = handled & (access if path.is_dir() else access & (_EXECUTE | _READ_FILE | _WRITE_FILE))
            libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", only, place), 0)
            os.close(place)
    if libc.syscall(_RESTRICT_SELF, rules, 0):
        raise SystemExit(f"files: {os.strerror(ctypes.get_errno())}")
    os.close(rules)


def _allowed(readable: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    """The paths that may be read: Python, its libraries, this product's packages, and no other file of a checkout; and
    what is `readable`.
    """
    ours = Path(__file__).parents[2]
    libraries = (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))
    yield ours, _READ_DIR
    yield from ((package.parent, READ) for package in ours.glob("*/__init__.py"))
    yield from ((Path(path), READ) for path in {sys.prefix, sys.base_prefix, *site.getsitepackages(), *libraries})
    yield from ((Path(path), READ) for path in _SYSTEM)
    yield from ((path, READ) for path in readable)
    yield from ((Path(path), _READ_FILE | _WRITE_FILE) for path in _DEVICES)


def _refuse_calls(libc: ctypes.CDLL, refused: Iterable[str], *, shares_memory: bool) -> None:
    """Sockets that it was given stay open. glibc asks for `clone` where it does not know `clone3`, whose flags a filter
    cannot see.
    """
    if (machine := platform.machine()) not in _MACHINES:
        raise SystemExit(f"calls: not known how on {machine}")
    architecture, own = _MACHINES[machine]
    numbers = [_CALLS[name][own] for name in refused]
    size = len(numbers)
    steps = [
        (_LOAD, 0, 0, 4),
        (_IS, 0, size + 11, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, size + 9, 0, _OTHER_NUMBERS),
        *((_IS, size + 8 - place, 0, number) for place, number in enumerate(numbers)),
        (_IS, 9, 0, _CALLS["clone3"][own]),
        (_IS, 3, 0, _NEVER if shares_memory else _CALLS["mmap"][own]),
        (_IS, 0, 5, _CALLS["clone"][own]),
        (_LOAD, 0, 0, 16),
        (_HAS_ANY, 4, 3, _NEW_NAMESPACES),
        (_LOAD, 0, 0, 40),
        (_AND, 0, 0, _SHARED_BY_CHILDREN),
        (_IS, 1, 0, _SHARED_BY_CHILDREN),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _UNKNOWN),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = struct.pack("HP", len(steps), ctypes.addressof(held := ctypes.create_string_buffer(code)))
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0):
        raise SystemExit(f"calls: {os.strerror(ctypes.get_errno())}")
    del held

"""Builds a room around one program and runs it there: `python -I -S launch.py PRODUCT REPORT`, with the order on stdin.

The room is a file system in memory that holds the interpreter's files and a folder to write in; it has a network
without a way out, and processes of its own, all of which end with the program. Inside it the program gives up all
rights, and builds the walls of `shared.workers.seal`.

Three processes: this one waits outside; the first process inside watches; the third becomes the program. REPORT is the
descriptor that gets a line of JSON; the first line counts.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

_NEW_MOUNTS, _NEW_GROUPS, _NEW_NAMES, _NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
_NEW_USER, _NEW_PROCESSES, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
_NO_SUID, _NO_DEVICES, _NO_PROGRAMS, _BIND, _MOVED_AWAY, _DEEP, _PRIVATE = 2, 4, 8, 4096, 2, 16384, 1 << 18
_MOUNT_SETATTR, _AT_DEEP, _READ_ONLY = 442, 0x8000, 1
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_DIE_WITH_PARENT, _DROP_FROM_BOUNDS = 1, 24
_ROOM = "/tmp"  # noqa: S108 — covered by the room, in a namespace of its own
_FIRST_USER = 0x70000000  # nobody has such an id, and each run has another one
_LOOK_SECONDS = 0.01
_NICENESS = 5  # the process that watches goes first
_FILES_AT_ONCE, _TIMERS, _MAIN_STACK_BYTES, _STACK_BYTES = 64, 256, 64 << 20, 8 << 20

_libc = ctypes.CDLL(None, use_errno=True)


def main(product: str, report: str) -> None:
    """Run what is ordered."""
    sys.path.insert(0, product)
    from shared.workers import seal

    order = json.load(sys.stdin.buffer)
    told = int(report)
    os.set_inheritable(told, False)
    is_root = os.geteuid() == 0
    user = os.getuid()
    try:
        spaces = _NEW_MOUNTS | _NEW_GROUPS | _NEW_NAMES | _NEW_IPC | _NEW_PROCESSES | _NEW_NETWORK
        _must(_libc.unshare(spaces | (0 if is_root else _NEW_USER)), "namespaces")
        if not is_root:
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"0 {os.getgid()} 1", encoding="ascii")
        inside = os.fork()
        if not inside:
            _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            _rule(
                order, told, seal, _FIRST_USER + os.getpid() + int(time.time() * 1000) % 0x8000000 if is_root else None
            )
    except (OSError, SystemExit) as error:
        _tell(told, refused=str(error))
        os._exit(1)
    os.waitpid(inside, 0)


def _rule(order: dict[str, Any], told: int, walls: Any, user: int | None) -> None:
    """The first process inside. When it ends, all others in there do."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # others in there cannot send what it does not handle
    try:
        processes = _build_room(order, user)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        began = time.monotonic()
        program = os.fork()
        if not program:
            _become(order, told, walls, user)
        _tell(told, **_watch(program, order, processes, began))
    except (OSError, SystemExit) as error:
        _tell(told, refused=str(error))
    os._exit(0)


def _build_room(order: dict[str, Any], user: int | None) -> int:
    """A descriptor of the list of processes, which has no place in the room."""
    sources = [(path, os.open(path, os.O_PATH)) for path in order["readable"] if Path(path).exists()]
    _must(_libc.mount(None, b"/", None, _DEEP | _PRIVATE, None), "mounts")
    size = f"size={order['disk_bytes']},nr_inodes={order['most_files'] + 100},mode=755".encode()
    _must(_libc.mount(b"tmpfs", _ROOM.encode(), b"tmpfs", _NO_SUID | _NO_PROGRAMS, size), "memory for files")
    for path, source in sources:
        place = Path(_ROOM + path)
        if Path(f"/proc/self/fd/{source}").is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        _must(_libc.mount(f"/proc/self/fd/{source}".encode(), bytes(place), None, _BIND | _DEEP, None), path)
        read_only = (ctypes.c_uint64 * 4)(_READ_ONLY, 0, 0, 0)
        if not path.startswith("/dev/"):
            there = os.open(place, os.O_PATH)
            kept = _libc.syscall(_MOUNT_SETATTR, there, b"", _AT_DEEP | 0x1000, read_only, ctypes.c_size_t(32))
            _must(kept, f"{path} for reading alone")
            os.close(there)
        os.close(source)
    listed = Path(_ROOM, "proc")
    listed.mkdir()
    _must(_libc.mount(b"proc", bytes(listed), b"proc", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS, None), "processes")
    processes = os.open(listed, os.O_RDONLY | os.O_DIRECTORY)
    _must(_libc.umount2(bytes(listed), _MOVED_AWAY), "processes")
    listed.rmdir()
    folder = Path(_ROOM, "tmp")
    folder.mkdir(exist_ok=True)  # what may be read can lie below it
    for name, text in order["files"].items():
        (folder / name).write_bytes(text.encode(errors="replace"))
    if user is not None:
        os.chown(folder, user, user)
    os.chdir(_ROOM)
    _must(_libc.syscall(_PIVOT_ROOT[os.uname().machine], b".", b"."), "the room")
    _must(_libc.umount2(b".", _MOVED_AWAY), "the room")
    os.chdir("/tmp")  # noqa: S108 — the room's own
    return processes


def _become(order: dict[str, Any], told: int, walls: Any, user: int | None) -> None:
    """The program: what is left of this process when all rights are given up."""
    try:
        given = os.memfd_create("stdin")
        os.write(given, order["stdin"].encode(errors="replace"))
        os.lseek(given, 0, os.SEEK_SET)
        os.dup2(given, 0)
        os.setsid()
        os.nice(_NICENESS)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        cores = sorted(os.sched_getaffinity(0))  # time that no parent asks for is bounded by one of them
        os.sched_setaffinity(0, {cores[time.monotonic_ns() // 1000 % len(cores)]})
        for right in range(64):
            _libc.prctl(_DROP_FROM_BOUNDS, right, 0, 0, 0)
        for kind, soft, hard in _limits(order):
            resource.setrlimit(kind, (soft, hard))
        if user is not None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        head = (ctypes.c_uint32 * 2)(0x20080522, 0)
        _must(_libc.capset(head, (ctypes.c_uint32 * 6)()), "rights")
        readable = [(Path(path), walls.WRITE_TOO if path == "/dev/null" else walls.READ) for path in order["readable"]]
        walls.build_walls([*readable, (Path("/tmp"), walls.WRITE_TOO)], walls.ALL_CALLS, shares_memory=False)  # noqa: S108 — the room's own
        os.execve(order["command"][0], order["command"], order["environment"])  # noqa: S606 — it is the program
    except (OSError, SystemExit) as error:
        _tell(told, refused=str(error))
    os._exit(1)


def _limits(order: dict[str, Any]) -> list[tuple[int, int, int]]:
    seconds, memory, processes = int(order["processor_seconds"] + 0.999), order["heap_bytes"], order["processes"] + 3
    return [
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_DATA, memory, memory),
        (resource.RLIMIT_STACK, _STACK_BYTES, _MAIN_STACK_BYTES),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_NOFILE, _FILES_AT_ONCE, _FILES_AT_ONCE),
        (resource.RLIMIT_FSIZE, order["disk_bytes"], order["disk_bytes"]),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
        (resource.RLIMIT_SIGPENDING, _TIMERS, _TIMERS),  # of timers, too, whose memory nothing else counts
        (resource.RLIMIT_CORE, 0, 0),
    ]


def _watch(program: int, order: dict[str, Any], processes: int, began: float) -> dict[str, Any]:
    """Until the program ends, or all of it together has used too much."""
    most, passed, status = 0, "", None
    while status is None and not passed:
        signal.sigtimedwait({signal.SIGCHLD}, _LOOK_SECONDS)
        status = _reap(program)
        memory, used = _used(processes)
        if memory > order["memory_bytes"]:
            memory = _shared_once(processes)
        most = max(most, memory)
        if memory > order["memory_bytes"]:
            passed = "memory_limit"
        elif used > order["processor_seconds"] or time.monotonic() - began > order["seconds"]:
            passed = "time_limit"
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status is not None:
        most = max(most, own.ru_maxrss * 1024)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            passed = "time_limit"
    ended = status is not None and not passed
    code = os.waitstatus_to_exitcode(status) if ended and status is not None else None
    return {"exit": code, "passed": passed, "seconds": time.monotonic() - began, "memory_bytes": most}


def _reap(program: int) -> int | None:
    """The program's status, when it has ended. Processes that lost their parent are cleared away, too."""
    found = None
    try:
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            if ended[0] == program:
                found = ended[1]
    except ChildProcessError:
        pass
    return found


def _used(processes: int) -> tuple[int, float]:
    """Memory and processor time of all processes inside but this one."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory, ticks = 0, 0
    for name in os.listdir(processes):
        if name.isdecimal() and name != "1":
            try:
                status = _read(processes, f"{name}/status").splitlines()
                fields = _read(processes, f"{name}/stat").rpartition(b") ")[2].split()
            except OSError:
                continue  # it has ended
            memory += _sum_up(status, b"RssAnon", b"RssShmem", b"VmPTE")
            ticks += sum(map(int, fields[11:15]))
    return memory * 1024, ticks / os.sysconf("SC_CLK_TCK") + gone.ru_utime + gone.ru_stime


def _shared_once(processes: int) -> int:
    """The memory of all processes inside, in which pages that some share count once. It takes longer to tell."""
    memory = 0
    for name in os.listdir(processes):
        if name.isdecimal() and name != "1":
            try:
                lines = _read(processes, f"{name}/smaps_rollup").splitlines()
                lines += _read(processes, f"{name}/status").splitlines()
            except OSError:
                continue
            memory += _sum_up(lines, b"Pss_Anon", b"Pss_Shmem", b"VmPTE")
    return memory * 1024


def _sum_up(lines: list[bytes], *names: bytes) -> int:
    """Of fields of the kernel, in KiB. VmPTE are the tables that tell where memory lies."""
    return sum(int(line.split()[1]) for line in lines if line.startswith(names))


def _read(folder: int, name: str) -> bytes:
    place = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return os.read(place, 8192)
    finally:
        os.close(place)


def _tell(told: int, **said: Any) -> None:
    os.write(told, json.dumps(said).encode() + b"\n")


def _must(result: int, what: str) -> None:
    if result:
        raise SystemExit(f"{what}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Programs that try what a sandbox has to hold. A wall that held prints HELD, another one ESCAPED."""

_TRY = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def tries(name, deed):
    try:
        got = deed()
    except BaseException as error:
        print("HELD", name, type(error).__name__)
    else:
        print("ESCAPED", name, got)
def call(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
"""

WALLS = {
    "network": _TRY
    + """
tries("tcp", lambda: socket.create_connection((sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1", 80), 1))
tries("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
tries("unix", lambda: socket.socket(socket.AF_UNIX))
tries("abstract", lambda: socket.socket(socket.AF_UNIX).connect("\\0x"))
tries("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
tries("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW))
tries("dns", lambda: socket.getaddrinfo("example.com", 80))
""",
    "files": _TRY
    + """
for name in ("/etc/passwd", "/etc/hostname", "/proc/1/environ", "/proc/self/environ", "/proc/1/root/etc/passwd",
             SECRET, "/dev/mem", "/sys/kernel/notes"):
    tries(name, lambda: open(name).read(10))
for name in ("/", "/root", "/home", "/proc", "/var", "/tmp/../.."):
    tries("list " + name, lambda: os.listdir(name))
tries("stat", lambda: os.stat(SECRET))
os.symlink(SECRET, "out"); tries("symlink", lambda: open("out").read())
tries("hard link", lambda: os.link(SECRET, "in"))
tries("write beside", lambda: open("/escaped", "w"))
tries("write to the library", lambda: open(os.__file__, "a"))
tries("mode of the library", lambda: os.chmod(os.__file__, 0o777))
tries("device", lambda: os.mknod("zero", 0o20666, os.makedev(1, 5)))
tries("shell", lambda: os.execv("/bin/sh", ["sh", "-c", "echo ESCAPED"]))
open("run", "w").write("#!/bin/true"); os.chmod("run", 0o755); tries("own program", lambda: os.execv("./run", ["run"]))
import glob, mmap, shutil
shutil.copy(sys.executable, "own")
tries("own code", lambda: mmap.mmap(os.open("own", os.O_RDONLY), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC, flags=2))
for loader in glob.glob("/lib*/ld-linux*"):
    if not os.fork():
        os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
        os.execv(loader, [loader, "./own", "-c", "print('ESCAPED by the loader')"])
    os.wait()
""",
    "processes": _TRY
    + """
import signal
def _closed(one):
    try: os.fstat(one)
    except OSError: return True
for number in (os.getppid(), 1, 2, PARENT):
    if number not in (0, os.getpid()):
        tries(f"see {number}", lambda: os.kill(number, 0) or number == 1 and 1 / 0)
        tries(f"kill {number}", lambda: os.kill(number, signal.SIGKILL) or number == 1 and 1 / 0)
tries("setuid", lambda: os.setuid(0) if os.getuid() else 1 / 0)
tries("nice", lambda: os.nice(-5))
tries("descriptors", lambda: [one for one in range(3, 64) if not _closed(one)] or 1 / 0)
GIVEN = {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE"}
tries("environment", lambda: set(os.environ) - GIVEN or 1 / 0)
""",
    "calls": _TRY
    + """
for name, number in CALLS.items():
    tries(name, lambda: call(number, 0, 0, 0, 0, 0, 0))
tries("new user", lambda: call(CLONE, 0x10000000 | 17, 0, 0, 0, 0))
timer = ctypes.c_void_p()
def timers():
    for number in range(10_000):
        if libc.timer_create(1, None, ctypes.byref(timer)):
            raise OSError(ctypes.get_errno(), "refused")
tries("timers without end", timers)
tries("more processors", lambda: os.sched_setaffinity(0, range(8)))
""",
}

FORK_BOMB = """
import os
while True:
    try: os.fork()
    except OSError: pass
"""
THREADS = """
import threading, time
made = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); made += 1
except BaseException as error:
    print(made < 100, type(error).__name__)
import os, sys; sys.stdout.flush(); os._exit(0)
"""
MEMORY = "kept = []\nwhile True: kept.append(bytearray(1 << 20))"
PAGE_TABLES = """
import mmap, time
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000  # without reserve
much = mmap.mmap(-1, 250 << 30, flags=flags, prot=mmap.PROT_READ)
for at in range(0, len(much), 2 << 20):
    much[at]
time.sleep(60)
"""
SHARED_MEMORY = """
import mmap, time
kept = []
for _ in range(1000):
    one = mmap.mmap(-1, 1 << 20); one[:] = b'x' * (1 << 20); kept.append(one)
"""
MEMORY_OF_MANY = """
import os, time
for _ in range(20):
    if not os.fork(): break
kept = bytearray(b'x') * (30 << 20)
time.sleep(30)
"""
DISK = """
import errno
wrote = 0
try:
    for number in range(100):
        with open(f"file{number}", "wb") as file:
            for _ in range(8): wrote += file.write(b'x' * (1 << 20))
except OSError as error:
    print(wrote <= 20 << 20, errno.errorcode[error.errno])
"""
FILES = """
import errno
try:
    for number in range(10_000): open(f"file{number}", "w").close()
except OSError as error:
    print(number < 2000, errno.errorcode[error.errno])
"""
ENDLESS = "while True: print('x' * 1000)"
LONG_LINE = "import sys; sys.stdout.write('x' * (100 << 20))"
ENDLESS_ERRORS = "import sys\nwhile True: sys.stderr.write('x' * 1000)"
BINARY = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 4)"
SLEEP = "import time\ntime.sleep(3600)"
BUSY = "while True: pass"
BUSY_CHILDREN = (
    "import os\nfor _ in range(8):\n    if not os.fork():\n        while True: pass\nimport time; time.sleep(60)"
)
IGNORES = "import signal, time\nfor n in (1, 2, 15, 24): signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
DAEMON = """
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        os.close(1); os.close(2)
        time.sleep(3600)
    os._exit(0)
print("left")
"""
CLOSED = "import os, time\nos.close(1); os.close(2); time.sleep(3600)"
STOPPED = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"

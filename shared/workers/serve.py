"""A worker process: `python -m shared.workers.serve SOCKET` answers calls on a socket, one after the other.

SOCKET is a descriptor, or a path to connect to. With MEMORY, PROCESSES and paths that may be read behind
it the process seals itself first.

A process that was told to fork goes on as two: the child serves a socket of its own and has everything its parent has
loaded and prepared. Nothing here runs more than one thread, so forking is safe.
"""

import ctypes
import gc
import os
import pickle
import resource
import signal
import socket
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared.kernel.errors import CoursewrightError
from shared.workers.limits import OutOfTime, bound_memory, bounded
from shared.workers.memory import give_back, held_bytes
from shared.workers.messages import HEADER, Answer, Call, Fork, Raised, dump_plain, receive

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main(place: str, *most: str) -> None:
    """Serve until the host is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the host's to hear
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel clears away forked processes that have ended
    _take_orphans()
    _die_with_parent(os.getppid())
    channel = socket.socket(fileno=int(place)) if place.isdecimal() else socket.socket(socket.AF_UNIX)
    if not place.isdecimal():
        channel.connect(place)
    if most:
        from shared.workers.seal import seal

        memory_bytes, processes, *readable = most
        seal(int(memory_bytes), int(processes), map(Path, readable))
    _serve(channel)
    os._exit(0)


def _serve(channel: socket.socket) -> None:
    prepared: Any = None
    held_at_first = held_bytes()
    while (message := _next_message(channel)) is not None:
        match message:
            case Call() as call:
                answer = _perform(call, prepared)
                if call.keep and answer.is_good:
                    prepared, answer = answer.value, replace(answer, value=None)
                is_kept = call.keep
                del message, call  # what the work was done on can be as large as what came of it
                if is_kept:
                    give_back()
                _send(channel, _pickled(replace(answer, grown_bytes=held_bytes() - held_at_first)))
                del answer
            case Fork(memory_bytes):
                channel = _fork(channel, memory_bytes)
                held_at_first = held_bytes()


def _next_message(channel: socket.socket) -> Call | Fork | None:
    """Only the message is kept, not its bytes: a child would share them for ever."""
    data = receive(channel)
    if data is None:
        return None
    message: Call | Fork = pickle.loads(data)  # noqa: S301 — from our own host
    return message


def _perform(call: Call, prepared: Any) -> Answer:
    began = _processor_seconds()
    error: Raised | None = None
    defect = trace = ""
    out_of_time = out_of_memory = False
    value = None
    try:
        with bounded(call.processor_seconds):
            value = call.work(prepared) if call.on_prepared else call.work()
    except OutOfTime:
        out_of_time = True
    except MemoryError:
        out_of_memory = True
    except CoursewrightError as known:
        error = Raised.of(known)
    except OSError as refused:  # pure work asks the system for nothing; one that was sealed is refused it
        defect, trace = f"{type(refused).__name__}: {refused.strerror or refused}", traceback.format_exc()
    except Exception as raised:  # noqa: BLE001 — the host decides what a defect means
        defect, trace = type(raised).__name__, traceback.format_exc()
    return Answer(value, error, defect, trace, out_of_time, out_of_memory, _processor_seconds() - began)


def _pickled(answer: Answer) -> bytes:
    """The answer as bytes; one that cannot be sent is a defect, or needs too much memory."""
    try:
        return dump_plain(answer)
    except MemoryError:
        answer = Answer(out_of_memory=True, processor_seconds=answer.processor_seconds)
    except Exception as raised:  # noqa: BLE001 — the host decides what a defect means
        answer = Answer(defect=type(raised).__name__, trace=traceback.format_exc())
    return dump_plain(answer)


def _fork(channel: socket.socket, memory_bytes: int) -> socket.socket:
    """The socket to go on with: in the parent the same, in the child the one that came with the message."""
    _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    gc.freeze()  # a collection in a child must not touch, and so copy, the pages it shares
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(descriptors[0])
        _send(channel, dump_plain(pid))
        return channel
    channel.close()
    _die_with_parent(parent)
    bound_memory(memory_bytes)
    return socket.socket(fileno=descriptors[0])


def _take_orphans() -> None:
    """On Linux, workers whose parent was killed become children of this process, which clears them away."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _die_with_parent(parent: int) -> None:
    """On Linux a worker whose parent is killed dies at once; elsewhere when it next looks at its socket."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _send(channel: socket.socket, data: bytes) -> None:
    try:
        channel.sendall(HEADER.pack(len(data)))
        channel.sendall(data)
    except ConnectionError:
        os._exit(0)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])

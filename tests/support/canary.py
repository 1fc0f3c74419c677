"""Where a secret can be seen: in files, messages, tables, and what processes show of themselves."""

import base64
import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def forms_of(token: str, *usernames: str) -> frozenset[bytes]:
    """The token as it is, in hex, percent-encoded, and in base64 at each place of a longer text; and as header."""
    plain = token.encode()
    forms = {plain, plain.hex().encode(), token.replace("-", "%2D").encode()}
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + plain).decode()
        # The characters at both ends depend on what stands beside the token.
        forms.add(encoded[(0, 2, 3)[shift] : len(encoded.rstrip("=")) - 2].encode())
    forms |= {base64.b64encode(f"{name}:{token}".encode()) for name in usernames}
    return frozenset(forms)


def hits_in(data: bytes, forms: Iterable[bytes]) -> int:
    """How often any of the forms stands in it."""
    return sum(data.count(form) for form in forms)


def files_with(folders: Iterable[Path], forms: frozenset[bytes]) -> dict[str, int]:
    """Files below the folders that hold a form."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            with contextlib.suppress(OSError):  # gone, or a socket
                if path.is_file() and (count := hits_in(path.read_bytes(), forms)):
                    found[str(path)] = count
    return found


def shown_by_processes(forms: frozenset[bytes], *, but: Iterable[int] = ()) -> dict[str, int]:
    """Arguments and environments of all processes of this machine that hold a form. `but`: those that brought it."""
    found = {}
    for pid, name in _processes():
        for file in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                if pid not in but and (count := hits_in(Path(f"/proc/{pid}/{file}").read_bytes(), forms)):
                    found[f"{name} {file}"] = count
    return found


def processes_looked_at() -> int:
    """How many processes there are."""
    return len(list(_processes()))


def in_memory(pids: Mapping[str, int], forms: frozenset[bytes]) -> dict[str, int]:
    """How often a form stands in the writable memory of processes and of all below them, by the given names."""
    return {name: sum(_hits_in_memory(one, forms) for one in _family(pid)) for name, pid in pids.items()}


def _hits_in_memory(pid: int, forms: frozenset[bytes]) -> int:
    hits = 0
    with contextlib.suppress(OSError), Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area is not None:
                start, end = (int(part, 16) for part in area.groups())
                with contextlib.suppress(OSError, OverflowError):
                    hits += hits_in(os.pread(memory.fileno(), end - start, start), forms)
    return hits


def _processes() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            yield int(folder.name), (folder / "comm").read_text().strip()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in file.read_text().split():
                yield from _family(int(child))

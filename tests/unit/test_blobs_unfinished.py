"""A killed writer leaves nothing in a folder of blobs that could be taken for a blob, and nothing for long."""

import subprocess
import sys
from pathlib import Path

from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs

ROOT = Path(__file__).parents[2]
_DIES_WHILE_WRITING = """
import asyncio, os, pathlib, sys
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs

os.fsync = lambda _: os.kill(os.getpid(), 9)
folder = pathlib.Path(sys.argv[1])
asyncio.run(Blobs(FolderBackend(folder)).put("c1", b"some text", "text/plain"))
"""
_HOLDS = """
import fcntl, sys

file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()
"""


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_write_that_was_cut_leaves_no_blob_and_the_next_to_open_the_store_clears_up(tmp_path: Path) -> None:
    (tmp_path / "courses" / "c1" / "37").mkdir(parents=True)
    FolderBackend(tmp_path)
    dead = subprocess.run([sys.executable, "-c", _DIES_WHILE_WRITING, str(tmp_path)], cwd=ROOT, check=False)
    assert dead.returncode == -9
    assert files(tmp_path / "courses") == []
    FolderBackend(tmp_path)
    assert files(tmp_path) == []


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    Blobs(FolderBackend(tmp_path))
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path / ".unfinished" / "mine")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    FolderBackend(tmp_path)
    assert [path.name for path in files(tmp_path)] == ["mine"]
    holder.kill()
    holder.communicate()
    FolderBackend(tmp_path)
    assert files(tmp_path) == []

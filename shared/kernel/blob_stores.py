"""Where blobs lie: a folder of this machine, or a store that obstore knows. A put that returned is on disk."""

import asyncio
import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, TypeVar

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import AzureStore, GCSStore, LocalStore, ObjectStore, S3Store

from shared.kernel.disk import sync_folder
from shared.kernel.errors import NotFound, TransientError

D = TypeVar("D")

_COPIED_BYTES = 1024 * 1024
_UNFINISHED = ".unfinished"  # the folder where writes are under way
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BlobsUnavailable(TransientError):
    """The blob store refused a write or did not answer a read. What it acknowledged before is there."""

    code = "blobs_unavailable"


class BlobBackend(Protocol):
    """Bytes by key. A `put` that returned is durable; putting an existing key again is no error, and changes nothing.

    `renew` takes bytes or an open file, and is for bytes that belong to their key: the blob is as young as if nobody
    had put it before. `listing` tells when each was put or renewed, page by page; `delete_old` removes one that was
    neither since a time.
    """

    async def put(self, key: str, data: bytes) -> None: ...
    async def renew(self, key: str, data: bytes | BinaryIO) -> None: ...
    def listing(self, prefix: str) -> AsyncIterator[tuple[str, datetime]]: ...
    async def delete_old(self, key: str, since: datetime) -> int: ...
    async def get(self, key: str) -> bytes: ...
    async def get_range(self, key: str, start: int, end: int) -> bytes: ...
    async def delete_prefix(self, prefix: str) -> int: ...
    async def keys(self, prefix: str) -> list[str]: ...
    async def folders(self, prefix: str) -> list[str]: ...
    async def delete(self, key: str) -> int: ...


class ObjectBackend:
    """S3, GCS, Azure or memory by obstore; these are durable by themselves (memory: for tests only)."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, data: bytes) -> None:
        try:
            await obstore.put_async(self._store, key, data, mode="create")
        except AlreadyExistsError:
            return
        except BaseError as error:
            raise BlobsUnavailable(f"The blob store refused a write ({type(error).__name__})") from error

    async def renew(self, key: str, data: bytes | BinaryIO) -> None:
        try:
            await obstore.put_async(self._store, key, data, mode="overwrite")
        except BaseError as error:
            raise BlobsUnavailable(f"The blob store refused a write ({type(error).__name__})") from error

    async def listing(self, prefix: str) -> AsyncIterator[tuple[str, datetime]]:
        with _classed("a listing"):
            async for page in obstore.list(self._store, prefix):
                for meta in page:
                    yield meta["path"], meta["last_modified"]

    async def delete_old(self, key: str, since: datetime) -> int:
        try:
            with _classed("a deletion"):
                if (await obstore.head_async(self._store, key))["last_modified"] >= since:
                    return 0
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return 0
        return 1

    async def get(self, key: str) -> bytes:
        with _reading(key):
            return bytes(await (await obstore.get_async(self._store, key)).bytes_async())

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        with _reading(key):
            return bytes(await obstore.get_range_async(self._store, key, start=start, end=end))

    def signed(self, method: Literal["GET", "PUT"], key: str, seconds: int) -> str | None:
        """An address for one blob, for this method and for so long; None where the store cannot give one."""
        if not isinstance(self._store, S3Store | GCSStore | AzureStore):
            return None
        return obstore.sign(self._store, method, key, timedelta(seconds=seconds))

    async def size(self, key: str) -> int:
        """In bytes. Raises NotFound."""
        with _reading(key):
            return (await obstore.head_async(self._store, key))["size"]

    async def move(self, key: str, to: str) -> None:
        """Have a blob lie elsewhere. Raises NotFound."""
        with _reading(key):
            await obstore.rename_async(self._store, key, to)

    async def delete_prefix(self, prefix: str) -> int:
        with _classed("a deletion"):
            paths = [meta["path"] async for batch in obstore.list(self._store, prefix) for meta in batch]
            if paths:
                await obstore.delete_async(self._store, paths)
        return len(paths)

    async def delete(self, key: str) -> int:
        try:
            with _classed("a deletion"):
                await obstore.head_async(self._store, key)
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return 0
        return 1

    async def folders(self, prefix: str) -> list[str]:
        with _classed("a listing"):
            return sorted((await obstore.list_with_delimiter_async(self._store, prefix))["common_prefixes"])

    async def keys(self, prefix: str) -> list[str]:
        with _classed("a listing"):
            found = [meta["path"] async for batch in obstore.list(self._store, prefix) for meta in batch]
        return sorted(key for key in found if not key.startswith(_UNFINISHED))


class FolderBackend(ObjectBackend):
    """A folder. Writes go to a temporary file, fsync, rename, fsync of the folder: obstore's own local put does not
    fsync, and an event must never refer to bytes that a power cut can take away.

    Temporary files lie in one folder and are locked while they are written: whoever opens the store next removes
    what a killed process left there.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        super().__init__(LocalStore(prefix=root, mkdir=True))
        self._root = root
        self._unfinished = root / _UNFINISHED
        self._unfinished.mkdir(exist_ok=True)
        _sweep(self._unfinished)

    async def put(self, key: str, data: bytes) -> None:
        await self._write_in_thread(self._put, key, data)

    async def renew(self, key: str, data: bytes | BinaryIO) -> None:
        await self._write_in_thread(self._renew, key, data)

    @staticmethod
    async def _write_in_thread(write: Callable[[str, D], None], key: str, data: D) -> None:
        try:
            await asyncio.to_thread(write, key, data)
        except OSError as error:
            reason = "its disk is full" if error.errno in _FULL else type(error).__name__
            raise BlobsUnavailable(f"The blob store refused a write ({reason})") from error

    def _renew(self, key: str, data: bytes | BinaryIO) -> None:
        """Under the lock `_delete_old` takes: one of both is first, and the other one sees it."""
        while True:
            self._put(key, data)
            with contextlib.suppress(FileNotFoundError), (self._root / key).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                if os.fstat(file.fileno()).st_nlink:
                    os.utime(file.fileno())
                    return

    async def delete_old(self, key: str, since: datetime) -> int:
        with _classed("a deletion"):
            return await asyncio.to_thread(self._delete_old, self._root / key, since)

    def _delete_old(self, path: Path, since: datetime) -> int:
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                seen = os.fstat(file.fileno())
                if not seen.st_nlink or seen.st_mtime >= since.timestamp():
                    return 0
                path.unlink()
        except FileNotFoundError:
            return 0
        sync_folder(path.parent)
        return 1

    def _put(self, key: str, data: bytes | BinaryIO) -> None:
        target = self._root / key
        folder = target.parent
        if target.exists():
            sync_folder(folder)  # its writer may not have come to that yet
            return
        self._make_folder(folder)
        while not self._write(target, data):
            self._make_folder(folder)
        sync_folder(folder)

    def _write(self, target: Path, data: bytes | BinaryIO) -> bool:
        """False when the file was swept in the moment before it was locked, or its new folder went meanwhile."""
        handle, name = tempfile.mkstemp(dir=self._unfinished)
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(handle, fcntl.LOCK_EX)  # until it is closed, which a kill does too
            try:
                if isinstance(data, bytes):
                    file.write(data)
                else:
                    data.seek(0)
                    shutil.copyfileobj(data, file, _COPIED_BYTES)
                file.flush()
                os.fsync(handle)
                Path(name).replace(target)
            except FileNotFoundError:
                Path(name).unlink(missing_ok=True)
                return False
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        return True

    async def delete_prefix(self, prefix: str) -> int:
        with _classed("a deletion"):
            return await asyncio.to_thread(self._delete_folder, self._root / prefix)

    async def delete(self, key: str) -> int:
        with _classed("a deletion"):
            return await asyncio.to_thread(self._delete, self._root / key)

    def _delete(self, path: Path) -> int:
        try:
            path.unlink()
        except FileNotFoundError:
            return 0
        sync_folder(path.parent)
        return 1

    def _delete_folder(self, folder: Path) -> int:
        """With its empty folders. A write that comes meanwhile may keep one."""
        files = [path for path in folder.rglob("*") if path.is_file()]
        shutil.rmtree(folder, ignore_errors=True)
        sync_folder(next(path for path in folder.parents if path.exists()))
        return sum(not path.exists() for path in files)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and its parents, each entry on disk before anything is put below it."""
        if folder.exists():  # nearly always
            return
        missing = [path for path in (folder, *folder.parents) if self._root in path.parents and not path.exists()]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            sync_folder(path.parent)


@contextlib.contextmanager
def _reading(key: str) -> Iterator[None]:
    """An error of a read under the name of ours."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"No blob {key}") from error
    except (BaseError, OSError) as error:
        raise BlobsUnavailable(f"The blob store does not answer a read ({type(error).__name__})") from error


@contextlib.contextmanager
def _classed(what: str) -> Iterator[None]:
    """An error of the store under the name of ours; that something is not there is none of its troubles."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise BlobsUnavailable(f"The blob store refused {what} ({type(error).__name__})") from error


def _sweep(folder: Path) -> None:
    """Remove the unfinished files that nobody is writing."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError), path.open("rb") as file:  # being written, or gone meanwhile
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()

"""PostgreSQL clusters that lie outside their data folder, and when they may go.

As root the server runs as `nobody`, who cannot pass a data folder that is closed to others; its cluster is then a
folder of /var/tmp. Whoever removes the data folder does not see it, so each says in a file of its own whose it is.
"""

import contextlib
import os
import shutil
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import psutil

NOBODY = 65534
PLACE = Path("/var/tmp")  # noqa: S108 - each cluster in it is 0700 and owned by nobody
_PREFIX = "coursewright-data-"
_MARKER = "coursewright.belongs-to"
_GONE = ".gone"


def cluster_of(folder: Path, place: Path = PLACE) -> Path:
    """Where the cluster of a data folder lies, outside of it."""
    return place / f"{_PREFIX}{sha256(str(folder).encode()).hexdigest()[:16]}"


def mark(cluster: Path, folder: Path) -> None:
    """Write into the cluster whose it is: the data folder, and the device that is on."""
    (cluster / _MARKER).write_text(f"{folder.stat().st_dev}\n{folder}\n", encoding="utf-8")


def remove_cluster(cluster: Path) -> None:
    """Remove a cluster under another name: what is left of a removal that was killed does not lie in the way of the
    next cluster of the same folder. Another start may remove it at the same moment.
    """
    gone = cluster.with_name(f"{cluster.name}{_GONE}")
    shutil.rmtree(gone, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        cluster.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def remove_orphans(place: Path = PLACE, owner: int = NOBODY) -> list[Path]:
    """Remove the clusters whose data folder was removed; those at rest only. Returns what went."""
    return _remove(lambda device, folder: not folder.exists() and _nearest_device(folder) == device, place, owner)


def remove_below(root: Path, place: Path = PLACE, owner: int = NOBODY) -> list[Path]:
    """Remove the clusters of all data folders below a folder, for tests and measurements that are over."""
    return _remove(lambda _, folder: folder.is_relative_to(root.resolve()), place, owner)


def _remove(wanted: Callable[[int, Path], bool], place: Path, owner: int) -> list[Path]:
    removed = []
    for cluster in sorted(place.glob(f"{_PREFIX}*")):
        with contextlib.suppress(OSError, ValueError):  # another start removes it too, or it is not one of ours
            status = cluster.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner:
                continue
            if cluster.suffix == _GONE:
                shutil.rmtree(cluster)
                continue
            marker = cluster / _MARKER
            if marker.lstat().st_uid != os.geteuid():
                continue
            device, _, folder = marker.read_text(encoding="utf-8").strip().partition("\n")
            named = cluster == cluster_of(Path(folder), place)
            if named and wanted(int(device), Path(folder)) and not _in_use(cluster):
                remove_cluster(cluster)
                removed.append(cluster)
    return removed


def _nearest_device(folder: Path) -> int:
    # A data folder on a disk that is not mounted looks removed: below its mount point another device shows.
    return next(parent for parent in folder.parents if parent.exists()).stat().st_dev


def _in_use(cluster: Path) -> bool:
    try:
        pid = int((cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        return str(cluster) in psutil.Process(pid).cmdline()
    except (FileNotFoundError, psutil.NoSuchProcess):
        return False

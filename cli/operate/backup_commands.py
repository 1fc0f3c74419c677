"""`coursewright backup` and `restore`. Thin: what they do is in the modules they import."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.ending import exit_with_message
from cli.exit_codes import ExitCode
from cli.operate.access import DatabaseOption, DataDirOption, JsonOption, NatsOption, Where
from cli.operate.output import print_json, say

if TYPE_CHECKING:
    from cli.operate.backup.manifest import Manifest

FolderArgument = Annotated[Path, typer.Argument(help="Folder of the backup", file_okay=False)]


def backup(
    folder: FolderArgument, as_json: JsonOption = False, nats_url: NatsOption = "", database_url: DatabaseOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Copy the log, the blobs and what no log holds into a new folder, while everything goes on."""
    from cli.operate.backup.take import take
    from cli.operate.sessions import with_log

    began = time.monotonic()
    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url, database_url).servers() as target:
            manifest = with_log(target, lambda nc: take(nc, target, folder.resolve(), say))
        _report(as_json, "saved", folder, manifest, time.monotonic() - began)
        for problem, keys in (("missing", manifest.blobs.missing), ("damaged", manifest.blobs.damaged)):
            for key in keys:
                print(f"{problem} in the blob store: {key}", file=sys.stderr)
        if manifest.blobs.missing or manifest.blobs.damaged:
            raise typer.Exit(ExitCode.INCOMPLETE)


def restore(
    folder: FolderArgument, as_json: JsonOption = False, nats_url: NatsOption = "", database_url: DatabaseOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Bring a backup back into an empty data folder, or into named servers that hold nothing, and compare."""
    from cli.operate.backup.bring_back import restore_deployment, restore_folder

    began = time.monotonic()
    with exit_with_message(as_json):
        where = Where(data_dir, "", nats_url, database_url)
        target = where.deployment()
        if target is not None:
            manifest = restore_deployment(folder.resolve(), target, say)
        else:
            manifest = restore_folder(folder.resolve(), where.folder(), say)
        _report(as_json, "restored", folder, manifest, time.monotonic() - began)


def _report(as_json: bool, done: str, folder: Path, manifest: "Manifest", seconds: float) -> None:
    figures: dict[str, Any] = {
        "folder": str(folder),
        "made_at": manifest.made_at,
        "courses": manifest.courses,
        "messages": {name: part.messages for name, part in manifest.streams.items()},
        "last_seq": {name: part.last_seq for name, part in manifest.streams.items()},
        "blobs": manifest.blobs.count,
        "blob_bytes": manifest.blobs.bytes,
        "missing": manifest.blobs.missing,
        "damaged": manifest.blobs.damaged,
        "rows": {name: part.rows for name, part in manifest.tables.items()},
        "seconds": round(seconds, 1),
    }
    if as_json:
        print_json(figures)
        return
    events = sum(figures["messages"].values())
    print(
        f"{done} {manifest.courses} courses: {events} messages, {manifest.blobs.count} blobs "
        f"({manifest.blobs.bytes} bytes), {sum(figures['rows'].values())} rows, in {figures['seconds']} s"
    )

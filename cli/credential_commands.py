"""`coursewright credentials`: tokens of private repositories that the gateway keeps, and the keys that seal them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.ending import exit_with_message
from cli.local.record import default_data_dir
from cli.operate.access import DatabaseOption, DataDirOption, JsonOption, ServerOption, Target, Where
from cli.operate.output import print_json, print_table, say, short_time
from shared.kernel.errors import PermanentError

if TYPE_CHECKING:  # imported on first use: every command imports this module
    from cli.client import Client

credentials_app = typer.Typer(help="Tokens of private repositories.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="Name or id, as `credentials list` shows it")]

HostKind = Literal["github", "gitlab", "bitbucket", "gitea", "other"]


@credentials_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="To tell it from your others")],
    host: Annotated[str, typer.Option(help="The one host it is for")] = "github.com",
    kind: Annotated[HostKind | None, typer.Option(help="What sort of host; by its name if left out")] = None,
    username: Annotated[str, typer.Option(help="Sent beside the token; what the host wants if left out")] = "",
    as_json: JsonOption = False, server: ServerOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Keep a token, which is read from standard input or asked for; a name that is there gets the new token."""
    with exit_with_message(as_json):
        token = _read_token()
        with _client(server, data_dir) as client:
            from cli.credentials import keep

            made = keep(
                client, {"name": name, "host": host, "kind": kind, "username": username or None, "token": token}
            )
        print_json(made) if as_json else print(f"{made['name']} is kept for {made['host']}, as {made['credential_id']}")


@credentials_app.command("list")
def show_list(as_json: JsonOption = False, server: ServerOption = "", data_dir: DataDirOption = None) -> None:
    """List your credentials, oldest first, without their tokens; with --json one object a line."""
    with exit_with_message(as_json):
        with _client(server, data_dir) as client:
            found = client.credentials()
        if as_json:
            for one in found:
                print_json(one)
            return
        print_table(
            ["name", "host", "id", "last used (UTC)", "refused since (UTC)"],
            [
                (
                    one["name"],
                    one["host"],
                    one["credential_id"],
                    short_time(one["last_used_at"]),
                    short_time(one["revoked_at"]),
                )
                for one in found
            ],
            nothing="no credentials",
        )


@credentials_app.command("remove")
def remove(
    name: NameArgument, as_json: JsonOption = False, server: ServerOption = "", data_dir: DataDirOption = None
) -> None:
    """Delete a credential with its token."""
    with exit_with_message(as_json):
        with _client(server, data_dir) as client:
            from cli.credentials import named

            one = named(client, name)
            client.delete_credential(one["credential_id"])
        print_json({"removed": one["credential_id"]}) if as_json else print(f"{one['name']} is removed")


@credentials_app.command("rotate-keys")
def rotate_keys(
    keys_file: Annotated[
        Path | None, typer.Option(help="The file of CREDENTIAL_KEYS_FILE; that of the data folder if left out")
    ] = None,
    as_json: JsonOption = False, database_url: DatabaseOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Add a key, seal every repository token and every school's model key again with it, and drop keys that are no
    longer used. Prints the setting CREDENTIAL_SEALING_KEY. Restart the gateways before you rotate again.
    """
    from cli.local.own_files import CREDENTIAL_KEYS
    from cli.operate.credential_keys import rotate

    with exit_with_message(as_json):
        if keys_file is not None:
            done = rotate(Target("", database_url or os.environ.get("DATABASE_URL", ""), ""), keys_file)
        else:
            folder = Where(data_dir or default_data_dir())
            with folder.servers() as target:
                done = rotate(target, folder.folder() / CREDENTIAL_KEYS)
        print_json(done) if as_json else print(f"CREDENTIAL_SEALING_KEY={done['sealing_key']}")
        if not as_json:
            print(
                f"{done['sealed']} tokens and model keys were sealed again; restart the gateways with this line",
                file=sys.stderr,
            )


@contextmanager
def _client(server: str, data_dir: Path | None) -> Iterator["Client"]:
    """Of the named gateway, else of the data folder's stack, which is started if it does not run."""
    from cli.gateways import gateway

    address = server or ("" if data_dir else os.environ.get("COURSEWRIGHT_SERVER", ""))
    with gateway(address, (data_dir or default_data_dir()).resolve(), say) as found:
        yield found.client


def _read_token() -> str:
    """A line of standard input; on a terminal it is asked for, and not shown."""
    token = str(typer.prompt("Token", hide_input=True, err=True)) if sys.stdin.isatty() else sys.stdin.readline()
    if not token.strip():
        raise PermanentError("There is no token on standard input", code="no_token")
    return token.strip()

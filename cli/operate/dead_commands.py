"""`coursewright dead`: list, show, retry and drop dead letters."""

import asyncio
import base64
import sys
from typing import Annotated

import typer

from cli.ending import exit_with_message
from cli.operate.access import DatabaseOption, DataDirOption, JsonOption, NatsOption, ServerOption, Where
from cli.operate.output import print_json, print_table, short_time

dead_app = typer.Typer(help="Dead letters: requests that could not be worked on.", no_args_is_help=True)

SeqArgument = Annotated[int, typer.Argument(min=1, help="The letter's number, as `dead list` shows it")]


@dead_app.command("list")
def show_list(
    stage: Annotated[str, typer.Option(help="Only this stage")] = "",
    course: Annotated[str, typer.Option(help="Only this course")] = "",
    as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """List dead letters, oldest first; with --json one object a line."""
    from nats.aio.client import Client

    from cli.operate.dead_letters import DeadLetter, letters
    from cli.operate.runs import stage_named
    from cli.operate.sessions import with_log

    async def work(nc: Client) -> list[DeadLetter]:
        return [one async for one in letters(nc, name, course)]

    with exit_with_message(as_json):
        name = stage_named(stage).name if stage else ""
        with Where(data_dir, "", nats_url).servers() as target:
            found = with_log(target, work)
        if as_json:
            for one in found:
                print_json(one.as_dict())
            return
        print_table(
            ["seq", "stage", "course", "request", "time (UTC)", "bytes", "reason"],
            [
                (one.seq, one.stage, one.course_id, one.request_seq, short_time(one.time), len(one.body), one.reason)
                for one in found
            ],
            nothing="no dead letters",
        )


@dead_app.command("show")
def show(
    seq: SeqArgument,
    raw: Annotated[bool, typer.Option("--raw", help="Only the original bytes, unchanged")] = False,
    as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Show one dead letter with its original bytes, and how this version reads the request."""
    from nats.aio.client import Client

    from cli.operate.dead_letters import DeadLetter, examine, letter
    from cli.operate.sessions import with_log

    async def work(nc: Client) -> tuple[DeadLetter, str]:
        one = await letter(nc, seq)
        return one, _reading(await examine(nc, one))

    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url).servers() as target:
            found, reading = with_log(target, work)
        if raw:
            sys.stdout.buffer.write(found.body)
        elif as_json:
            encoded = base64.b64encode(found.body).decode("ascii")
            print_json({**found.as_dict(), "reading": reading, "body_base64": encoded})
        else:
            for name, value in {**found.as_dict(), "reading": reading}.items():
                print(f"{name:<12} {value}")
            print("\n" + found.body.decode("utf-8", errors="backslashreplace"))


@dead_app.command("retry")
def retry(
    seq: SeqArgument, as_json: JsonOption = False, server: ServerOption = "", nats_url: NatsOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Ask the gateway to run the request again, as a new run; then the letter is removed."""
    from cli.operate.dead_retry import retry_letter

    with exit_with_message(as_json):
        where = Where(data_dir, server, nats_url)
        with where.servers() as target, where.gateway() as client:
            done = retry_letter(target, client, seq)
        print_json(done) if as_json else print(
            f"{done['stage']} of {done['course_id']} runs again as {done['task_id']}"
        )


@dead_app.command("drop")
def drop(
    seq: SeqArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Remove a dead letter for good; the course stays as it is."""
    from cli.operate.dead_letters import letter, remove
    from cli.operate.deeds import note_deed
    from cli.operate.sessions import with_log

    with exit_with_message(as_json), Where(data_dir, "", nats_url).servers() as target:
        found = with_log(target, lambda nc: letter(nc, seq))
        if not yes:
            question = f"Remove the letter of {found.stage}, course {found.course_id} ({found.reason})?"
            typer.confirm(question, abort=True, err=True)
        with_log(target, lambda nc: remove(nc, found))
        note_deed(target.data_dir, "dead_letter_dropped", **found.as_dict())
        print_json({**found.as_dict(), "dropped": True}) if as_json else print(f"dropped {seq}")


def _reading(read: object) -> str:
    from shared.event_log.port import Recorded, Unreadable

    match read:
        case Recorded():
            return f"readable: {type(read.event).__name__}"
        case Unreadable():
            return f"not readable: {read.reason}"
        case _:
            return "erased with its course"


@dead_app.command("notices")
def send_notices_again(
    as_json: JsonOption = False, database_url: DatabaseOption = "", data_dir: DataDirOption = None
) -> None:
    """Have the notices that Slack or mail refused sent again, once the reason is mended."""
    from sqlalchemy.ext.asyncio import create_async_engine

    from services.notifier.store import send_dead_again

    async def work(url: str) -> int:
        engine = create_async_engine(url, hide_parameters=True)
        try:
            async with engine.begin() as connection:
                return await send_dead_again(connection)
        finally:
            await engine.dispose()

    with exit_with_message(as_json):
        with Where(data_dir, database_url=database_url).servers() as target:
            found = asyncio.run(work(target.require_database()))
        print_json({"pending": found}) if as_json else print(f"{found} notices will be sent again")

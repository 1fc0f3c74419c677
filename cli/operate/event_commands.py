"""`coursewright events`. Thin: what they do is in the modules they import."""

import contextlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.ending import exit_with_message
from cli.exit_codes import ExitCode
from cli.operate.access import DataDirOption, JsonOption, NatsOption, Where
from cli.operate.output import print_json

events_app = typer.Typer(help="The event log: as it grows, as a file, as a course was.", no_args_is_help=True)

CourseOption = Annotated[str, typer.Option("--course", help="Only this course")]
TypeOption = Annotated[
    list[str] | None, typer.Option("--type", help="Only this type, such as ModuleWritten; repeatable")
]


@events_app.command("tail")
def tail(
    course: CourseOption = "",
    types: TypeOption = None,
    from_seq: Annotated[str, typer.Option("--from", help="A sequence, or now")] = "now",
    limit: Annotated[int, typer.Option(min=0, help="End after so many events; 0 goes on until Ctrl-C")] = 0,
    as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Print events as they are recorded, one line each; with --json as CloudEvents."""
    from nats.aio.client import Client

    from cli.operate.event_stream import Filter, line_of
    from cli.operate.event_stream import tail as follow
    from cli.operate.sessions import with_log
    from shared.event_log.cloudevents import structured

    start = None if from_seq == "now" else _sequence(from_seq)

    async def work(nc: Client) -> None:
        shown = 0
        async with contextlib.aclosing(follow(nc, wanted, start)) as events:  # type: ignore[type-var]
            async for event in events:
                print_json(structured(event)) if as_json else print(line_of(event), flush=True)
                shown += 1
                if shown == limit:
                    return

    with exit_with_message(as_json):
        wanted = Filter(course, types or ())
        with Where(data_dir, "", nats_url).servers() as target:
            with_log(target, work)


@events_app.command("show")
def show(
    course: Annotated[str, typer.Argument(help="The course's id")],
    at: Annotated[int | None, typer.Option("--at", min=1, help="As it was at this sequence; now if left out")] = None,
    as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Show a course as it was at a sequence of the log, folded from its events."""
    from dataclasses import asdict

    from cli.operate.output import print_table, short_time
    from cli.operate.past_course import NOW, look_back
    from cli.operate.sessions import with_log
    from shared.event_log.jetstream import JetStreamLog

    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url).servers() as target:
            then, stages = with_log(target, lambda nc: look_back(JetStreamLog(nc), course, at or NOW))
        if as_json:
            print_json({**then, "stages": [asdict(stage) for stage in stages]})
            return
        print(f"{then['title']}\n{then['status']}, {then['progress_percentage']} %, at sequence {then['seq']}")
        print(f"{short_time(then['updated_at'])} UTC  {then['repo_url'] or ''}".rstrip())
        print_table(
            ["", "stage", "status", "%", "attempt", "started (UTC)", "ended (UTC)", "step"],
            [
                (
                    one.number, one.stage, one.status, one.progress, one.attempt, short_time(one.started_at),
                    short_time(one.completed_at), one.error or one.step,
                )
                for one in stages
            ],
        )  # fmt: skip


@events_app.command("export")
def export(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; standard output if left out")] = None,
    course: CourseOption = "",
    types: TypeOption = None,
    from_seq: Annotated[int, typer.Option("--from", min=1, help="First sequence")] = 1,
    to_seq: Annotated[int | None, typer.Option("--to", min=1, help="Last sequence; all there is if left out")] = None,
    nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Write recorded events as lines of JSON: CloudEvents 1.0 in structured mode, with their sequence."""
    from cli.operate.event_stream import Filter
    from cli.operate.event_stream import export as write
    from cli.operate.output import when_whole
    from cli.operate.sessions import with_log

    unreadable: list[tuple[int, str]] = []
    with exit_with_message():
        wanted = Filter(course, types or ())
        with (
            Where(data_dir, "", nats_url).servers() as target,
            contextlib.ExitStack() as files,
        ):
            sink = files.enter_context(when_whole(out)) if out else sys.stdout
            count = with_log(
                target,
                lambda nc: write(nc, wanted, from_seq, to_seq, sink, lambda seq, name: unreadable.append((seq, name))),
            )
        print(f"{count} events" + (f" in {out}" if out else ""), file=sys.stderr)
        for seq, subject in unreadable:
            print(f"left out: sequence {seq}, {subject}: no CloudEvent with a JSON body", file=sys.stderr)
        if unreadable:
            raise typer.Exit(ExitCode.INCOMPLETE)


def _sequence(text: str) -> int:
    if not text.isdigit():
        raise typer.BadParameter(f"{text} is neither a sequence nor `now`", param_hint="--from")
    return int(text)

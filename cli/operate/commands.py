"""`coursewright stages`, `cancel`, `retry` and `topology`. Thin: what they do is in the modules they import."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli.ending import exit_with_message
from cli.operate.access import DatabaseOption, DataDirOption, JsonOption, NatsOption, ServerOption, Where
from cli.operate.output import print_json, print_table, say, short_time
from shared.course.in_words import counted
from shared.docs.problems import printable

CourseArgument = Annotated[str, typer.Argument(help="The course's id")]
StageArgument = Annotated[str, typer.Argument(help="A stage by its name or its number; `stages` lists them")]

_DEATHS_SHOWN = timedelta(hours=1)

topology_app = typer.Typer(help="The streams and durables of the event log.", no_args_is_help=True)


def stages(
    as_json: JsonOption = False, nats_url: NatsOption = "", database_url: DatabaseOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Show where work waits: lag, work in flight, retries and dead letters of each stage."""
    from cli.local.restarts import end_in_words, read_deaths
    from cli.operate.sessions import with_log
    from cli.operate.stages import look

    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url, database_url).servers() as target:
            database_url = target.require_database() if target.database_url else ""
            overview = with_log(target, lambda nc: look(nc, database_url))
        deaths = read_deaths(target.data_dir, datetime.now(UTC) - _DEATHS_SHOWN) if target.data_dir else {}
        if as_json:
            print_json(overview.as_dict() | {"deaths": {name: len(found) for name, found in deaths.items()}})
            return
        print_table(
            ["", "stage", "lag", "in flight", "retrying", "failed", "dead", "idle workers", "last delivered (UTC)"],
            [
                (
                    one.number, one.stage, one.lag if one.consumer else "no consumer", one.in_flight, one.retrying,
                    one.failed, one.dead_letters, one.idle_workers, short_time(one.last_delivered_at),
                )
                for one in overview.stages
            ],
        )  # fmt: skip
        size = f"{overview.messages} events, {overview.bytes} bytes, sequence {overview.last_seq}"
        print(f"log: {size}; tables: {overview.tables_in_words()}")
        if notices := overview.notices_in_words():
            print(f"notices: {notices}")
        for name, found in deaths.items():
            last = f"{short_time(found[-1]['timestamp'])} UTC, {end_in_words(found[-1])}"
            print(f"{name} died {counted(len(found), 'time')} in the last hour, at last {last}")


def cancel(
    course: CourseArgument, stage: StageArgument = "", as_json: JsonOption = False, server: ServerOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Stop a stage of a course, or the one that runs; what is recorded is kept."""
    from cli.operate import runs

    with exit_with_message(as_json), Where(data_dir, server).gateway() as client:
        done = runs.cancel(client, course, stage)
        print_json(done) if as_json else print(f"{done['stage']}: asked to stop (run {done['task_id']})")


def retry(
    course: CourseArgument, stage: StageArgument = "", as_json: JsonOption = False, server: ServerOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Run a failed or canceled stage of a course again, with the inputs it had."""
    from cli.operate import runs

    with exit_with_message(as_json), Where(data_dir, server).gateway() as client:
        done = runs.retry(client, course, stage)
        print_json(done) if as_json else print(f"{done['stage']}: runs again (run {done['task_id']})")


def ask(
    course: CourseArgument, question: Annotated[str, typer.Argument(help="The question, in your words")],
    as_json: JsonOption = False, server: ServerOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Ask a finished course a question; the answer is what it says, with the lines that it cites."""
    with exit_with_message(as_json):
        with Where(data_dir, server).gateway() as client:
            answer = client.ask(course, question)
        if as_json:
            print_json(answer)
            return
        for passage in answer["passages"]:
            for line in (" › ".join(passage["headings"]), "", *passage["text"].split("\n"), ""):
                print(printable(line))
            for one in passage["citations"]:
                print(f"  {printable(one['path'])}:{one['start_line']}-{one['end_line']}")
            print()
        if answer["refused"]:
            print(answer["why"])


@topology_app.command("bring-over")
def bring_over(as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None) -> None:
    """Bring a log of an earlier version into the layout of this one, once; all services are stopped."""
    from cli.operate.bring_over import Brought, bring_over
    from cli.operate.sessions import with_log

    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url).restoring() as target:
            done: Brought = with_log(target, lambda nc: bring_over(nc, say))
        if as_json:
            print_json(asdict(done))
        elif done.events:
            print(f"brought over {done.events} events of {done.courses} courses, up to sequence {done.last_seq}")
        else:
            print("the log has the layout of this version")


@topology_app.command("apply")
def apply(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the differences")] = False,
    replicas: Annotated[int, typer.Option(min=0, max=5, help="Copies of the log; 0 keeps what there is")] = 0,
    as_json: JsonOption = False, nats_url: NatsOption = "", data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Bring streams and durables to what this version needs, and print what differs, field by field."""
    from nats.aio.client import Client

    from cli.operate import topology
    from cli.operate.sessions import with_log

    async def work(nc: Client) -> list[topology.Difference]:
        js = nc.jetstream()
        copies = replicas or await topology.replicas_now(js)
        found = await topology.differences(js, copies)
        if found and not dry_run:
            await topology.change(js, copies, found)
        return found

    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url).servers() as target:
            found = with_log(target if dry_run else target.provisioning(), work)
        if as_json:
            print_json({"applied": not dry_run, "differences": [one.as_dict() for one in found]})
            return
        print_table(
            ["", "name", "field", "is", "should be", ""],
            [
                (one.kind, one.name, one.field, one.have, one.want, "" if one.possible else "not possible in place")
                for one in found
            ],
            nothing="no differences",
        )
        if found and not dry_run:
            print("applied")

"""The command `coursewright`."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import structlog
import typer

from cli.client import Client
from cli.ending import end_on_signals, exit_with_message
from cli.exit_codes import ExitCode
from cli.operate import backup_commands, commands, dead_commands, event_commands, replay_command
from cli.operate.access import DataDirOption

app = typer.Typer(
    name="coursewright",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)


class Level(StrEnum):
    """For whom the course is."""

    beginner = "beginner"
    intermediate = "intermediate"
    advanced = "advanced"


class Way(StrEnum):
    """Which pathway is taught."""

    auto = "auto"
    complete = "complete"
    quickstart = "quickstart"
    task = "task"
    reference = "reference"


class EngineName(StrEnum):
    """What writes the course."""

    offline = "offline"
    anthropic = "anthropic"


@app.callback()
def _logs_to_standard_error() -> None:
    """Turn a Git repository's documentation into a course."""
    # Standard output belongs to results. The stream is looked up at each line: it can be another one by then.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@app.command()
def generate(
    repository: Annotated[str, typer.Argument(help="https URL, owner/repo on GitHub, or a local path")],
    ref: Annotated[str, typer.Option(help="Branch, tag or full commit; default branch if left out")] = "",
    level: Annotated[Level, typer.Option(help="For whom")] = Level.intermediate,
    info: Annotated[str, typer.Option(help="Anything the course should take into account")] = "",
    pathway: Annotated[Way, typer.Option(help="Which pathway on offer; auto: the widest")] = Way.auto,
    engine: Annotated[EngineName, typer.Option(help="What writes the course")] = EngineName.offline,
    out: Annotated[Path, typer.Option(help="Folder to write")] = Path("course"),
    title: Annotated[str, typer.Option(help="The course's title")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output")] = False,
    server: Annotated[str, typer.Option(help="Use this gateway [COURSEWRIGHT_SERVER]")] = "",
    data_dir: DataDirOption = None,
) -> None:
    """Make a course from a repository and write it as course.json, a site and a Markdown folder."""
    from cli.generate import GenerateRequest, check_out, check_repository
    from cli.generate import generate as run
    from cli.progress import reporter
    from shared.course.export.naming import minutes_in_words

    request = GenerateRequest(repository, out, ref, level.value, info, pathway.value, engine.value, title or "")
    end_on_signals()
    with exit_with_message(as_json):
        check_out(out)
        address = server or os.environ.get("COURSEWRIGHT_SERVER", "")
        if not address:  # what another machine's gateway can reach is for it to say
            check_repository(repository)
        with reporter() as show, _gateway(address, data_dir) as (client, still_whole):
            summary = run(client, request, show, still_whole)
    if as_json:
        print(json.dumps(summary, ensure_ascii=False, sort_keys=True))
    else:
        print(
            f"{summary['title']}: {summary['modules']} modules, {summary['items']} questions, "
            f"{minutes_in_words(summary['minutes'])}, "
            f"from {summary['documents_used']} of {summary['documents']} documents "
            f"in {summary['seconds']} s\n{out / 'site' / 'index.html'}"
        )
    if summary["status"] != "complete":
        print("some modules are incomplete; course.json says which and why", file=sys.stderr)
        raise typer.Exit(ExitCode.INCOMPLETE)


@app.command()
def up(
    data_dir: DataDirOption = None,
    port: Annotated[int, typer.Option(help="Port of the gateway on the loopback interface")] = 8400,
    processes: Annotated[bool, typer.Option(help="A process of its own for each stage")] = False,
) -> None:
    """Start the local stack and keep it running until Ctrl-C."""
    from cli.local.stack import LocalStack, default_data_dir

    end_on_signals()
    with exit_with_message():
        stack = LocalStack(data_dir or default_data_dir(), processes=processes, port=port)
        stack.start(must_be_ready=False)
        try:
            print(
                f"url    {stack.url}\ntoken  {stack.token}\nnats   {stack.subscriber_url}\ndata   {stack.data_dir}",
                flush=True,
            )
            if stack.not_ready:
                print(f"not ready: {stack.not_ready}; look at {stack.url}/readyz; Ctrl-C stops", file=sys.stderr)
            else:
                print(f"ready in {stack.seconds_to_ready:.1f} s; Ctrl-C stops", file=sys.stderr)
            stack.wait_until_broken()
        except KeyboardInterrupt:
            print("stopping", file=sys.stderr)
        finally:
            stack.stop()


@app.command()
def doctor(
    data_dir: DataDirOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output")] = False,
) -> None:
    """Say what this machine lacks."""
    from cli.doctor import examine
    from cli.local.stack import default_data_dir

    checks = examine(data_dir or default_data_dir())
    if as_json:
        print(json.dumps({check.name: {"ok": check.ok, "detail": check.detail} for check in checks}))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'FAIL'} {check.name:<14} {check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(ExitCode.UNAVAILABLE)


for command in (
    commands.stages, commands.cancel, commands.retry, backup_commands.backup, backup_commands.restore,
    replay_command.replay,
):  # fmt: skip
    app.command()(command)
app.add_typer(event_commands.events_app, name="events")
app.add_typer(dead_commands.dead_app, name="dead")
app.add_typer(commands.topology_app, name="topology")


@contextmanager
def _gateway(server: str, data_dir: Path | None) -> Iterator[tuple[Client, Callable[[], None]]]:
    """A client of the given gateway, or of a local stack that lives as long as the command; and its health."""
    if server:
        client = Client(server, os.environ.get("COURSEWRIGHT_TOKEN", ""))
        try:
            yield client, lambda: None
        finally:
            client.close()
        return
    from cli.local.stack import LocalStack, default_data_dir

    stack = LocalStack(data_dir or default_data_dir())
    stack.start()
    client = Client(stack.url, stack.token)
    try:
        yield client, stack.require_whole
    finally:
        client.close()
        stack.stop()


def main() -> None:
    """Entry point of the command."""
    app()


if __name__ == "__main__":
    main()

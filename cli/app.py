"""The command `coursewright`: its commands, and `up` and `doctor`. What is heavy is imported when it is needed."""

import json
import signal
import sys
import time
from typing import Annotated

import typer

from cli.credential_commands import credentials_app
from cli.ending import Commands, exit_with_message, log_to_standard_error
from cli.exit_codes import ExitCode
from cli.generate_command import generate
from cli.local.record import default_data_dir
from cli.operate import backup_commands, commands, dead_commands, event_commands, replay_command
from cli.operate.access import DataDirOption

app = typer.Typer(
    name="coursewright",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"coursewright {version('coursewright')}")
        raise typer.Exit


@app.callback()
def _begin(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit")
    ] = False,
) -> None:
    """Turn a Git repository's documentation into a course."""
    context.obj = context.obj or time.monotonic()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@app.command()
def up(
    data_dir: DataDirOption = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of the gateway on the loopback interface")] = 8400,
    processes: Annotated[bool, typer.Option(help="A process of its own for each stage")] = False,
) -> None:
    """Start the local stack and keep it running until Ctrl-C."""
    with exit_with_message(logs=False):
        folder = (data_dir or default_data_dir()).resolve()
        print(f"starting the local stack, data in {folder}", file=sys.stderr, flush=True)
        log_to_standard_error()
        from cli.local.stack import LocalStack

        stack = LocalStack(folder, processes=processes, port=port, stays=True, say=_say)
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
            signal.pause()
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
    with exit_with_message(as_json):
        from cli.doctor import examine

        checks = examine(data_dir or default_data_dir())
        if as_json:
            print(json.dumps({check.name: {"ok": check.ok, "detail": check.detail} for check in checks}))
        else:
            for check in checks:
                print(f"{'ok  ' if check.ok else 'FAIL'} {check.name:<14} {check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(ExitCode.UNAVAILABLE)


for command in (
    generate, commands.ask, commands.stages, commands.cancel, commands.retry, backup_commands.backup,
    backup_commands.restore, replay_command.replay,
):  # fmt: skip
    app.command()(command)
app.add_typer(credentials_app, name="credentials")
app.add_typer(event_commands.events_app, name="events")
app.add_typer(dead_commands.dead_app, name="dead")
app.add_typer(commands.topology_app, name="topology")

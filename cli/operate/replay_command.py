"""`coursewright replay`. Thin: what it does is in cli.operate.replay."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.ending import exit_with_message
from cli.exit_codes import ExitCode
from cli.operate.access import DatabaseOption, DataDirOption, JsonOption, NatsOption, Where
from cli.operate.output import print_json, print_table


def replay(
    until: Annotated[int | None, typer.Option(min=1, help="Only look: tables as of this sequence of COURSES")] = None,
    course: Annotated[str, typer.Option("--course", help="Only this course's rows, in the live tables")] = "",
    verify: Annotated[bool, typer.Option("--verify", help="Only compare, and throw the new tables away")] = False,
    back: Annotated[bool, typer.Option("--back", help="Take the tables before the last replay again")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take the new tables even if they differ, without asking")] = False,
    as_json: JsonOption = False, nats_url: NatsOption = "", database_url: DatabaseOption = "",
    data_dir: DataDirOption = None,
) -> None:  # fmt: skip
    """Build the read tables again from the log, compare them with the live ones, and swap them in."""
    from cli.operate.deeds import note_deed
    from cli.operate.replay import Asked, run

    def confirm(differences: list[dict[str, Any]]) -> bool:
        if yes:
            return True
        if not as_json:
            _print_differences(differences)
        return typer.confirm("The new tables differ from the live ones. Take them?", err=True)

    if sum([until is not None, bool(course), verify, back]) > 1:
        raise typer.BadParameter("--until, --course, --verify and --back each mean something else; give one")
    with exit_with_message(as_json):
        with Where(data_dir, "", nats_url, database_url).servers() as target:
            done = run(target, Asked(until, course, verify, back, confirm))
            if done["action"] in {"swapped", "put_back", "course_replaced"}:
                note_deed(target.data_dir, f"tables_{done['action']}", **done)
        print_json(done) if as_json else _print(done)
        if done["action"] in {"compared", "kept"} and done["differences"]:
            raise typer.Exit(ExitCode.FAILED)
        if done.get("defects"):
            raise typer.Exit(ExitCode.INCOMPLETE)


def _print(done: dict[str, Any]) -> None:
    if "events" in done and "seconds" in done:
        seconds = done["seconds"] + done["finishing_seconds"]
        print(f"{done['events']} events in {seconds:.1f} s, {done['events'] / max(seconds, 0.001):.0f} a second")
    match done["action"]:
        case "put_back":
            print(f"the tables before the last replay are live again, at {_places(done)}")
        case "course_replaced":
            print(f"course {done['course_id']}: rows built again from {done['events']} events")
            _print_defects(done["defects"])
        case "built":
            print(f"look at them in schema {done['schema']}, and `DROP SCHEMA {done['schema']} CASCADE` when you have")
        case "compared":
            print(f"compared at {_places(done)}: {'they differ' if done['differences'] else 'equal'}")
            _print_differences(done["differences"])
        case "kept":
            print("the live tables are as they were; the new ones are thrown away")
        case "swapped":
            print(f"live at {_places(done)}, swapped in {1000 * done['swap_seconds']:.0f} ms")
            if "differences" in done:
                print("`coursewright replay --back` takes the old ones again")
            else:
                print("there were no live tables: nothing was compared")


def _places(done: dict[str, Any]) -> str:
    """`COURSES 29`, and other streams after it."""
    return ", ".join(f"{stream} {seq}" for stream, seq in done["seqs"].items())


def _print_defects(defects: Sequence[dict[str, Any]]) -> None:
    if defects:
        print(f"{len(defects)} facts have no rows: repair what the reasons name, then build them again")
        print_table(["seq", "type", "reason"], [(one["seq"], one["type"], one["reason"]) for one in defects])


def _print_differences(differences: list[dict[str, Any]]) -> None:
    if differences:
        print_table(
            ["table", "rows live", "rows built", "first keys"],
            [(one["table"], *one["rows"], " ".join(one["keys"])) for one in differences],
        )

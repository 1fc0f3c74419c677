"""`coursewright generate`: what is typed, and what is printed. The work is in cli.generate."""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.credentials import take_token
from cli.ending import exit_with_message, log_to_standard_error
from cli.exit_codes import ExitCode
from cli.local.record import default_data_dir
from cli.operate.access import DataDirOption

if TYPE_CHECKING:  # imported on first use
    from cli.client import Client

Level = Literal["beginner", "intermediate", "advanced"]
Way = Literal["auto", "complete", "quickstart", "task", "reference"]
EngineName = Literal["offline", "anthropic", "openai"]


def generate(
    context: typer.Context,
    repository: Annotated[str, typer.Argument(help="https URL, owner/repo on GitHub, or a local path")] = "",
    source: Annotated[
        list[str] | None,
        typer.Option(help="A document (PDF, HTML, DOCX, EPUB), a lecture or its address, or the repository; repeat it"),
    ] = None,
    ref: Annotated[str, typer.Option(help="Branch, tag or full commit; default branch if left out")] = "",
    level: Annotated[Level, typer.Option(help="For whom")] = "intermediate",
    info: Annotated[str, typer.Option(help="Anything the course should take into account")] = "",
    pathway: Annotated[Way, typer.Option(help="Which pathway on offer; auto: by the level")] = "auto",
    engine: Annotated[EngineName, typer.Option(help="What writes the course")] = "offline",
    model: Annotated[str, typer.Option(help="The engine's model, one that the gateway allows")] = "",
    out: Annotated[Path, typer.Option(help="Folder to write")] = Path("course"),
    title: Annotated[str, typer.Option(help="The course's title")] = "",
    credential: Annotated[str, typer.Option(help="Name or id of a credential, for a private repository")] = "",
    git_credentials: Annotated[
        bool, typer.Option("--git-credentials", help="Take the token that git on this machine has for the host")
    ] = False,
    resume: Annotated[str, typer.Option(metavar="COURSE", help="Go on with a course that was canceled or failed")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output")] = False,
    server: Annotated[str, typer.Option(help="Use this gateway [COURSEWRIGHT_SERVER]")] = "",
    data_dir: DataDirOption = None,
) -> None:
    """Make a course from a repository, documents and lectures: course.json, a site and a Markdown folder."""
    repository, files, lectures = _sources([repository, *(source or [])])
    if bool(repository or files or lectures) == bool(resume):
        raise typer.BadParameter(
            "Name a repository, a document or a lecture, or with --resume a course that is there already"
        )
    if resume and (credential or git_credentials):
        raise typer.BadParameter("A course that goes on keeps its credential; `credentials add` gives that a new token")
    token = take_token(os.environ)
    with exit_with_message(as_json, logs=False) as ending:
        from cli.checks import check_files, check_out, check_repository

        address = server or os.environ.get("COURSEWRIGHT_SERVER", "")
        where = _where(server, data_dir)
        ending.options = ["--out", str(out), *where]
        check_out(out)
        check_files(files)
        if repository and not (address or resume):  # what another machine's gateway can reach is for it to say
            check_repository(repository)
        # The first word on the screen: what follows imports and starts for seconds.
        sources = [*([repository] if repository else []), *map(str, files), *lectures]
        begin = f"going on with {resume}" if resume else f"making a course from {', '.join(sources)}"
        print(begin, file=sys.stderr, flush=True)
        log_to_standard_error()
        from cli.exports import in_words, incomplete_in_words, next_command
        from cli.gateways import gateway
        from cli.generate import GenerateRequest
        from cli.generate import generate as run
        from cli.progress import reporter

        folder = (data_dir or default_data_dir()).resolve()
        with reporter(context.obj) as show, gateway(address, folder, show.say) as found:
            credential_id = _credential(found.client, repository, credential, "" if address else token, git_credentials)
            wanted = GenerateRequest(
                repository, out, ref, level, info, pathway, engine, title, resume, credential_id, model,
                files, lectures,
            )  # fmt: skip
            summary = run(found.client, wanted, show, found.health, ending)
        summary["seconds"] = round(time.monotonic() - context.obj, 1)
        print(json.dumps(summary, ensure_ascii=False, sort_keys=True) if as_json else in_words(summary), flush=True)
        if summary["incomplete"]:
            print(incomplete_in_words(summary), file=sys.stderr)
        if not as_json:
            print(f"Next: {next_command(summary, sources, where)}")
    if summary["incomplete"]:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _sources(named: Sequence[str]) -> tuple[str, tuple[Path, ...], tuple[str, ...]]:
    """The repository, "" for none, the files, and the addresses of lectures. Captions of a recording that is named too
    go with that. Raises BadParameter for two repositories.
    """
    from cli.checks import is_file_source, is_lecture_address, lecture_parts

    lectures = tuple(one for one in named if is_lecture_address(one))
    files = [Path(one).expanduser() for one in named if is_file_source(one) and one not in lectures]
    repositories = [one for one in named if one and not is_file_source(one) and one not in lectures]
    if len(repositories) > 1:
        raise typer.BadParameter("A course has at most one repository beside its files")
    beside = {part for file in files for name, part in lecture_parts(file).items() if name != "file"}
    return (repositories[0] if repositories else ""), tuple(file for file in files if file not in beside), lectures


def _credential(client: "Client", repository: str, name: str, token: str, ask_git: bool) -> str | None:
    """The id of the credential to use: the named one, else one that holds a token of this machine for the host."""
    from cli.checks import address_of, read_address
    from cli.credentials import HOST_VARIABLE, find_own, keep, named

    if name:
        return str(named(client, name)["credential_id"])
    if not repository or not (token or ask_git):
        return None
    address = read_address(address_of(repository))
    own = find_own(address, token, os.environ.get(HOST_VARIABLE, ""), ask_git=ask_git)
    if own is None:
        return None
    wanted = {"name": own.name, "host": address.authority, "token": own.token, "username": own.username}
    return str(keep(client, wanted)["credential_id"])


def _where(server: str, data_dir: Path | None) -> list[str]:
    """The options that a second command needs to find the same courses."""
    return (["--server", server] if server else []) + (["--data-dir", str(data_dir)] if data_dir else [])

"""`coursewright doctor`: what this machine lacks, before anything is started."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from cli.local.nats_server import find_binary, version_of
from cli.local.postgres_server import PostgresServer
from shared.events.base import EngineName
from shared.kernel.errors import CoursewrightError

_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def examine(data_dir: Path) -> list[Check]:
    """Look at Python, git, the two servers, the data folder, what hears recordings, and the models that are set."""
    return [
        Check("python", sys.version_info >= (3, 11), ".".join(map(str, sys.version_info[:3]))),
        _guarded("git", _git),
        _guarded("nats-server", lambda: ".".join(map(str, version_of(find_binary())))),
        _guarded("postgresql", lambda: _postgres(data_dir)),
        _guarded("data folder", lambda: _folder(data_dir)),
        _guarded("speech", _speech),
        _guarded("scans", _scans),
        _code(),
        *(_model(engine) for engine in get_args(EngineName) if engine != "offline"),
        _notifier(),
        _tutor(),
    ]


def _speech() -> str:
    """What is heard of recordings that have no captions. Not to hear any is no fault."""
    from shared.hearing.installed import NoEars, find_model

    folder = os.environ.get("TRANSCRIPTION_MODEL")
    try:
        found = find_model(Path(folder) if folder else None)
    except NoEars as error:
        if folder:
            raise
        return f"recordings without captions are not heard: {error.message}"
    if shutil.which("ffmpeg"):
        return f"recordings are heard with {found.parent.name}/{found.name}"
    return "MP3, WAV, FLAC and Ogg Vorbis are heard; ffmpeg, which is not on PATH, is needed for MP4, M4A, MOV and WebM"


def _scans() -> str:
    """Whether PDFs whose pages are pictures are read. Not to read any is no fault."""
    if program := shutil.which("tesseract"):
        return f"pages of PDFs that are pictures are read with {program}"
    return "PDFs whose pages are pictures are refused: tesseract is not on PATH"


def _code() -> Check:
    """Which languages programs of learners are run in. Not to run any is no fault: each is refused with the reason."""
    from shared.code.sandbox import Sandbox
    from shared.code.settings import CodeSettings

    settings = CodeSettings()
    runner = settings.runner()
    if not isinstance(runner, Sandbox):
        return Check("code", True, f"programs are run by {settings.code_runner_url}")
    try:
        result = asyncio.run(runner.run("python", "", ""))
    except CoursewrightError as error:
        return Check("code", True, f"programs of learners are not run: {error.message}")
    lacks = "" if "javascript" in runner.languages else "; JavaScript needs node on PATH"
    return Check("code", result.verdict == "finished", f"{', '.join(sorted(runner.languages))} are run here{lacks}")


def _model(engine: EngineName) -> Check:
    """Whether the engine's model can be asked, at no cost. Not to have one is no fault."""
    from shared.engine.model.ready import look
    from shared.kernel.settings import ModelSettings

    settings = ModelSettings()
    try:
        model = asyncio.run(look(settings, engine, ""))
    except CoursewrightError as error:
        return Check(engine, error.code == "engine_not_configured", error.message)
    return Check(engine, True, f"the model {model} can be asked")


def _notifier() -> Check:
    """Who would be told, and whether that is written as it has to be. Nothing is sent; to tell nobody is no fault."""
    from pydantic import ValidationError

    from services.notifier.settings import NotifierSettings

    try:
        settings = NotifierSettings(blob_store_url="memory:")
    except ValidationError as error:
        return Check("notifier", False, "; ".join(str(one["msg"]) for one in error.errors(include_input=False)))
    told = {"slack": settings.slack_webhook_url or settings.slack_webhook_urls, "mail": settings.smtp_url}
    return Check("notifier", True, f"tells {' and '.join(name for name, one in told.items() if one) or 'nobody'}")


def _tutor() -> Check:
    """Who answers learners, at no cost. Without a model passages of the course do, which is no fault."""
    from services.tutor.settings import TutorSettings
    from shared.classroom.tutored import TutorEngineSettings
    from shared.engine.model.prices import Prices
    from shared.engine.model.ready import look

    if TutorEngineSettings().tutor_engine == "offline":
        return Check("tutor", True, "answers learners with passages of the course; TUTOR_ENGINE lets a model answer")
    settings = TutorSettings(blob_store_url="memory:")
    chosen = dict.fromkeys((settings.tutor_model, settings.tutor_grading_model or settings.tutor_model))
    try:
        models = [asyncio.run(look(settings, settings.tutor_engine, one)) for one in chosen]
    except CoursewrightError as error:
        return Check("tutor", False, error.message)
    free = [one for one in models if not Prices(settings.engine_prices).is_known(one)]
    bound = f"; without a price in ENGINE_PRICES no budget bounds {' and '.join(free)}" if free else ""
    return Check("tutor", True, f"learners are answered by {' and '.join(models)}{bound}")


def _guarded(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except (CoursewrightError, OSError, subprocess.SubprocessError) as error:
        return Check(name, False, str(error))


def _git() -> str:
    binary = shutil.which("git")
    if binary is None:
        raise OSError("git is not on PATH; install git 2.37 or newer")
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    if tuple(int(part) for part in version.split(".")[:2]) < (2, 37):
        raise OSError(f"git {version} is too old; install git 2.37 or newer")
    return version


def _postgres(data_dir: Path) -> str:
    server = PostgresServer(data_dir)
    done = subprocess.run(
        [server.binary, "--version"], capture_output=True, text=True, check=True, user=server.process.user
    )
    return f"{done.stdout.split()[-1]}, data in {server.data}"


def _folder(data_dir: Path) -> str:
    existing = next(path for path in [data_dir, *data_dir.parents] if path.exists())
    if not os.access(existing, os.W_OK):
        raise OSError(f"{existing} cannot be written")
    free = shutil.disk_usage(existing).free
    if free < _FREE_BYTES:
        raise OSError(f"only {free // 2**20} MiB are free at {existing}")
    return f"{data_dir} ({free // 2**30} GiB free)"

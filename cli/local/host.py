"""A child process of the local stack: the gateway with the projector, the classroom and the notifier
(`gateway`), the gateway with the classroom alone (`api`), or one of the others.

`python -m cli.local.host gateway|api|projector|classroom|notifier|tutor`, or `… stages NAME…`. It imports first,
then waits for a line on standard input (the servers are up and provisioned), so that start-up times overlap. It ends
when that pipe closes.
"""

import asyncio
import contextlib
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

Main = Callable[[asyncio.Event], Awaitable[None]]


def _stages(names: list[str]) -> Main:
    from shared.kernel.settings import StageSettings
    from shared.stage.app import stage_app

    specs = [importlib.import_module(f"services.{name}.app").SPEC for name in names]

    async def main(stopping: asyncio.Event) -> None:
        app = stage_app(specs, StageSettings())
        await app.start()
        await stopping.wait()
        await app.stop()

    return main


def _gateway(name: str) -> Main:
    from services.gateway.host import project, serve, serve_only

    if name == "projector":
        return project
    return partial(_with_notifier, serve) if name == "gateway" else partial(_with_classroom, serve_only)


def _classroom() -> Main:
    from services.classroom.host import serve

    return serve


def _notifier() -> Main:
    from services.notifier.host import serve

    return serve


def _tutor() -> Main:
    from services.tutor.host import serve

    return serve


async def _with_notifier(serve: Callable[..., Awaitable[None]], stopping: asyncio.Event) -> None:
    """The gateway with the classroom, and the notifier beside it: where one of them cannot begin, the process ends."""
    from services.notifier.host import work_beside

    works = {asyncio.create_task(_with_classroom(serve, stopping)), asyncio.create_task(work_beside(stopping))}
    await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
    stopping.set()
    await asyncio.gather(*works)


async def _with_classroom(serve: Callable[..., Awaitable[None]], stopping: asyncio.Event) -> None:
    """The gateway, and the classroom behind the same port. Where sessions have no key, there is no classroom."""
    from cli.local.mounted import Mounted
    from services.classroom.host import connected
    from services.classroom.settings import ClassroomSettings

    settings = ClassroomSettings() if os.environ.get("SESSION_KEYS") else None
    if settings is None or not settings.classroom_prefix:
        await serve(stopping)
        return
    async with connected(settings) as classroom:
        await serve(stopping, partial(Mounted, prefix=settings.classroom_prefix, mounted=classroom))


async def _run_and_leave(main: Main, flushes: Iterable[Callable[[], None]]) -> None:
    """Run, then end the process at once. Threads may still sit in a model, and tasks may refuse to be canceled, such as
    those of a NATS client that looks for its server; everything that matters is stored.
    """
    code = 1
    try:
        await _run(main)
        code = 0
    except Exception:  # noqa: BLE001 - the interpreter would print it, and then wait for those tasks
        traceback.print_exc()
    finally:
        for flush in flushes:
            flush()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


async def _run(main: Main) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    # A thread nobody waits for: a service that fails must end, and not stand still until this pipe closes.
    threading.Thread(target=_wait_for_end, args=(loop, stopping), daemon=True).start()
    await main(stopping)


def _wait_for_end(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):  # past the buffer, whose lock the end of the interpreter would wait for
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stopping.set)


def main(arguments: list[str]) -> None:
    """Import, wait for the word, serve."""
    from shared.kernel.descriptors import raise_descriptor_limit
    from shared.kernel.logging import configure_logging, flush_reports
    from shared.kernel.tracing import configure_tracing, flush_traces

    raise_descriptor_limit()
    service = arguments[-1] if len(arguments) <= 2 else arguments[0]
    configure_logging(service)
    configure_tracing(service)
    match arguments[0]:
        case "stages":
            work = _stages(arguments[1:])
        case "classroom":
            work = _classroom()
        case "notifier":
            work = _notifier()
        case "tutor":
            work = _tutor()
        case name:
            work = _gateway(name)
    if sys.stdin.buffer.readline():
        asyncio.run(_run_and_leave(work, (flush_traces, flush_reports)))


if __name__ == "__main__":
    main(sys.argv[1:])

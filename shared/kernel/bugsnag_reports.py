"""Reports of errors to Bugsnag."""

import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

from bugsnag.client import Client
from bugsnag.configuration import Configuration

from shared.kernel.error_reports import FLUSH_SECONDS, Report


class BugsnagReports:
    """See Reporter. The SDK hooks into nothing: it sends what it is given."""

    def __init__(self, api_key: str, endpoint: str, service: str) -> None:
        configuration = Configuration()  # type: ignore[no-untyped-call]
        configuration.configure(  # type: ignore[no-untyped-call]
            api_key=api_key, auto_notify=False, auto_capture_sessions=False, send_code=False, hostname="",
            max_breadcrumbs=0, app_type=service, asynchronous=False, **({"endpoint": endpoint} if endpoint else {}),
        )  # fmt: skip
        self._client = Client(configuration, install_sys_hook=False, configure=False)
        self._sending = ThreadPoolExecutor(1, "bugsnag")  # the SDK's own threads cannot be waited for

    def send(self, report: Report) -> None:
        """See Reporter.send. The exception itself stays here: its message may quote anything."""
        told = type(report.error or report.event, (Exception,), {"__module__": "builtins"})(report.event)
        facts = {"facts": {"logger": report.logger, **report.facts}}
        self._sending.submit(
            self._client.notify, told, traceback=report.traceback, context=report.event, severity="error",
            metadata=facts,
        )  # fmt: skip

    def flush(self) -> None:
        with contextlib.suppress(TooLate):
            self._sending.submit(lambda: None).result(FLUSH_SECONDS)


def open_reporter(environment: Mapping[str, str], service: str) -> BugsnagReports:
    """See error_reports.open_reporters."""
    return BugsnagReports(environment["BUGSNAG_API_KEY"], environment.get("BUGSNAG_ENDPOINT", ""), service)

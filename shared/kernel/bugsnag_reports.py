"""Reports of errors to Bugsnag."""

from collections.abc import Mapping

from bugsnag import Client, Configuration

from shared.kernel.error_reports import Report


class BugsnagReports:
    """See Reporter. The SDK hooks into nothing: it sends what it is given."""

    def __init__(self, api_key: str, endpoint: str, service: str) -> None:
        configuration = Configuration()
        configuration.configure(
            api_key=api_key, auto_notify=False, auto_capture_sessions=False, send_code=False, hostname="",
            max_breadcrumbs=0, app_type=service, **({"endpoint": endpoint} if endpoint else {}),
        )  # fmt: skip
        self._client = Client(configuration, install_sys_hook=False)

    def send(self, report: Report) -> None:
        """See Reporter.send. The exception itself stays here: its message may quote anything."""
        told = type(report.error or report.event, (Exception,), {})(report.event)
        self._client.notify(
            told, traceback=report.traceback, context=report.event, severity="error",
            metadata={"facts": dict(report.facts)},
        )  # fmt: skip

    def flush(self) -> None:
        """See Reporter.flush."""
        self._client.configuration.delivery.wait() if hasattr(self._client.configuration.delivery, "wait") else None


def open_reporter(environment: Mapping[str, str], service: str) -> BugsnagReports:
    """See error_reports.open_reporters."""
    return BugsnagReports(environment["BUGSNAG_API_KEY"], environment.get("BUGSNAG_ENDPOINT", ""), service)

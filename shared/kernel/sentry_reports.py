"""Reports of errors to Sentry."""

from collections.abc import Mapping

import sentry_sdk

from shared.kernel.error_reports import FLUSH_SECONDS, Report


class SentryReports:
    """See Reporter. The SDK hooks into nothing: it sends what it is given."""

    def __init__(self, dsn: str, service: str) -> None:
        sentry_sdk.init(
            dsn=dsn, default_integrations=False, auto_enabling_integrations=False,
            include_local_variables=False, include_source_context=False, max_breadcrumbs=0, server_name="",
            auto_session_tracking=False,
        )  # fmt: skip
        self._service = service

    def send(self, report: Report) -> None:
        frames = [{"module": module, "function": name, "lineno": line} for module, name, line in report.places()]
        raised = {"type": report.error or report.event, "value": report.event, "stacktrace": {"frames": frames}}
        sentry_sdk.capture_event({
            "level": "error", "logger": report.logger, "transaction": report.event,
            "tags": {**report.facts, "service": self._service}, "exception": {"values": [raised]},
        })  # fmt: skip

    def flush(self) -> None:
        sentry_sdk.flush(timeout=FLUSH_SECONDS)


def open_reporter(environment: Mapping[str, str], service: str) -> SentryReports:
    """See error_reports.open_reporters."""
    return SentryReports(environment["SENTRY_DSN"], service)

"""The notifier's process."""

import asyncio
import contextlib
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier import store
from services.notifier.channels import Channel, Mail, Slack
from services.notifier.core import Topic
from services.notifier.settings import NotifierSettings
from services.notifier.worker import Habits, Notifier
from shared.engine.model.traces import CallTraces
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.events.registry import CLASSROOM, DAY, REGISTRY
from shared.kernel.beside import beside
from shared.kernel.blobs import open_backend
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.probe import serve_probe
from shared.readmodels.engine import open_engine
from shared.readmodels.projected import Projected
from shared.sources.posting import Posting

_FIGURES_SECONDS = 15.0
_TOPICS: tuple[Topic, ...] = ("people", "schools", "courses", "usage", "alerts")


def channels_of(settings: NotifierSettings) -> dict[str, Channel]:
    """The channels that are set."""
    found: dict[str, Channel] = {}
    urls = dict.fromkeys(_TOPICS, settings.slack_webhook_url) | settings.slack_webhook_urls
    slack = {topic: url.get_secret_value() for topic, url in urls.items() if url is not None}
    if slack:
        found["slack"] = Slack(slack, Posting(settings.notice_timeout_seconds, settings.allow_private_webhooks))
    if settings.smtp_url is not None:
        found["mail"] = Mail(
            settings.smtp_url.get_secret_value(), settings.mail_from, tuple(settings.mail_to),
            frozenset(settings.mail_topics), settings.notice_timeout_seconds,
        )  # fmt: skip
    return found


async def serve(stopping: asyncio.Event) -> None:
    """Work until `stopping` is set, and serve health and figures."""
    watch = LoopWatch()
    async with watch.running():
        await _work(NotifierSettings(), stopping, watch)


async def work_beside(stopping: asyncio.Event) -> None:
    """The same in a process that serves its own health."""
    settings = NotifierSettings()
    await _work(settings.model_copy(update={"metrics_port": 0}), stopping, LoopWatch())


async def _work(settings: NotifierSettings, stopping: asyncio.Event, watch: LoopWatch) -> None:
    settings = settings.as_notifier()
    nc = await connect(settings.nats_url, "notifier")
    try:
        async with open_engine(settings) as engine:
            log = JetStreamFollowed(nc, aggregate=DAY, known=REGISTRY)
            traces = CallTraces(open_backend(settings.blob_store_url))
            projected = Projected(engine, CLASSROOM, log.end)
            notifier = Notifier(log, engine, projected, channels_of(settings), traces, habits_of(settings))
            figures = _Figures(engine)

            async def checks() -> Mapping[str, str]:
                return {"database": "ok" if await figures.read() else "away"}

            probe = serve_probe(settings, watch, checks, figures.registry)
            async with probe, beside(projected.run(), notifier.run(), figures.run()):
                await stopping.wait()
    finally:
        await nc.close()


def habits_of(settings: NotifierSettings) -> Habits:
    """What the settings say of schedules and limits."""
    return Habits(
        settings.notice_retry_seconds, settings.due_seconds, settings.daily_hour,
        dict.fromkeys(settings.disk_alert_folders if settings.disk_alert_bytes else (), settings.disk_alert_bytes),
        settings.trace_days,
    )  # fmt: skip


class _Figures:
    """How many notices there are."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.registry = CollectorRegistry()
        self._notices = Gauge(
            "coursewright_notices", "Notices of the last thirty days", ["status"], registry=self.registry
        )

    async def run(self) -> None:
        """Read them again and again, until cancelled."""
        while True:
            await self.read()
            await asyncio.sleep(_FIGURES_SECONDS)

    async def read(self) -> bool:
        """Whether the database answers."""
        with contextlib.suppress(SQLAlchemyError, OSError):
            async with self._engine.connect() as connection:
                found = await store.count(connection)
            for status in ("pending", "sending", "sent", "unclear", "dead", "void"):
                self._notices.labels(status).set(found.get(status, 0))
            return True
        return False

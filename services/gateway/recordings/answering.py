"""Answers the stage that fetches lectures."""

from functools import partial

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError

from services.gateway.recordings.links import Links
from shared.kernel.errors import CoursewrightError
from shared.kernel.logging import error_facts
from shared.sources.recordings import FETCHED, LINK

log = structlog.get_logger(__name__)

_TOGETHER = "gateway"  # of several gateways one answers


async def answer_fetching(nc: Client, links: Links) -> None:
    """Answer from now on, as long as the connection lasts."""
    for subject in (LINK, FETCHED):
        await nc.subscribe(subject, queue=_TOGETHER, cb=partial(_answer, links, subject))


async def _answer(links: Links, subject: str, message: Msg) -> None:
    """A question that cannot be answered now has no answer, and the stage asks again later."""
    try:
        await message.respond(await links.answer(subject, message.data))
    except (CoursewrightError, ValidationError, nats.errors.Error) as error:
        log.warning("fetching_not_answered", subject=subject, **error_facts(error))

"""How a message leaves: Slack's incoming webhook, and mail by SMTP. Each attempt says whether something went out."""

import asyncio
import json
import smtplib
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifier.core import Outcome, Topic
from services.notifier.store import Due
from shared.sources.posting import Answered, Posting

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LONGEST_SUBJECT = 120
_SMTP_STEPS = 12  # connect, greet, encrypt, sign in, and tell: each waits for an answer
_SMTP_PORTS = {"smtp": 25, "smtps": 465}
_TAKEN, _REFUSED, _LATER = 200, 400, 503  # as an HTTP server would say it
_REFUSALS = range(500, 600)

Mark = Callable[[], Awaitable[None]]


class Channel(Protocol):
    """A way to tell. `topics` are those it takes; an attempt is over after `attempt_seconds`."""

    @property
    def topics(self) -> frozenset[Topic]: ...

    @property
    def attempt_seconds(self) -> float: ...

    async def send(self, due: Due, words: str, mark: Mark) -> Outcome:
        """Make one attempt. `mark` is called just before something of the message goes out."""
        ...


class _Marked:
    """A mark that remembers whether it was set."""

    def __init__(self, mark: Mark) -> None:
        self._mark, self.is_set = mark, False

    async def __call__(self) -> None:
        await self._mark()
        self.is_set = True


@dataclass(frozen=True)
class Slack:
    """Incoming webhooks by topic: their addresses are secrets."""

    urls: Mapping[Topic, str] = field(repr=False)
    posting: Posting

    @property
    def topics(self) -> frozenset[Topic]:
        return frozenset(self.urls)

    @property
    def attempt_seconds(self) -> float:
        return self.posting.timeout_seconds

    async def send(self, due: Due, words: str, mark: Mark) -> Outcome:
        """See Channel.send. What people write is escaped: it must not call a channel together or make a link."""
        marked = _Marked(mark)
        url = next(url for topic, url in self.urls.items() if topic == due.topic)
        async with self.posting.client() as client:
            body = json.dumps({"text": words.translate(_ESCAPES)})
            return Outcome(await self.posting.post(client, url, body, before_writing=marked), marked.is_set)


@dataclass(frozen=True)
class Mail:
    """Mail to the operators. `url`: `smtp://user:password@host:port` (with STARTTLS where the server has it), or
    `smtps://…`.
    """

    url: str = field(repr=False)
    sender: str
    to: tuple[str, ...]
    topics: frozenset[Topic]
    timeout_seconds: float  # of each step

    @property
    def attempt_seconds(self) -> float:
        return _SMTP_STEPS * self.timeout_seconds

    async def send(self, due: Due, words: str, mark: Mark) -> Outcome:
        """See Channel.send. A server that is asked to take the same message twice knows it by its id."""
        marked = _Marked(mark)
        try:
            server = await asyncio.to_thread(self._open)
            try:
                await marked()
                await asyncio.to_thread(server.send_message, self._message(due, words))
                return Outcome(Answered(_TAKEN), written=True)
            finally:
                await asyncio.to_thread(server.close)
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            return Outcome(Answered(_REFUSED if codes <= {*_REFUSALS} else _LATER, _told(error)), marked.is_set)
        except smtplib.SMTPResponseException as error:
            return Outcome(Answered(_REFUSED if error.smtp_code in _REFUSALS else _LATER, _told(error)), marked.is_set)
        except (smtplib.SMTPException, OSError) as error:
            return Outcome(Answered(None, _told(error)), marked.is_set)

    def _open(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        server = self._connect(parts)
        try:
            if parts.scheme == "smtp" and server.ehlo()[0] and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _connect(self, parts: SplitResult) -> smtplib.SMTP:
        host, port = parts.hostname or "", parts.port or _SMTP_PORTS[parts.scheme]
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=self.timeout_seconds, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=self.timeout_seconds)

    def _message(self, due: Due, words: str) -> EmailMessage:
        message = EmailMessage()
        subject = "".join(one if one.isprintable() else " " for one in words.partition("\n")[0])
        message["Subject"], message["From"], message["To"] = subject[:_LONGEST_SUBJECT], self.sender, ", ".join(self.to)
        message["Message-ID"] = f"<{due.event_id.replace(':', '-').replace('/', '-')}@coursewright>"
        message["Date"] = due.happened_at
        message.set_content(words)
        return message


def _told(error: Exception) -> str:
    """What may be written down: a server's answer may name people."""
    code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"

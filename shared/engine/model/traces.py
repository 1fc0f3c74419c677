"""Calls of models as spans, by OpenInference's names: one for each call, gathered into files by day of UTC.

A span has numbers and ids and no words. `answer_key` names the stored answer, which goes with the last course that uses
it. A writer puts each span in a blob of its own, so writers need nothing of one another; one process gathers them.
"""

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import structlog

from shared.kernel.blob_stores import BlobBackend
from shared.kernel.errors import CoursewrightError
from shared.kernel.logging import error_facts
from shared.kernel.tracing import current_trace_id

if TYPE_CHECKING:  # who gathers needs nothing of models
    from shared.engine.model.provider import Tokens

log = structlog.get_logger(__name__)

_FOLDER, _PARTS = "traces/", "traces/parts/"
_CONVERSATION = "gen_ai.conversation.id"
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class Call:
    """A call that ended. `ending` is that of the reply, or the code of the error; then `tokens` is None. A call for a
    conversation names it by an id that says nothing of the person: spans outlive a person for up to TRACE_DAYS.
    """

    provider: str
    model: str
    run_id: str
    answer_key: str
    began: datetime
    ended: datetime
    ending: str
    tokens: "Tokens | None"
    conversation_id: str = ""

    def span(self) -> dict[str, Any]:
        """As it is written."""
        attributes: dict[str, Any] = {
            "openinference.span.kind": "LLM", "llm.provider": self.provider, "llm.system": self.provider,
            "llm.model_name": self.model, "session.id": self.conversation_id or self.run_id,
            "metadata": json.dumps({"answer_key": self.answer_key, "ending": self.ending}),
        }  # fmt: skip
        if (used := self.tokens) is not None:
            prompt = used.fresh + used.written + used.read
            attributes |= {
                "llm.token_count.prompt": prompt, "llm.token_count.completion": used.output,
                "llm.token_count.total": used.total, "llm.token_count.prompt_details.cache_read": used.read,
                "llm.token_count.prompt_details.cache_write": used.written,
            }  # fmt: skip
        if self.conversation_id:
            attributes[_CONVERSATION] = self.conversation_id
        return {
            "name": f"chat {self.model}",
            "context": {"trace_id": current_trace_id() or secrets.token_hex(16), "span_id": secrets.token_hex(8)},
            "start_time": self.began.isoformat(), "end_time": self.ended.isoformat(),
            "status_code": "ERROR" if self.tokens is None else "OK", "attributes": attributes,
        }  # fmt: skip


class CallTraces:
    """The spans of all processes, in the blob store: `traces/<day>/….jsonl`, those of a conversation together in
    `traces/<day>/conversations/<id>/….jsonl`.
    """

    def __init__(self, backend: BlobBackend) -> None:
        self._backend = backend

    async def note(self, call: Call) -> None:
        """Keep a call. A store that refuses it fails no work: the span is left out, and the log says so."""
        span = call.span()
        key = f"{_PARTS}{call.ended.astimezone(UTC).date()}/{span['context']['span_id']}"
        try:
            await self._backend.put(key, json.dumps(span).encode())
        except CoursewrightError as error:
            log.warning("call_not_traced", **error_facts(error))

    async def gather(self, until: date) -> None:
        """Bring the calls up to and with a day into the files of their days. What was interrupted is made whole: no
        call is left out, and none is there twice.
        """
        for folder in await self._backend.folders(_PARTS):
            day = folder.rstrip("/").rpartition("/")[2]
            if day <= until.isoformat():
                await self._gather_day(day)

    async def _gather_day(self, day: str) -> None:
        have = {span["context"]["span_id"] for span in await self._read(await self._files(day))}
        parts = await self._backend.keys(f"{_PARTS}{day}/")
        fresh = [part for part in parts if part.rpartition("/")[2] not in have]
        by_folder: dict[str, dict[str, bytes]] = {}
        for part in fresh:
            line = await self._backend.get(part)
            conversation = str(json.loads(line)["attributes"].get(_CONVERSATION, ""))
            folder = conversation and f"conversations/{_NO_NAME.sub('_', conversation)}/"
            by_folder.setdefault(folder, {})[part] = line
        for folder, lines in by_folder.items():
            name = sha256("\n".join(lines).encode()).hexdigest()[:16]
            await self._backend.put(f"{_FOLDER}{day}/{folder}{name}.jsonl", b"\n".join((*lines.values(), b"")))
        for part in parts:
            await self._backend.delete(part)

    async def count(self, day: date) -> dict[str, int]:
        """How many calls each model had on a day, as far as they were gathered."""
        spans = await self._read(await self._files(day.isoformat()))
        return dict(Counter(str(span["attributes"]["llm.model_name"]) for span in spans))

    async def sweep(self, before: date) -> None:
        """Take away the files of the days before a day."""
        for folder in await self._backend.folders(_FOLDER):
            day = folder.rstrip("/").rpartition("/")[2]
            if day[:1].isdigit() and day < before.isoformat():
                await self._backend.delete_prefix(f"{_FOLDER}{day}/")

    async def _files(self, day: str) -> list[str]:
        return await self._backend.keys(f"{_FOLDER}{day}/")

    async def _read(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        texts = [await self._backend.get(key) for key in keys]
        return [json.loads(line) for text in texts for line in text.splitlines()]

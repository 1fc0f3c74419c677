"""`python -m bench.tokens NAME=PATH_OR_URL …`: tokens that a course sends to a model, and those of four plain stages.

A local server stands for the model. Plain stages send each document four times, each module six times and the
list of all sections six times, and cache nothing; their own instructions are not counted. A token that the provider has
in its cache counts as a tenth in `share`, as in its prices. Tokens are those of the
tokenizer that the offline engine has. Exits 1 when a course sends more than its share, caches aside.
"""

import asyncio
import json
import os
import re
import sys
from contextlib import closing
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bench.analysis import read_facts
from bench.courses import fresh_folder
from bench.run import named
from cli.client import Client
from cli.generate import GenerateRequest, generate
from cli.local.stack import LocalStack
from cli.progress import Lines
from shared.engine.payloads import DocumentInputs
from shared.events.gateway import DocsAnalysisRequested
from shared.kernel.blobs import Blobs, open_backend
from tests.support.model_server import ModelServer

MOST = 0.4
_TIMES = {"documents": 4, "modules": 6, "outline": 6}
_FORMS = {"modules": "LessonAnswer", "outline": "PathwaysAnswer"}
_MOST_WORDS = 20_000
_LEAST_CACHED = 1024  # tokens that a beginning must have
_CACHED = 0.1  # of the price of a token that is read anew
_SOURCE = re.compile(r"<source>\n(.*?)\n</source>", re.DOTALL)
_NUMBER = re.compile(r"^(?:#+ )?\[[hb]?\d+\] ", re.MULTILINE)


class Counter:
    """Counts tokens."""

    def __init__(self) -> None:
        folder = Path(str(distribution("wordllama").locate_file("wordllama/tokenizers")))
        self._tokenizer = Tokenizer.from_file(str(folder / "l2_supercat_tokenizer_config.json"))

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def measure(folder: Path, repository: str) -> dict[str, Any]:
    """A course by a server that answers, and once more."""
    with ModelServer(folder / "ledger").running() as server:
        os.environ |= {"OPENAI_BASE_URL": server.chat_url, "OPENAI_MODEL": "counted"}
        with LocalStack(folder / "data").running() as stack, closing(Client(stack.url, stack.token)) as client:
            made = generate(client, GenerateRequest(repository, folder / "out", engine="openai"), Lines())
            calls = server.calls
            generate(client, GenerateRequest(repository, folder / "again", engine="openai"), Lines())
            again = server.calls - calls
            texts = asyncio.run(_documents(stack.nats_url("operator"), stack.blob_store_url, made["course_id"]))
    counter = Counter()
    sent, cached = _sent(server.requests, counter)
    once = {
        "documents": sum(map(counter.count, texts)),
        **{what: sum(map(counter.count, _material(server.requests, form))) for what, form in _FORMS.items()},
    }
    plain = sum(_TIMES[what] * tokens for what, tokens in once.items())
    return {
        "calls": calls, "calls_again": again, "modules_written": made["modules"], "once": once, "plain": plain,
        "sent": sent, "cached": cached, "share_sent": round(sent / plain, 3),
        "share": round((sent - cached + _CACHED * cached) / plain, 3),
    }  # fmt: skip


def _sent(requests: list[dict[str, Any]], counter: Counter) -> tuple[int, int]:
    """All tokens, and those among them that providers have in their caches: beginnings that were sent before."""
    sent = cached = 0
    seen: list[str] = []
    for request in requests:
        text = "\n".join(message["content"] for message in request["messages"])
        shared = (os.path.commonprefix([text, earlier]) for earlier in seen)  # noqa: RUF071 - these are no paths
        beginning = max(shared, key=len, default="")
        tokens = counter.count(beginning)
        sent += counter.count(text)
        cached += tokens if tokens >= _LEAST_CACHED else 0
        seen.append(text)
    return sent, cached


async def _documents(nats_url: str, blob_store_url: str, course_id: str) -> list[str]:
    """The texts of the documents of a course, each cut as the plain stages cut it."""
    facts = await read_facts(nats_url, course_id)
    request = next(fact.event for fact in facts if isinstance(fact.event, DocsAnalysisRequested))
    blobs = Blobs(open_backend(blob_store_url))
    inputs = (await blobs.get_model(request.documents, DocumentInputs)).documents
    texts = [(await blobs.get(one.blob)).decode("utf-8", "replace") for one in inputs]
    return ["".join(re.findall(r"\S+\s*", text)[:_MOST_WORDS]) for text in texts]


def _material(requests: list[dict[str, Any]], form: str) -> set[str]:
    """The material of the questions of one form, each once and without its numbers."""
    asked = (one for one in requests if one["response_format"]["json_schema"]["name"] == form)
    return {_NUMBER.sub("", _SOURCE.findall(one["messages"][1]["content"])[-1]) for one in asked}


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when a course sends more than its share."""
    measured = {}
    for name, repository in map(named, arguments):
        with fresh_folder() as folder:
            measured[name] = measure(folder, repository)
        print(json.dumps({name: measured[name]}), flush=True)
    return 1 if any(one["share_sent"] > MOST for one in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

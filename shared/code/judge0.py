"""Programs run by a Judge0 server that the operator names."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import httpx

from shared.code.port import Case, CodeLimits, CodeRefused, Result, RunLanguage, Verdict, judge
from shared.kernel.errors import TransientError

_LANGUAGES: Final[Mapping[RunLanguage, int]] = {"javascript": 63, "python": 71, "sql": 82}
_ACCEPTED, _TOO_SLOW, _BROKEN = 3, 5, {13, 14}
_WAITING_SECONDS = 30.0
_FIELDS = "stdout,stderr,compile_output,message,time,memory,status,exit_code"


class Judge0:
    """`token` is sent as X-Auth-Token."""

    def __init__(self, url: str, token: str, limits: CodeLimits) -> None:
        self._url, self._limits = url.rstrip("/"), limits
        self._headers = {"X-Auth-Token": token} if token else {}

    async def run(self, language: RunLanguage, source: str, stdin: str, cases: Sequence[Case] = ()) -> Result:
        """See Runner."""
        return await judge(partial(self._once, language, source), stdin, cases, 2 * self._limits.seconds)

    async def _once(self, language: RunLanguage, source: str, stdin: str) -> Result:
        limits = self._limits
        asked = {
            "language_id": _LANGUAGES[language], "source_code": _packed(source), "stdin": _packed(stdin),
            "cpu_time_limit": limits.processor_seconds, "wall_time_limit": limits.seconds,
            "memory_limit": limits.memory_bytes // 1024, "max_processes_and_or_threads": limits.processes,
            "max_file_size": limits.disk_bytes // 1024, "enable_network": False,
        }  # fmt: skip
        query = {"base64_encoded": "true", "wait": "true", "fields": _FIELDS}
        try:
            async with httpx.AsyncClient(headers=self._headers, timeout=limits.seconds + _WAITING_SECONDS) as client:
                answer = await client.post(f"{self._url}/submissions", params=query, json=asked)
                said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise TransientError("The server that runs programs does not answer", code="code_away") from error
        if answer.status_code in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}:
            raise TransientError("The server that runs programs is busy", code="code_away")
        if not answer.is_success:
            raise CodeRefused(f"The server that runs programs refuses this with status {answer.status_code}")
        return self._result(said)

    def _result(self, said: Mapping[str, Any]) -> Result:
        number = said["status"]["id"]
        if number in _BROKEN:
            raise TransientError("The server that runs programs has failed", code="code_away")
        most = self._limits.output_bytes
        out = _unpacked(said.get("stdout"))
        error = _unpacked(said.get("stderr")) or _unpacked(said.get("compile_output"))
        verdict: Verdict = "runtime_error"
        if max(len(out), len(error)) > most:
            verdict = "output_limit"
        elif number == _ACCEPTED:
            verdict = "finished"
        elif number == _TOO_SLOW:
            verdict = "time_limit"
        stdout, stderr = (text[:most].decode(errors="replace") for text in (out, error))
        memory = int(said.get("memory") or 0) * 1024
        return Result(verdict, stdout, stderr, said.get("exit_code"), float(said.get("time") or 0), memory)


def _packed(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()


def _unpacked(text: str | None) -> bytes:
    return base64.b64decode(text or "")

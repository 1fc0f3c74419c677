"""The REST API as the command line uses it."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

import httpx

from cli.failures import ApiError, GatewayAway
from shared.kernel.errors import PermanentError
from shared.kernel.ids import content_id

_VARIABLE = "COURSEWRIGHT_TOKEN"


class Client:
    """A caller of one gateway with one token. Raises ApiError and GatewayAway; at once PermanentError, for an address
    or a token that no request could carry. `token_from`: where the user gave the token, for the refusal of it.
    """

    def __init__(
        self, url: str, token: str, transport: httpx.BaseTransport | None = None, *, token_from: str = _VARIABLE
    ) -> None:
        self._url = url.rstrip("/")
        self._token_from = token_from
        _check(self._url, token)
        self._http = httpx.Client(
            base_url=self._url, headers={"Authorization": f"Bearer {token}"}, timeout=httpx.Timeout(30.0, connect=5.0),
            transport=transport,
        )  # fmt: skip

    def create_course(self, title: str, description: str) -> str:
        return str(self._json("POST", "/api/projects/", {"title": title, "description": description})["course_id"])

    def courses(self) -> dict[str, Any]:
        return self._json("GET", "/api/projects/")

    def delete(self, course_id: str) -> None:
        self._send("DELETE", f"/api/projects/{course_id}")

    def upload(self, course_id: str, file: BinaryIO, name: str) -> None:
        self._send(
            "POST", "/api/documents/upload", files={"file": (name, file, "application/octet-stream")},
            data={"course_id": course_id},
        )  # fmt: skip

    def add_lecture(self, course_id: str, parts: Mapping[str, Path]) -> None:
        with ExitStack() as opened:
            files = {part: (path.name, opened.enter_context(path.open("rb"))) for part, path in parts.items()}
            self._send("POST", "/api/lectures/upload", files=files, data={"course_id": course_id})

    def download_lecture(self, course_id: str, address: str) -> None:
        where = {"panopto_url": address, "stream_url": address, "session_id": content_id("a", address)}
        self._send("POST", "/api/lectures/download", {"course_id": course_id, **where})

    def lectures(self, course_id: str) -> list[dict[str, Any]]:
        return list(self._send("GET", f"/api/courses/{course_id}/lectures").json())

    def documents(self, course_id: str) -> list[dict[str, Any]]:
        return list(self._send("GET", f"/api/courses/{course_id}/documents").json())

    def generate(self, course_id: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return self._json("POST", f"/api/courses/{course_id}/generate", dict(request))

    def resume(self, course_id: str) -> dict[str, Any]:
        """POST /api/courses/{id}/resume: go on with what failed or was canceled, with the inputs it had."""
        return self._json("POST", f"/api/courses/{course_id}/resume")

    def cancel_course(self, course_id: str) -> None:
        """POST /api/courses/{id}/cancel: the generation, whatever stage is at work."""
        self._json("POST", f"/api/courses/{course_id}/cancel")

    def credentials(self) -> list[dict[str, Any]]:
        return list(self._send("GET", "/api/credentials").json())

    def create_credential(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._json("POST", "/api/credentials", body)

    def replace_token(self, credential_id: str, token: str) -> dict[str, Any]:
        return self._json("PATCH", f"/api/credentials/{credential_id}", {"token": token})

    def delete_credential(self, credential_id: str) -> None:
        self._send("DELETE", f"/api/credentials/{credential_id}")

    def status(self, course_id: str) -> dict[str, Any]:
        return self._json("GET", f"/api/course-generation/{course_id}/status")

    def stage(self, course_id: str, number: int) -> dict[str, Any]:
        return self._json("GET", f"/api/courses/{course_id}/stage{number}/status")

    def exports(self, course_id: str) -> list[dict[str, Any]]:
        return list(self._send("GET", f"/api/courses/{course_id}/exports").json())

    def export(self, course_id: str, kind: str) -> bytes:
        return self._send("GET", f"/api/courses/{course_id}/exports/{kind}").content

    def ask(self, course_id: str, question: str) -> dict[str, Any]:
        return self._json("POST", f"/api/courses/{course_id}/ask", {"question": question})

    def cancel(self, course_id: str, stage: str) -> dict[str, Any]:
        return self._json("POST", f"/api/courses/{course_id}/stages/{stage}/cancel")

    def retry(self, course_id: str, stage: str, run: str = "") -> dict[str, Any]:
        """POST /api/courses/{id}/stages/{stage}/retry; with a run only if that is the stage's latest."""
        only = f"?{urlencode({'task_id': run})}" if run else ""
        return self._json("POST", f"/api/courses/{course_id}/stages/{stage}/retry{only}")

    def close(self) -> None:
        self._http.close()

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self._send(method, path, body).json()
        return answer

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None, **form: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, json=body, **form)
        except UnicodeEncodeError as error:  # an argument that is no UTF-8
            raise PermanentError(
                "What was typed is no valid UTF-8, and cannot be sent", code="invalid_input"
            ) from error
        except httpx.HTTPError as error:
            raise GatewayAway(f"The gateway at {self._url} does not answer ({type(error).__name__})") from error
        if response.is_success:
            return response
        raise self._problem(response)

    def _problem(self, response: httpx.Response) -> ApiError:
        try:
            problem = response.json()
        except ValueError:
            problem = {"code": "unexpected_answer", "detail": f"The gateway answered {response.status_code}"}
        detail = str(problem.get("detail") or problem.get("title") or response.reason_phrase)
        details = [str(error.get("detail")) for error in problem.get("errors", [])]
        message = "; ".join(dict.fromkeys([detail, *details]))
        if response.status_code == httpx.codes.UNAUTHORIZED:
            message = f"The gateway at {self._url} refuses the token in {self._token_from}: {message}"
        return ApiError(message, str(problem.get("code", "refused")), response.status_code)


def _check(url: str, token: str) -> None:
    try:
        named = httpx.URL(url).host
    except httpx.InvalidURL:
        named = ""
    if not named or not url.startswith(("http://", "https://")):
        raise PermanentError(f"{url} is no address of a gateway; those look like https://courses.example.org")
    if not token:
        raise PermanentError(f"The gateway at {url} wants a token; set {_VARIABLE}")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise PermanentError(f"{_VARIABLE} is no token: it holds a space, a line break or a letter beyond ASCII")

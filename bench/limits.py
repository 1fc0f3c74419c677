"""`python -m bench.limits REPOSITORY`: the limits at full scale, with two owners on a stack of its own.

600 requests in a burst, 150 requests for one repository, 60 courses at once. It prints what was asked and what was
seen, and exits 1 when a limit did not hold.
"""

import asyncio
import json
import math
import os
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from bench.courses import fresh_folder
from cli.local.stack import LocalStack
from tests.support.private_host import tls_of_localhost

OWNERS = ("ann", "bob")
REQUESTS, WINDOW_SECONDS = 300, 30
AT_WORK, AT_WORK_EACH = 6, 4
BURST, SAME, COURSES = 600, 150, 60
_CLAIMS = {"iss": "https://bench.invalid", "aud": "bench"}
_CONNECTIONS = httpx.Limits(max_connections=50, max_keepalive_connections=0)  # none that the server may have closed
_KEY = ECKey.generate_key("P-256", {"kid": "bench", "alg": "ES256", "use": "sig"}, private=True)


class _Keys(BaseHTTPRequestHandler):
    """The key set of an issuer."""

    def do_GET(self) -> None:  # the name is the server's
        body = json.dumps(KeySet([_KEY]).as_dict(private=False)).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name
        """Say nothing."""


class _Stack(LocalStack):
    """A local stack whose users have tokens of an issuer."""

    issuer = ""

    def _environment(self, name: str) -> dict[str, str]:
        made = super()._environment(name)
        if name != "gateway":
            return made
        del made["LOCAL_TOKEN"]
        oidc = {"OIDC_ISSUER": _CLAIMS["iss"], "OIDC_AUDIENCE": _CLAIMS["aud"], "OIDC_ALGORITHMS": '["ES256"]'}
        return {**made, **oidc, "OIDC_JWKS_URL": self.issuer}


def _token(owner: str) -> str:
    now = int(time.time())
    claims = {**_CLAIMS, "sub": owner, "iat": now, "exp": now + 7200}
    return jwt.encode({"alg": "ES256", "kid": "bench"}, claims, _KEY, algorithms=["ES256"])


async def _ask(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    """The answer of a caller that waits for as long as it is told."""
    while True:
        answer = await client.request(method, path, json=body)
        if answer.status_code not in {429, 503}:
            answer.raise_for_status()
            return answer.json()
        await asyncio.sleep(float(answer.headers["Retry-After"]))


async def burst(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> tuple[str, bool]:
    """One owner sends more than a window takes, and the other goes on."""
    began = time.monotonic()
    answers = await asyncio.gather(*(ann.get("/api/projects/") for _ in range(BURST)))
    most = REQUESTS * math.ceil((time.monotonic() - began) / WINDOW_SECONDS)
    counts, other = Counter(answer.status_code for answer in answers), await bob.get("/api/projects/")
    told = all({"Retry-After", "RateLimit", "RateLimit-Policy"} <= {*map(_title, one.headers)}
               for one in answers if one.status_code == 429)  # fmt: skip
    kept = 0 < counts[200] <= most and counts[200] + counts[429] == BURST and told and other.status_code == 200
    return f"{dict(counts)}, the other owner {other.status_code}, every 429 says when: {told}", kept


def _title(name: str) -> str:
    return {"ratelimit": "RateLimit", "ratelimit-policy": "RateLimit-Policy"}.get(name, name.title())


async def same_repository(ann: httpx.AsyncClient, repository: str) -> tuple[str, bool]:
    """Many courses of an owner ask for the same generation. A request that comes when the run is over begins another
    one: no two may be at work at a time.
    """
    made = [(await _ask(ann, "POST", "/api/projects/", {"title": f"Same {n}"}))["course_id"] for n in range(SAME)]
    body = {"repo_url": repository}
    await asyncio.sleep(WINDOW_SECONDS)  # a request that has to wait for its window may come when the run is over
    answers = await asyncio.gather(*(_ask(ann, "POST", f"/api/courses/{one}/generate", body) for one in made))
    begun = {answer.get("course_id") or one for one, answer in zip(made, answers, strict=True)}
    spans = sorted([await _span(ann, one) for one in begun])
    apart = all(end < begin for (_, end), (begin, _) in pairwise(spans))
    for course_id in made:
        await _ask(ann, "DELETE", f"/api/projects/{course_id}")
    runs = len({answer["task_id"] for answer in answers})
    return f"{len(answers)} answers, {runs} run{'s' if runs > 1 else ''}, one at a time: {apart}", apart


async def _span(client: httpx.AsyncClient, course_id: str) -> tuple[float, float]:
    """The sequences at which the run of a course was asked for and was over; infinity while it is at work."""
    events = await _ask(client, "GET", f"/api/courses/{course_id}/history?limit=1000")
    at = {event["type"]: float(event["sequence"]) for event in events}
    return at["GenerationRequested"], at.get("CourseGenerated", math.inf)


async def at_once(clients: dict[str, httpx.AsyncClient], repository: str) -> tuple[str, bool]:
    """Courses of both owners, which all wait for their turn."""
    owned: dict[str, str] = {}
    for number in range(COURSES):
        owner = OWNERS[number % len(OWNERS)]
        course = await _ask(clients[owner], "POST", "/api/projects/", {"title": f"{owner} {number}"})
        owned[course["course_id"]] = owner
    wishes = {one: {"repo_url": repository, "additional_info": f"Wish number {n}"} for n, one in enumerate(owned)}
    asking = (_ask(clients[owned[one]], "POST", f"/api/courses/{one}/generate", body) for one, body in wishes.items())
    await asyncio.gather(*asking)
    most, most_each, shown = 0, 0, dict[str, str]()
    while sum(map(_is_over, shown.values())) < COURSES:
        for client in clients.values():
            shown |= {one["course_id"]: one["status"] for one in await _ask(client, "GET", "/api/projects/?limit=200")}
        working = Counter(owned[one] for one, status in shown.items() if status.endswith("_running"))
        most, most_each = max(most, working.total()), max(most_each, *working.values(), 0)
        await asyncio.sleep(1.0)
    ends, order = Counter(shown.values()), await _order(clients, owned)
    lead = max(abs(order[:at].count("ann") - order[:at].count("bob")) for at in range(1, len(order)))
    seen = f"{dict(ends)}; at most {most} at work, {most_each} of one owner; at most {lead} ahead of the other owner"
    kept = ends["stage4_complete"] == COURSES and most <= AT_WORK and most_each <= AT_WORK_EACH and lead <= AT_WORK
    return seen, kept


def _is_over(status: str) -> bool:
    return status == "stage4_complete" or status.endswith(("_failed", "_canceled"))


async def _order(clients: dict[str, httpx.AsyncClient], owned: dict[str, str]) -> list[str]:
    """The owners in the order in which their courses began."""
    began = []
    for course_id, owner in owned.items():
        status = await _ask(clients[owner], "GET", f"/api/courses/{course_id}/stage1/status")
        began.append((status["started_at"], owner))
    return [owner for _, owner in sorted(began)]


async def _measure(url: str, repository: str) -> bool:
    clients = {
        owner: httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {_token(owner)}"}, timeout=120, limits=_CONNECTIONS
        )
        for owner in OWNERS
    }
    asked = {
        f"{BURST} requests in a burst, {REQUESTS} in {WINDOW_SECONDS} s": burst(*clients.values()),
        f"{SAME} requests for one repository": same_repository(clients["ann"], repository),
        f"{COURSES} courses at once, {AT_WORK} at work and {AT_WORK_EACH} of one owner": at_once(clients, repository),
    }
    kept_all = True
    for name, measuring in asked.items():
        seen, kept = await measuring
        kept_all &= kept
        sys.stdout.write(f"{'held  ' if kept else 'BROKEN'} {name}: {seen}\n")
        sys.stdout.flush()
    for client in clients.values():
        await client.aclose()
    return kept_all


def main(arguments: list[str]) -> int:
    """Run it on a repository; the exit code."""
    os.environ |= {
        "REQUEST_LIMIT": str(REQUESTS), "REQUEST_WINDOW_SECONDS": str(WINDOW_SECONDS),
        "COURSES_AT_WORK": str(AT_WORK), "COURSES_AT_WORK_PER_OWNER": str(AT_WORK_EACH),
    }  # fmt: skip
    issuer = ThreadingHTTPServer(("127.0.0.1", 0), _Keys)
    with fresh_folder() as folder:
        issuer.socket = tls_of_localhost(folder / "issuer").wrap_socket(issuer.socket, server_side=True)
        threading.Thread(target=issuer.serve_forever, daemon=True).start()
        os.environ["SSL_CERT_FILE"] = str(folder / "issuer" / "authority.pem")
        stack = _Stack(folder / "data", durable=False)
        stack.issuer = f"https://localhost:{issuer.server_port}/keys"
        stack.start()
        try:
            return 0 if asyncio.run(_measure(stack.url, str(Path(arguments[0]).resolve()))) else 1
        finally:
            stack.stop()
            issuer.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

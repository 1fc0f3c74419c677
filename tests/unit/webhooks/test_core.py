import base64
import json
from datetime import UTC, datetime

import pytest

from services.gateway.webhooks.core import Next, body_of, follow_up, is_told
from services.gateway.webhooks.sealing import Sealer
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.gateway import CourseCreated
from shared.kernel.errors import PermanentError, TransientError
from shared.schemas.samples import SAMPLES
from shared.sources.posting import RETRY_SECONDS, Answered
from shared.sources.secret_keys import parse_keys
from shared.sources.targets import parse_target, resolve_target

KEYS = ",".join(f"{name}:{base64.b64encode(bytes([byte]) * 32).decode()}" for name, byte in (("new", 1), ("old", 2)))


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_what_was_accepted_is_delivered(status: int) -> None:
    assert follow_up(Answered(status), 1) == Next("delivered")


@pytest.mark.parametrize("answered", [Answered(500), Answered(404), Answered(301), Answered(None, "no answer")])
def test_everything_else_is_said_again_later_and_later(answered: Answered) -> None:
    delays = [follow_up(answered, attempts).delay_seconds for attempts in range(1, len(RETRY_SECONDS) + 1)]
    assert delays == list(RETRY_SECONDS)


def test_after_the_last_attempt_the_webhook_is_turned_off_with_the_reason() -> None:
    after = follow_up(Answered(500), len(RETRY_SECONDS) + 1)
    assert (after.status, after.delay_seconds) == ("failed", None)
    assert "10" in after.disable


def test_an_address_that_is_gone_is_not_asked_again() -> None:
    assert follow_up(Answered(410), 1).disable


def test_the_body_tells_type_time_place_and_data() -> None:
    event = CourseCreated(course_id="c", owner="ann", title="Jobs", description="")
    said = json.loads(body_of(Recorded(event, "id", 7, datetime(2026, 1, 15, tzinfo=UTC))))
    assert said == {
        "type": "coursewright.course.CourseCreated.v1", "timestamp": "2026-01-15T00:00:00Z", "seq": 7,
        "data": {"course_id": "c", "title": "Jobs", "description": ""},
    }  # fmt: skip


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: type(event).__name__)
def test_no_body_tells_what_only_workers_need(event: Event) -> None:
    data = json.loads(body_of(Recorded(event, "id", 7, datetime(2026, 1, 15, tzinfo=UTC))))["data"]
    assert not data.keys() & {"owner", "by", "worker", "answer_keys", "credential_id"}
    assert "sha256" not in json.dumps({name: value for name, value in data.items() if isinstance(value, dict | list)})


def test_a_webhook_hears_from_its_creation_on_and_not_again_of_what_is_long_past() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    event = Recorded(SAMPLES[0], "id", 7, datetime(2026, 2, 20, tzinfo=UTC))
    assert is_told(event, datetime(2026, 2, 20, tzinfo=UTC), now)
    assert not is_told(event, datetime(2026, 2, 21, tzinfo=UTC), now)
    assert not is_told(event, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 23, tzinfo=UTC))


def test_a_sealed_secret_opens_with_its_key_only_and_in_its_place_only() -> None:
    both = Sealer(parse_keys(KEYS, "SECRET_KEYS"))
    old = Sealer(parse_keys(KEYS.split(",")[1], "SECRET_KEYS"))
    sealed = old.seal("whsec_x", "hook-1")
    assert b"whsec_x" not in sealed
    assert both.unseal(sealed, "hook-1") == "whsec_x"
    for sealer, about in ((both, "hook-2"), (Sealer(parse_keys(KEYS.split(",")[0], "SECRET_KEYS")), "hook-1")):
        with pytest.raises(PermanentError):
            sealer.unseal(sealed, about)
    with pytest.raises(PermanentError, match="SECRET_KEYS"):
        Sealer({}).seal("x", "y")


@pytest.mark.parametrize("text", ["k:short", "k:%%%", f":{base64.b64encode(bytes(32)).decode()}"])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SECRET_KEYS"):
        parse_keys(text, "SECRET_KEYS")


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com/x", "ftp://example.com", "https://", "https://user:secret@example.com/",
        "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://2130706433/",
        "https://0x7f.1/", "https://localhost/", "https://db.internal/", "https://x y/", "https://example.com/#a",
        "https://example.com:99999/", "https://example.com:22/", "https://①②⑦.0.0.1/",
        f"https://example.com/{'a' * 2048}", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(PermanentError) as caught:
        parse_target(text)
    assert caught.value.code == "address_refused"
    assert "secret" not in caught.value.message


async def test_a_name_is_asked_again_what_it_stands_for_before_each_attempt() -> None:
    local = parse_target("http://localhost:8080/x", allow_private=True)
    assert await resolve_target(local, allow_private=True) in {"127.0.0.1", "::1"}
    with pytest.raises(PermanentError, match="private network"):
        await resolve_target(local)
    with pytest.raises(TransientError):
        await resolve_target(parse_target("https://no-such-host.invalid-tld-zz/"))

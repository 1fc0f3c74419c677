import pytest

from cli.doctor import Check, _notifier, _tutor


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "SLACK_WEBHOOK_URL",
        "SLACK_WEBHOOK_URLS",
        "SMTP_URL",
        "MAIL_FROM",
        "MAIL_TO",
        "TUTOR_ENGINE",
        "OPENAI_API_KEY",
    ):
        monkeypatch.delenv(name, raising=False)


def test_to_tell_nobody_is_no_fault() -> None:
    assert _notifier() == Check("notifier", True, "tells nobody")


def test_it_says_who_is_told_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URLS", '{"usage": "https://hooks.slack.example/secret"}')
    monkeypatch.setenv("SMTP_URL", "smtps://ops:secret@mail.example")
    monkeypatch.setenv("MAIL_FROM", "course@x.example")
    monkeypatch.setenv("MAIL_TO", '["ops@x.example"]')
    assert _notifier() == Check("notifier", True, "tells slack and mail")


@pytest.mark.parametrize("url", ["http://ops:secret@mail.example", "smtp://ops:secret@mail.example"])
def test_mail_that_is_not_whole_is_a_fault(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    check = _notifier()
    assert not check.ok
    assert "SMTP_URL" in check.detail
    assert "secret" not in check.detail


def test_to_have_no_model_that_answers_learners_is_no_fault_unless_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _tutor().ok
    assert "passages" in _tutor().detail
    monkeypatch.setenv("TUTOR_ENGINE", "openai")
    monkeypatch.setenv("OPENAI_MODEL", "small")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert (_tutor().ok, "OPENAI_API_KEY" in _tutor().detail) == (False, True)

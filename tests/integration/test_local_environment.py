"""The variables that processes of a local stack can read in their own environment."""

import re
from pathlib import Path

import psutil
import pytest

from cli.local.environment import GIVEN, SETTINGS_OF, inherited
from cli.local.stack import LocalStack
from services.classroom.settings import ClassroomSettings
from services.gateway.settings import GatewaySettings
from services.notifier.settings import NotifierSettings
from services.tutor.settings import TutorSettings
from shared.pipeline import PIPELINE

# Each is in many shells, or is what one process of ours must not know of another.
PLANTED = (
    "DATABASE_URL", "LOCAL_TOKEN", "SECRET_KEYS", "PROJECTOR_DATABASE_URL", "PROJECTOR_NATS_URL", "ERASER_NATS_URL",
    "COURSEWRIGHT_TOKEN", "COURSEWRIGHT_GIT_TOKEN", "COURSEWRIGHT_SERVER", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN",
    "PGPASSWORD",
)  # fmt: skip
OF_THE_MODEL = {"ANTHROPIC_API_KEY", "OPENAI_API_KEY"}
OF_THE_CLASSROOM = {"CODE_RUNNER_URL", "CODE_RUNNER_TOKEN", "GOOGLE_JWKS_URL"}
OF_THE_NOTIFIER = {"SLACK_WEBHOOK_URL", "SLACK_WEBHOOK_URLS", "SMTP_URL"}
OF_THE_PROJECTOR = {"PROJECTOR_DATABASE_URL", "PROJECTOR_NATS_URL", "ERASER_NATS_URL"}
OF_THE_API = {"DATABASE_URL", "LOCAL_TOKEN", "SECRET_KEYS"}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("processes", [True, False])
def test_no_process_is_handed_a_secret_it_has_no_use_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: bool
) -> None:
    for name in (*PLANTED, *OF_THE_MODEL, "SLACK_WEBHOOK_URL"):
        monkeypatch.setenv(name, "planted")
    with LocalStack(tmp_path / "data", processes=processes, durable=False).running() as stack:
        known = {name: psutil.Process(process.pid).environ() for name, process in stack.services.items()}
        token = stack.token
    names = {name: {planted for planted in PLANTED if planted in known[name]} for name in known}
    stages = {row.name for row in PIPELINE} if processes else {"stages"}
    projecting = {"projector": OF_THE_PROJECTOR} if processes else {}
    serving = OF_THE_API if processes else OF_THE_API | OF_THE_PROJECTOR
    others = stages | ({"notifier"} if processes else set())
    assert names == {"gateway": serving, **projecting, **{one: set() for one in others}}
    telling = "notifier" if processes else "gateway"
    for name, environment in known.items():
        values = {planted for planted, value in environment.items() if value == "planted"}
        asked = OF_THE_MODEL if name in stages - {"repo_clone", "documents", "lectures"} else set()
        assert values == (asked | {"SLACK_WEBHOOK_URL"} if name == telling else asked)
        assert (token in environment.values()) is (name == "gateway")
        # The keys that open tokens of private repositories are one process's business, and it gets their place alone.
        assert ("CREDENTIAL_KEYS_FILE" in environment) is (name in {"repo_clone", "stages"})
        assert ("CREDENTIAL_SEALING_KEY" in environment) is (name == "gateway")


def test_every_secret_and_address_among_the_settings_is_given_not_inherited() -> None:
    fields = {
        name: field
        for kind in (GatewaySettings, ClassroomSettings, NotifierSettings, TutorSettings, *SETTINGS_OF.values())
        for name, field in kind.model_fields.items()
    }
    secret = {name.upper() for name, field in fields.items() if "Secret" in str(field.annotation)}
    secret |= {name.upper() for name in fields if name.endswith("_url")}
    of_models = OF_THE_MODEL | {"ANTHROPIC_BASE_URL", "OPENAI_BASE_URL"}
    assert secret - GIVEN == of_models | OF_THE_NOTIFIER | OF_THE_CLASSROOM
    environment = dict.fromkeys(secret, "x")
    assert inherited(environment, hosts=["gateway"], remote_blobs=True).keys() == OF_THE_CLASSROOM


# What the pages name and the stack sets itself, by the process that hosts the part.
SET_BY_THE_STACK = {
    "gateway": {
        "GATEWAY_HOST", "GATEWAY_PORT", "CLASSROOM_HOST", "CLASSROOM_PORT", "CLASSROOM_NATS_URL", "BLOB_STORE_URL",
        "CLASSROOM_DATABASE_URL", "GATEWAY_URL", "SESSION_KEYS", "SESSION_COOKIE_SECURE",
    },
    "tutor": set[str](),
    "notifier": {"NOTIFIER_NATS_URL", "NOTIFIER_DATABASE_URL"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("page", "host"),
    [("The gateway", "gateway"), ("The classroom", "gateway"), ("The tutor", "tutor"), ("The notifier", "notifier")],
)
def test_each_setting_that_is_documented_reaches_its_process(page: str, host: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", text.split(f"\n## {page}\n")[1].split("\n## ")[0], re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    reaching = inherited(dict.fromkeys(documented, "x"), hosts=[host], remote_blobs=False).keys()
    assert documented
    assert documented - reaching <= SET_BY_THE_STACK[host]


def test_credentials_of_a_blob_store_are_taken_over_only_with_one() -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": "x", "LC_ALL": "C", "OTEL_SERVICE_NAME": "y", "https_proxy": "z"}
    assert inherited(environment, hosts=["modules"], remote_blobs=True) == environment
    assert "AWS_SECRET_ACCESS_KEY" not in inherited(environment, hosts=["modules"], remote_blobs=False)

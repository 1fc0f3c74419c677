"""The variables that a process of the local stack takes over from the caller: those it needs, by name, nothing else.

Shells hold credentials of many programs. A stage reads repositories of strangers and has no use for them.
Each process has its own settings alone: the process that clones repositories has no key of a model.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module

from services.classroom.settings import ClassroomSettings
from services.gateway.settings import GatewaySettings
from services.notifier.settings import NotifierSettings
from services.tutor.settings import TutorSettings
from shared.kernel.kill_points import VARIABLE
from shared.pipeline import PIPELINE

# Of settings, what the stack itself gives, or does not have: addresses with credentials, secrets, the way to sign in.
GIVEN = frozenset({
    "NATS_URL", "DATABASE_URL", "BLOB_STORE_URL", "PROJECTOR_NATS_URL", "ERASER_NATS_URL", "PROJECTOR_DATABASE_URL",
    "LOCAL_TOKEN", "OPERATOR_TOKEN", "SECRET_KEYS", "CREDENTIAL_SEALING_KEY", "CREDENTIAL_KEYS_FILE", "GATEWAY_HOST",
    "GATEWAY_PORT", "WORK_DIR", "ALLOW_LOCAL_REPOSITORIES", "ALLOW_PRIVATE_WEBHOOKS", "OIDC_ISSUER", "OIDC_AUDIENCE",
    "OIDC_JWKS_URL", "OIDC_ALGORITHMS", "CLASSROOM_NATS_URL", "CLASSROOM_DATABASE_URL",
    "NOTIFIER_NATS_URL", "NOTIFIER_DATABASE_URL", "GATEWAY_URL",
    "SESSION_KEYS", "SESSION_COOKIE_SECURE", "CLASSROOM_HOST", "CLASSROOM_PORT",
})  # fmt: skip
SETTINGS_OF = {row.name: import_module(f"services.{row.name}.settings").Settings for row in PIPELINE}
_OF_STAGES = {name: frozenset(map(str.upper, model.model_fields)) - GIVEN for name, model in SETTINGS_OF.items()}
_OF_GATEWAY = frozenset(map(str.upper, {**GatewaySettings.model_fields, **ClassroomSettings.model_fields})) - GIVEN
_OF_NOTIFIER = frozenset(map(str.upper, NotifierSettings.model_fields)) - GIVEN
_OF_TUTOR = frozenset(map(str.upper, TutorSettings.model_fields)) - GIVEN
_EVERYBODY = frozenset({
    "PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "SENTRY_DSN", "BUGSNAG_API_KEY", "BUGSNAG_ENDPOINT", VARIABLE,
})  # fmt: skip
_FAMILIES = ("LC_", "PYTHON", "OTEL_")
_OF_GIT = frozenset({"GIT_SSL_CAINFO"})
_OF_BLOB_STORES = ("AWS_", "GOOGLE_", "AZURE_")


def inherited(environment: Mapping[str, str], *, hosts: Sequence[str], remote_blobs: bool) -> dict[str, str]:
    """The variables that a process takes over. It hosts these: stages by name, `notifier`, `tutor`, or `gateway`, which
    is the projector as well. `remote_blobs`: with the credentials of a blob store that is not a folder.
    """
    own = {**_OF_STAGES, "gateway": _OF_GATEWAY, "notifier": _OF_NOTIFIER, "tutor": _OF_TUTOR}
    names = _EVERYBODY.union(*(own[name] for name in hosts))
    names |= _OF_GIT if "repo_clone" in hosts else frozenset()
    families = (*_FAMILIES, *_OF_BLOB_STORES) if remote_blobs else _FAMILIES
    taken = {name for name in environment if name in names or name.startswith(families)} - GIVEN
    return {name: value for name, value in environment.items() if name in taken}

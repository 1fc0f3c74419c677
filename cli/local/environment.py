"""What a process of the local stack takes over from the caller's environment: what it needs, by name, nothing else.

Shells hold credentials of many programs. A stage reads repositories of strangers and has no use for them.
"""

from collections.abc import Mapping

from services.gateway.settings import GatewaySettings
from shared.kill_points import VARIABLE
from shared.settings import StageSettings

# Of settings, what the stack itself gives, or does not have: addresses with credentials, secrets, the way to sign in.
GIVEN = frozenset({
    "NATS_URL", "DATABASE_URL", "BLOB_STORE_URL", "PROJECTOR_NATS_URL", "ERASER_NATS_URL", "PROJECTOR_DATABASE_URL",
    "LOCAL_TOKEN", "OPERATOR_TOKEN", "SECRET_KEYS", "GATEWAY_HOST", "GATEWAY_PORT", "WORK_DIR",
    "ALLOW_LOCAL_REPOSITORIES", "ALLOW_PRIVATE_WEBHOOKS", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL",
    "OIDC_ALGORITHMS",
})  # fmt: skip
_SETTINGS = {
    kind: frozenset(name.upper() for name in settings.model_fields) - GIVEN
    for kind, settings in (("gateway", GatewaySettings), ("stage", StageSettings))
}
_EVERYBODY = frozenset({
    "PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", VARIABLE,
})  # fmt: skip
_FAMILIES = ("LC_", "PYTHON", "OTEL_")
_OF_GIT = frozenset({"GIT_SSL_CAINFO"})
_OF_BLOB_STORES = ("AWS_", "GOOGLE_", "AZURE_")


def inherited(environment: Mapping[str, str], *, stage: bool, remote_blobs: bool) -> dict[str, str]:
    """The variables a process takes over. `remote_blobs`: with the credentials of a blob store that is no folder."""
    names = _EVERYBODY | _SETTINGS["stage" if stage else "gateway"] | (_OF_GIT if stage else frozenset())
    families = (*_FAMILIES, *_OF_BLOB_STORES) if remote_blobs else _FAMILIES
    return {name: value for name, value in environment.items() if name in names or name.startswith(families)}

"""Which tokens this gateway takes beside those of its callers, and what it says to a caller that sent another one."""

import hmac
from dataclasses import dataclass

from services.gateway.settings import GatewaySettings


@dataclass(frozen=True)
class OperatorToken:
    """Whoever runs this gateway: no user, and never taken for one. Without a token nobody is."""

    token: str | None

    def is_sent(self, token: str) -> bool:
        """Whether this is the operator's token, compared in constant time."""
        return self.token is not None and hmac.compare_digest(token.encode(), self.token.encode())


def expected_token(settings: GatewaySettings) -> str:
    """Which token a user of this gateway has to send, for people who sent another one."""
    if settings.local_token is not None:
        return "the token of this gateway's local user (`coursewright up` prints it, LOCAL_TOKEN sets it)"
    meant_for = settings.oidc_audience or ", ".join(settings.oidc_authorized_parties)
    return f"an access token that {settings.oidc_issuer} issued for {meant_for}"


def build_operator_token(settings: GatewaySettings) -> OperatorToken:
    """The operator's, if the settings have one."""
    return OperatorToken(None if settings.operator_token is None else settings.operator_token.get_secret_value())

"""Repository addresses as callers give them."""

from services.gateway.course.product import Allowed
from shared.kernel.errors import PermanentError
from shared.kernel.refusals import Refused, invalid
from shared.sources.address import SourceAddress, parse_address


def check_address(text: str, allowed: Allowed) -> SourceAddress:
    """The address in its parts. Raises Refused with the reason."""
    try:
        return parse_address(
            text, allow_local=allowed.allow_local_repositories, allow_http=allowed.allow_http_repositories,
            inward=allowed.inward_repository_hosts,
        )  # fmt: skip
    except PermanentError as error:
        raise Refused(invalid("/repo_url", error.message, error.code)) from error

"""Repository addresses as callers give them."""

from services.gateway.course.product import Allowed
from services.gateway.course.refusals import Refused, invalid
from shared.errors import PermanentError
from shared.source_address import parse_address


def check_address(text: str, allowed: Allowed) -> str:
    """The address in its canonical form. Raises Refused with the reason."""
    try:
        address = parse_address(
            text, allow_local=allowed.allow_local_repositories, allow_http=allowed.allow_http_repositories
        )
    except PermanentError as error:
        raise Refused(invalid("/repo_url", error.message, error.code)) from error
    return address.canonical

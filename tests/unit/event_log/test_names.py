"""A process finds JetStream's API where its user's account has it."""

from shared.event_log.names import API, IMPORTED_API, api_prefix
from shared.event_log.permissions import USERS


def test_every_user_finds_the_api_where_its_rights_say() -> None:
    assert {rights.user: api_prefix(rights.user) for rights in USERS} == {
        rights.user: rights.as_named(f"{API}.INFO").removesuffix(".INFO") for rights in USERS
    }
    assert {api_prefix(rights.user) for rights in USERS} == {API, IMPORTED_API}


def test_a_user_of_another_server_finds_the_api_where_it_always_is() -> None:
    assert api_prefix("") == api_prefix("somebody") == API

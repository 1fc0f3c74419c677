"""A name that is added to one list has its place in the lists beside it."""

from typing import Any, get_args

import pytest

from cli.credential_commands import HostKind
from cli.generate_command import EngineName, Level, Way
from services.gateway.course.shapes import PathwayChoice
from services.gateway.credentials.kinds import USERNAMES, Kind
from shared.docs import reader
from shared.docs.formats import DocFormat
from shared.events import base


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (base.EngineName, EngineName),
        (base.Level, Level),
        (PathwayChoice, Way),
        (Kind, HostKind),
        (Kind, USERNAMES),
        (DocFormat, reader._READERS),
    ],
    ids=["engines", "levels", "pathways", "hosts", "user names of hosts", "readers of formats"],
)
def test_both_lists_hold_the_same_names(names: Any, listed: Any) -> None:
    assert sorted(get_args(names)) == sorted(get_args(listed) or listed)

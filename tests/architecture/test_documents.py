"""The documents list what the code has: settings, and rights on tables."""

import re
from pathlib import Path

from cli.local.environment import SETTINGS_OF
from services.classroom.settings import ClassroomSettings
from services.gateway.database.privileges import APP_TABLES
from services.gateway.settings import GatewaySettings
from services.notifier.settings import NotifierSettings
from services.tutor.settings import TutorSettings
from shared.kernel.error_reports import ADAPTERS

DOCS = Path(__file__).parents[2] / "docs"
# The local stack's own, those of the SDK for traces, and those of git.
_OF_OTHERS = ("COURSEWRIGHT_", "OTEL_", "GIT_")
_OF_REPORTS = {*ADAPTERS, "BUGSNAG_ENDPOINT"}


def _named(document: str) -> set[str]:
    return set(re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`", document))


def test_every_setting_is_documented_and_no_other() -> None:
    document = (DOCS / "settings.md").read_text(encoding="utf-8")
    settings = {
        name.upper()
        for model in (GatewaySettings, ClassroomSettings, NotifierSettings, TutorSettings, *SETTINGS_OF.values())
        for name in model.model_fields
    } | _OF_REPORTS
    assert {name for name in _named(document) if not name.startswith(_OF_OTHERS)} == settings


def _table_rights(role: str) -> dict[str, str]:
    """Table -> what the document says of it, of a role's row."""
    document = (DOCS / "security.md").read_text(encoding="utf-8")
    row = next(line for line in document.splitlines() if line.startswith(f"| `{role}` |"))
    said = (part.partition(":") for part in row.split("|")[3].split(";"))
    return {table: rights for names, _, rights in said for table in re.findall(r"`(\w+)`", names)}


def _in_words(granted: str) -> str:
    if "INSERT" in granted:
        return "read and write"
    return "deletes" if "DELETE" in granted else "read"


def test_the_table_of_database_rights_is_the_one_that_is_applied() -> None:
    for role, rights in (
        ("coursewright_gateway", {name: table.gateway for name, table in APP_TABLES.items()}),
        ("coursewright_projector", {name: table.projector for name, table in APP_TABLES.items()}),
        ("coursewright_notifier", {name: table.notifier for name, table in APP_TABLES.items()}),
        ("coursewright_tutor", {name: table.tutor for name, table in APP_TABLES.items()}),
    ):
        said = _table_rights(role)
        granted = {name: _in_words(right) for name, right in rights.items() if right}
        assert said.keys() == granted.keys()
        assert all(said[name].strip().startswith(words) for name, words in granted.items())

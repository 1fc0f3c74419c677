"""Bring the database's tables to what this version of the gateway needs. Safe to repeat, and from several at once."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.kernel.errors import PermanentError
from shared.kernel.settings import DatabaseSettings

_UNKNOWN = (
    "The tables are of another version of Coursewright, and this one cannot bring them up to date. Run the version that"
    " they are of, or give this one an empty database: it makes all courses again from the log. Webhooks and"
    " credentials of private repositories stand in the old database alone, and have to be set up again."
    " docs/operate.md says how"
)


def config(database_url: str) -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["database_url"] = database_url
    return made


def migrate(database_url: str, revision: str = "head") -> None:
    """Upgrade to a revision, the newest if not said. `database_url`: a SQLAlchemy URL for asyncpg. Not for use inside
    an event loop. Raises PermanentError for a revision that this version does not know, asked for or found there.
    """
    try:
        command.upgrade(config(database_url), revision)
    except CommandError as error:
        raise PermanentError(f"{_UNKNOWN} ({error})", code="unknown_revision") from error


async def require_current(connection: AsyncConnection) -> None:
    """Raise PermanentError when the tables are of another version of the gateway than this one."""
    newest = ScriptDirectory.from_config(config("")).get_current_head()
    try:
        have = await connection.scalar(text("SELECT version_num FROM app.alembic_version"))
    except ProgrammingError:
        have = None
    if have != newest:
        message = f"The tables are of revision {have}, this version needs {newest}: bring them up to date first"
        raise PermanentError(message, code="tables_not_current")


if __name__ == "__main__":
    try:
        migrate(DatabaseSettings().database_url.get_secret_value())
    except PermanentError as refused:
        sys.exit(refused.message)
    sys.stdout.write("The tables are up to date\n")

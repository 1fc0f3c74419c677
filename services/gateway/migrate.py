"""Bring the database's tables to what this version of the gateway needs. Safe to repeat, and from several at once."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.settings import DatabaseSettings
from shared.kernel.errors import PermanentError


def config(database_url: str) -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["database_url"] = database_url
    return made


def migrate(database_url: str, revision: str = "head") -> None:
    """Upgrade to a revision, the newest if not said. `database_url`: a SQLAlchemy URL for asyncpg. Not for use inside
    an event loop. Raises alembic's CommandError for a revision this version does not know.
    """
    command.upgrade(config(database_url), revision)


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
    migrate(DatabaseSettings().database_url.get_secret_value())
    sys.stdout.write("The tables are up to date\n")

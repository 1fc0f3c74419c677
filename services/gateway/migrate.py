"""Bring the database's tables to what this version of the gateway needs. Safe to repeat, and from several at once."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from services.gateway.settings import GatewaySettings


def config(database_url: str) -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["database_url"] = database_url
    return made


def migrate(database_url: str) -> None:
    """Upgrade to the newest version. `database_url`: a SQLAlchemy URL for asyncpg. Not for use inside an event loop."""
    command.upgrade(config(database_url), "head")


if __name__ == "__main__":
    migrate(GatewaySettings().database_url.get_secret_value())
    sys.stdout.write("The tables are up to date\n")

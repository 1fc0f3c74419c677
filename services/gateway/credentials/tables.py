"""The table of credentials. It is no read model: the log does not hold them, so it is backed up and never rebuilt."""

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, UniqueConstraint, func

from shared.readmodels.base import APP_METADATA

credentials = Table(
    "credentials",
    APP_METADATA,
    Column("credential_id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("last_used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    UniqueConstraint("owner", "name", name="uq_credentials_name"),
)

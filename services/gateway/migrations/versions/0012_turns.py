"""Whose turn it is"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = ("asked_seq", "began_seq")


def upgrade() -> None:
    """Apply."""
    for name in _COLUMNS:
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column("courses", column, schema="read_v1")
        op.alter_column("courses", name, server_default=None, schema="read_v1")
    at_work = sa.text("task_status = 'STARTED'")
    op.create_index("ix_courses_at_work", "courses", ["user_id"], schema="read_v1", postgresql_where=at_work)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_courses_at_work", "courses", schema="read_v1")
    for name in _COLUMNS:
        op.drop_column("courses", name, schema="read_v1")

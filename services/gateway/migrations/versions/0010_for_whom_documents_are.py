"""For whom documents are, and why"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = (
    sa.Column("for_whom", sa.Text(), nullable=False, server_default="users"),
    sa.Column("for_whom_reason", sa.Text(), nullable=False, server_default=""),
)


def upgrade() -> None:
    """Apply."""
    for column in _COLUMNS:
        op.add_column("analyzed_documents", column, schema="read_v1")
        op.alter_column("analyzed_documents", column.name, server_default=None, schema="read_v1")
    op.execute(  # no statistics of texts: see revision 0005
        "ALTER TABLE read_v1.analyzed_documents ALTER COLUMN for_whom SET STATISTICS 0, "
        "ALTER COLUMN for_whom_reason SET STATISTICS 0"
    )


def downgrade() -> None:
    """Take back."""
    for column in _COLUMNS:
        op.drop_column("analyzed_documents", column.name, schema="read_v1")

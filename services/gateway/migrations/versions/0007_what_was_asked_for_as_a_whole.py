"""The request as a whole, and whether the course is incomplete"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = (
    sa.Column("task_status", sa.Text(), nullable=False, server_default="PENDING"),
    sa.Column("incomplete", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("asked", sa.Text(), nullable=False, server_default=""),
)


def upgrade() -> None:
    """Apply."""
    for column in _COLUMNS:
        op.add_column("courses", column, schema="read_v1")
        op.alter_column("courses", column.name, server_default=None, schema="read_v1")
    op.execute(  # no statistics of texts: see revision 0005
        "ALTER TABLE read_v1.courses ALTER COLUMN task_status SET STATISTICS 0, ALTER COLUMN asked SET STATISTICS 0"
    )
    op.execute(
        """
        UPDATE read_v1.courses SET
          incomplete = coalesce(state->'generated'->>'status' = 'incomplete', false),
          task_status = CASE
            WHEN status = 'draft' THEN 'PENDING'
            WHEN next_stage IS NOT NULL OR status LIKE '%_running' THEN 'STARTED'
            WHEN status LIKE '%_complete' THEN 'SUCCESS'
            WHEN status LIKE '%_failed' THEN 'FAILURE'
            ELSE 'REVOKED'
          END
        """
    )


def downgrade() -> None:
    """Take back."""
    for column in _COLUMNS:
        op.drop_column("courses", column.name, schema="read_v1")

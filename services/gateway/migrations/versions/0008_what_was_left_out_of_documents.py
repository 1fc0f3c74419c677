"""The parts left out of a document"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLE, _COLUMN = "analyzed_documents", "problems"


def upgrade() -> None:
    """Apply. Analyses that were stored before say nothing of it."""
    column = sa.Column(_COLUMN, JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb"))
    op.add_column(_TABLE, column, schema="read_v1")
    op.alter_column(_TABLE, _COLUMN, server_default=None, schema="read_v1")
    # No statistics of texts: see revision 0005.
    op.execute(f"ALTER TABLE read_v1.{_TABLE} ALTER COLUMN {_COLUMN} SET STATISTICS 0")


def downgrade() -> None:
    """Take back."""
    op.drop_column(_TABLE, _COLUMN, schema="read_v1")

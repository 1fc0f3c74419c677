"""What lists show of a course, so that nobody asks for each course by itself"""

from collections.abc import Sequence

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = {
    "outdated": "boolean NOT NULL DEFAULT false", "error_message": "text", "estimated_minutes": "integer",
    "documents": "integer",
}  # fmt: skip


def upgrade() -> None:
    """Apply. Rows of before are complete with the next event of their course, or after `coursewright replay`."""
    for name, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE IF EXISTS read_v1.courses ADD COLUMN IF NOT EXISTS {name} {kind}")
    op.execute("ALTER TABLE IF EXISTS read_v1.courses ALTER COLUMN outdated DROP DEFAULT")
    op.execute("ALTER TABLE IF EXISTS read_v1.courses ALTER COLUMN error_message SET STATISTICS 0")  # see revision 0005


def downgrade() -> None:
    """Take back."""
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE IF EXISTS read_v1.courses DROP COLUMN IF EXISTS {name}")

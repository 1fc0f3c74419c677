"""A checkpoint for each stream, and erasures of any aggregate"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    _rename_key("projection", "stream")
    op.execute("UPDATE read_v1.checkpoints SET stream = 'COURSES'")
    op.add_column("erasures", sa.Column("aggregate", sa.Text(), nullable=False, server_default="course"), schema="app")
    op.alter_column("erasures", "aggregate", server_default=None, schema="app")
    op.drop_constraint("pk_erasures", "erasures", schema="app")
    op.alter_column("erasures", "course_id", new_column_name="aggregate_id", schema="app")
    op.create_primary_key("pk_erasures", "erasures", ["aggregate", "aggregate_id"], schema="app")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint("pk_erasures", "erasures", schema="app")
    op.execute("DELETE FROM app.erasures WHERE aggregate <> 'course'")
    op.drop_column("erasures", "aggregate", schema="app")
    op.alter_column("erasures", "aggregate_id", new_column_name="course_id", schema="app")
    op.create_primary_key("pk_erasures", "erasures", ["course_id"], schema="app")
    op.execute("DELETE FROM read_v1.checkpoints WHERE stream <> 'COURSES'")
    op.execute("UPDATE read_v1.checkpoints SET stream = 'courses'")
    _rename_key("stream", "projection")


def _rename_key(old: str, new: str) -> None:
    """With its index, whose column would keep the name."""
    op.drop_constraint("pk_checkpoints", "checkpoints", schema="read_v1")
    op.alter_column("checkpoints", old, new_column_name=new, schema="read_v1")
    op.create_primary_key("pk_checkpoints", "checkpoints", [new], schema="read_v1")

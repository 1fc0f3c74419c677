"""The planner's catalog copies nothing users wrote, and forgets what it has copied"""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Only a change of its type, also to the one it has, makes the catalog forget a column; it rewrites nothing.
_EACH_COLUMN = """
DO $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT attrelid::regclass AS relation, attname, format_type(atttypid, atttypmod) AS type,
      EXISTS (SELECT FROM pg_stats WHERE schemaname = nspname AND tablename = relname
        AND pg_stats.attname = pg_attribute.attname) AS is_known
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped
      AND (nspname = 'app' AND relname <> 'alembic_version' OR nspname ~ '^read_v1(_|$)')
      AND atttypid IN ('text'::regtype, 'json'::regtype, 'jsonb'::regtype, 'text[]'::regtype)
      AND attname NOT IN
        ('course_id', 'next_stage', 'owner', 'projection', 'stage', 'status', 'user_id', 'webhook_id')
  LOOP
    IF one.is_known AND {forgets} THEN
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', one.relation, one.attname, one.type);
    END IF;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS {target}', one.relation, one.attname);
  END LOOP;
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_EACH_COLUMN.format(forgets="true", target="0"))


def downgrade() -> None:
    """Take back."""
    op.execute(_EACH_COLUMN.format(forgets="false", target="-1"))

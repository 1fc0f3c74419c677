"""The planner of PostgreSQL may copy values out of tables, but not what users wrote.

ANALYZE keeps common and spread-out values of each column in a catalog, where no deletion of a course reaches them: they
stay until the next ANALYZE, and in a table that has become empty for good.
"""

from sqlalchemy import JSON, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

# What queries search by; ids and words of this program.
_LOOKED_AT = frozenset({"course_id", "next_stage", "owner", "stage", "status", "stream", "user_id", "webhook_id"})


def contents_of(table: Table) -> list[str]:
    """Columns that may hold what users wrote, in order."""
    kinds = (Text, JSON, ARRAY)
    return [column.name for column in table.c if isinstance(column.type, kinds) and column.name not in _LOOKED_AT]


def without_statistics(table: Table) -> str:
    """The statement that keeps the contents of a table, still empty, out of that catalog; "" if it has none."""
    actions = ", ".join(f"ALTER COLUMN {name} SET STATISTICS 0" for name in contents_of(table))
    return f"ALTER TABLE {table} {actions}" if actions else ""

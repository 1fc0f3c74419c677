"""How PostgreSQL says that read tables are not there."""

from sqlalchemy.exc import DBAPIError

_UNDEFINED = frozenset({"42P01", "42703"})  # a table, a column


def tells_of_missing_tables(error: Exception) -> bool:
    """Whether a statement failed because its table, or a column of it, is not there."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _UNDEFINED

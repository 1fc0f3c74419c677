"""The rows of one aggregate in memory while facts are folded into them: a table's rows by key, and what has changed.

A table is known when its rows were loaded, were cleared, or the aggregate is new. Of a table that is not known only the
changes are: they replace or remove stored rows unseen, which is all most facts do.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Table

from shared.readmodels.base import Change, Clear, Key, Put, Remove, Row, key_of
from shared.readmodels.side import ReadSide


class AggregateRows:
    """`loaded`: rows of tables read from the database; `is_new`: nothing of the aggregate is stored."""

    def __init__(
        self, side: ReadSide, loaded: Mapping[Table, Iterable[Row]] | None = None, *, is_new: bool = False
    ) -> None:
        self._side = side
        self._rows: dict[Table, dict[Key, Row]] = {}
        self.is_new = is_new
        self._known: set[Table] = set()
        self.cleared: set[Table] = set()
        self.removed: dict[Table, set[Key]] = {}
        self.changed: dict[Table, set[Key]] = {}
        for table, rows in (loaded or {}).items():
            self._known.add(table)
            self._rows[table] = {key_of(table, row): row for row in rows}

    def of(self, table: Table) -> Collection[Row]:
        """See Stored. Raises LookupError for a table no read model said it looks at."""
        if not (self.is_new or table in self._known or table in self.cleared):
            raise LookupError(f"The rows of {table.name} were not loaded")
        return self._rows.get(table, {}).values()

    def changed_rows(self, table: Table) -> list[Row]:
        """Rows to be inserted, or to replace those with the same key."""
        rows = self._rows.get(table, {})
        return [rows[key] for key in self.changed.get(table, ())]

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes, in order."""
        for change in changes:
            match change:
                case Put():
                    self._put(change.table, change.rows)
                case Remove():
                    self._remove(change.table, set(change.keys))
                case Clear():
                    self._clear(change.table)

    def _put(self, table: Table, rows: Iterable[Row]) -> None:
        mine, changed = self._rows.setdefault(table, {}), self.changed.setdefault(table, set())
        for row in rows:
            key = key_of(table, row)
            mine[key] = row
            changed.add(key)

    def _remove(self, table: Table, keys: set[Key]) -> None:
        mine, changed = self._rows.get(table, {}), self.changed.get(table, set())
        for key in keys:
            mine.pop(key, None)
            changed.discard(key)
        if not self.is_new:
            self.removed.setdefault(table, set()).update(keys)
        for child, columns in self._side.children.get(table, ()):
            orphans = {
                key for key, row in self._rows.get(child, {}).items() if tuple(row[name] for name in columns) in keys
            }
            if orphans:
                self._remove(child, orphans)

    def _clear(self, table: Table) -> None:
        self._rows.pop(table, None)
        self.changed.pop(table, None)
        self.removed.pop(table, None)
        self.cleared.add(table)
        for child, _ in self._side.children.get(table, ()):
            self._clear(child)

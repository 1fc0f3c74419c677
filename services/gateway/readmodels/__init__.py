"""One file per read model: table, projection, query."""

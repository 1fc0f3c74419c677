"""People, organisations and cohorts as values: states, folds and read tables, one file for each aggregate."""

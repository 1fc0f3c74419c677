"""Read models of any aggregate: rows that follow from events, how far they are, and of which log."""

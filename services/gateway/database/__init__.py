"""What the gateway needs of PostgreSQL itself: rights, schemas, locks, time limits."""

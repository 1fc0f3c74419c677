"""The parts of PostgreSQL itself that the gateway uses: rights, schemas, locks, time limits."""

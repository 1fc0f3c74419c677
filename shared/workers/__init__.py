"""Worker processes: pure work on strangers' text runs in child processes that can be bounded and killed (ADR 0024)."""

"""Stage 1: a repository is fetched and listed."""

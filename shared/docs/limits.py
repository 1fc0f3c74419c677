"""How much of other files a document may bring along. What it writes itself is bounded by its own size."""

MIB = 1024 * 1024

MOST_SHOWN_BYTES = 4 * MIB
"""Included code that one document shows. Long chapters of books show 0.1 MiB; 20,000 includes of 1 MiB are 20 GB."""

MOST_READ_BYTES = 32 * MIB
"""Included files, counted each time a part of one is looked for. Searching 32 MiB takes 5 s."""

MOST_TARGETS = 5_000
"""Includes and pictures of one document that are looked for, each in up to fifty places."""

INCLUDE_DEPTH = 4
"""How far includes of included files are followed."""

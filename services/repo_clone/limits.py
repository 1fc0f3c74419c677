"""How much of a repository a course is made from. Past a limit the rest is left out, and the listing says why.

The largest documentation that people write by hand has about 2,000 documents and 30 MiB of text, and fits. The process
of a stage stays below 600 MB: text takes up to four times its bytes while it is judged.
"""

from dataclasses import dataclass

from shared.docs.limits import MIB

MOST_FILES = 200_000
"""Files of a repository that is listed at all; each takes 1 KB of memory."""

MOST_DOCUMENTS = 3_000
"""Documents of a course: each is at least three events and 10 ms of analysis."""

MOST_DOCUMENT_BYTES = 32 * MIB
"""Text of all documents of a course. A MiB takes 3 s to analyse."""

MOST_JUDGED_DOCUMENTS = 2 * MOST_DOCUMENTS
MOST_JUDGED_BYTES = 2 * MOST_DOCUMENT_BYTES
"""Documents that are read to choose from: some of them turn out to be empty, generated, or a copy."""

MOST_ORDERING_BYTES = 32 * MIB
"""Files that the author's order is read from: configurations, and front matter where generators keep the order."""

MOST_INCLUDES = 500
MOST_INCLUDED_BYTES = 4 * MIB
"""Files that one document includes."""

MOST_INCLUDED_BYTES_OF_ALL = 32 * MIB
MOST_PICTURE_BYTES = 160 * MIB
"""Files that travel with all documents. Pictures are never looked into."""


@dataclass
class Budget:
    """The room left for the documents of a course, in the order they come; a smaller one may fit after a larger one."""

    documents: int
    bytes: int
    reason: str = ""

    def takes(self, size: int) -> bool:
        """Whether there is a place for one more of this size, which it then has; else `reason` says why not."""
        if not self.documents:
            self.reason = f"over the limit of {MOST_DOCUMENTS:,} documents of a course"
            return False
        if size > self.bytes:
            self.reason = f"over the limit of {MOST_DOCUMENT_BYTES // MIB} MiB of documents of a course"
            return False
        self.documents -= 1
        self.bytes -= size
        return True

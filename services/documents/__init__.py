"""Stage 5: documents that users upload become sources of a course."""

"""Stage 6: lectures become sources of a course."""

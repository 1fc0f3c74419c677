"""Stage 5: PDF documents become sources of a course."""

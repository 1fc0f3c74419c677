"""Passages of a course that answer a question, or the finding that the course does not hold the answer. Pure."""

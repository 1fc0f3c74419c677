"""Reading reStructuredText."""

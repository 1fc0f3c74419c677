"""The published schemas, generated from the types."""

"""Removes for good: all that is left of a deleted course, and blobs that no event names."""

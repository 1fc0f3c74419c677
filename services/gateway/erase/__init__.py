"""Removes for good: the remains of a deleted course, and blobs that no event names."""

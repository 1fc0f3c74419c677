"""Recordings, which lectures of several courses may be made from: linked, fetched once, and let go."""

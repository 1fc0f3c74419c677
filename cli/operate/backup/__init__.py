"""A copy of everything the tables are made from, and back: the log, the blobs, schema `app`, the local user's token."""

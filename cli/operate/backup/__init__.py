"""A copy of everything the tables are made from, and back: log, blobs, schema `app`, and a local stack's own keys."""

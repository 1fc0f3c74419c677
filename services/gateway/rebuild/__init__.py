"""The read tables built again from the log, compared with the live ones, and put in their place."""

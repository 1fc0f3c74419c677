"""The read tables, built again from the log, compared with the live tables, and put in their place."""

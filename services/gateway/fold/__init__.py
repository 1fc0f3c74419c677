"""What the events of one course add up to: its state, its statuses, what is outdated. Pure."""

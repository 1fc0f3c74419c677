"""The fold of the events of one course: its state, its statuses, its outdated stages. Pure."""

"""Webhooks: the log's events, told to addresses users name. A durable consumer of its own, and a sender."""

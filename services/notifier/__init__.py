"""Tells people and other systems what happened, and does what is due by the clock."""

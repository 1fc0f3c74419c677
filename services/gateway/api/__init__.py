"""One router per resource, and what they share."""

"""The fold of a course's events: the state, and what follows from the state. Pure."""

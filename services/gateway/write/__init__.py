"""A command becomes events: it is decided, its events get their inputs, and they are appended. The decision is pure."""

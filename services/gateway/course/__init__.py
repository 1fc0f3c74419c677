"""One course as values: its state, what can be asked of it, why it is refused, and what a stage is to it. Pure."""

"""One course as values: its state, its commands, its refusals, and its stages. Pure."""

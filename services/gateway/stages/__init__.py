"""One file per stage: its inputs, how it is asked for, what its results rest on, and what they add to the course."""

"""The shell of a stage: it takes requests, runs a stage's core and effects, and records facts."""

"""The client of a model, and the numbered material that its answers refer to."""

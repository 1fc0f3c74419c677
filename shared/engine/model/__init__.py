"""The client of a model, whichever protocol its server speaks, and the numbered material that its answers refer to."""

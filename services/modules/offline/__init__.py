"""The written module without a model: whole sections of the documentation, framed and asked about."""

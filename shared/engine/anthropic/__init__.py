"""The Anthropic engine."""

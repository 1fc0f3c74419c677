"""The engine that writes modules without a model."""

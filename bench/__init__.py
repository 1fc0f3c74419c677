"""Measurements, one file per figure. They print what they saw and compare with the targets they name."""

"""Limits of what one caller may ask for."""

"""Recordings become words: their sound in pieces, and a model that hears each piece."""

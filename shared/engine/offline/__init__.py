"""The offline engine: extracts, arranges, and needs no model, key or network."""

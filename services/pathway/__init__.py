"""Stage 3: pathways are proposed."""

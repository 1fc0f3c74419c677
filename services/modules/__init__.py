"""Stage 4: modules are written and the course assembled."""

"""Reading documentation, one file per format."""

"""Reading AsciiDoc."""

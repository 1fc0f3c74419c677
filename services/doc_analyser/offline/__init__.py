"""Stage 2 of the offline engine: what each document says, and how documents and concepts build on one another."""

"""Stage 2: documents are analysed."""

"""The words, phrases and terms of a language, and how near texts are to each other."""

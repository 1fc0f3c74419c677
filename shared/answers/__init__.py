"""Answers of learners that are files, as texts that somebody or something can grade."""

"""Files that users add to a course, of whichever kind: each is read into a text, and becomes a source of the course."""

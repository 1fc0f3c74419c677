"""Reading PDF: the pages of a PDF as lines of Markdown, each with its place on its page."""

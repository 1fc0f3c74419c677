"""Reading HTML, and DOCX and EPUB by way of HTML: each becomes a text of Markdown."""

"""Reading Markdown and MDX."""

"""A finished course in the forms people take away: JSON, a Markdown folder, a static site."""

"""What the offline engine finds in one document, from its own words."""

"""What each REST API of the product has: callers, problems, limits of time and size, JSON read strictly."""

"""The gateway: REST API, read tables, and the projector that keeps them."""

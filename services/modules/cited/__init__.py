"""A module's sources, as every writer is given them and cites them."""

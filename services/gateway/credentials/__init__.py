"""Credentials of private repositories: kept sealed, and given to the stage that opens them."""

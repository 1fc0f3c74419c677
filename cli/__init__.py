"""The command `coursewright`."""

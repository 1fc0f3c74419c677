"""Programs of strangers are run, within walls and limits."""

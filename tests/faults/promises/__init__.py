"""One module per promise, named after it; each has a constant `PROMISE`."""

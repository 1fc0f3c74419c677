"""Types and rules that engines of several stages share; each stage has its own port and its own engines."""

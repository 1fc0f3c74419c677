"""Where the source of a course lies, and how a process reaches it: addresses, names of hosts, sealed tokens."""

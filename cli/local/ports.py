"""Free ports on the loopback interface."""

import socket


def free_port() -> int:
    """A port nobody listens on now. Another process may take it before it is used: start, look, and try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

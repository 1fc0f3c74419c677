"""Free ports on the loopback interface."""

import errno
import socket

from cli.local.process import ServerFailed


def free_port() -> int:
    """A port nobody listens on, kept for the server that will: the system gives it to nobody else for some time.

    A port that was only looked up may become the near end of any connection before its server binds it. A port of a
    connection that was closed here first stays in TIME_WAIT: only a server that names it (SO_REUSEADDR) can have it.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            listener.accept()[0].close()
            caller.recv(1)  # the end of the connection: it has come, so this side is the later one to close
    return port


def require_free(port: int) -> None:
    """Raise ServerFailed when somebody listens on the port: another program must not be taken for the gateway."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
            raise ServerFailed(f"Port {port} {why}; choose another with --port") from error

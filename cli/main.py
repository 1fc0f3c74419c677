"""Entry point of the command. It imports next to nothing, so that Ctrl-C while the rest is read ends with a message."""

import sys
import time

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; the commands count their seconds from here."""
    began = time.monotonic()
    try:
        from cli.app import app

        app(obj=began)
    except KeyboardInterrupt:
        if "--json" in sys.argv:
            print('{"code": "interrupted", "detail": "Interrupted", "exit_code": 130}', file=sys.stderr)
        else:
            print("interrupted", file=sys.stderr)
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()

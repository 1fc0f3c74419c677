"""Deeds of an operator that cannot be undone: a structured line on standard error, locally in logs/operator.log too."""

import getpass
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def note_deed(data_dir: Path | None, deed: str, **about: Any) -> None:
    """Record it after it is done. `about` holds no content of courses."""
    line = json.dumps(
        {"timestamp": datetime.now(UTC).isoformat(), "event": deed, "by": _who(), **about}, ensure_ascii=False
    )
    print(line, file=sys.stderr)
    if data_dir is not None:
        log = data_dir / "logs" / "operator.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())

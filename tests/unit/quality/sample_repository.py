"""The sample's repository: three documents held in memory, and citations of their lines."""

from collections.abc import Mapping

from shared.course.model import Citation
from shared.docs.citations import span_sha256, split_lines
from shared.kernel.errors import NotFound

START = """\
# Getting started

Kettle is a small program that boils water on a schedule.
A schedule keeps the kitchen warm without anybody waiting.

## Install the program

Install Kettle with `pip install kettle` on Python 3.11 or newer.
The installer writes its settings to `~/.kettle/config.toml`.

## Start a boil

Run the command `kettle boil` to heat the water.

```sh
kettle boil --minutes 4
kettle status
```

The flag `--minutes` sets how long the water boils.
Kettle prints the temperature each second until the water is hot.

## Steps of a first boil

1. Fill the tank with cold water.
2. Close the lid of the tank.
3. Press the green button.
"""

PLANS = """\
# Plans

A **plan** is a list of boils that Kettle runs by itself.
Each plan has a name and a time of day.

## Write a plan

Write a plan in a file named `plan.toml` next to the settings.

```toml
[morning]
at = "07:30"
minutes = 5
```

The key `at` holds the time of day in hours and minutes.
Kettle reads the file again when it changes.

## Limits of a plan

A plan holds 12 boils at most.
The service `kettled` refuses a plan that is longer.

| key | meaning |
|---|---|
| `at` | The time of day. |
| `minutes` | The length of a boil. |
| `label` | The words on the screen. |
| `repeat` | The days of the week. |
"""

ERRORS = """\
# Errors

An **alarm** is a message that Kettle sends when a boil fails.
The alarm names the sensor that failed.

## Read an alarm

Call `kettle alarms --last 3` to list the latest alarms.
The list shows the code `E_DRY` when the tank is empty.

## Silence an alarm

Set `quiet = true` to silence alarms during the night.
The program writes silenced alarms to the file `alarms.log`.
"""

FILES: dict[str, bytes] = {
    "docs/start.md": START.encode(),
    "docs/plans.md": PLANS.encode(),
    "docs/errors.md": ERRORS.encode(),
}
COMMIT = "1" * 40


def read_raw(path: str, files: Mapping[str, bytes] = FILES) -> bytes:
    """Bytes of a file of the sample repository."""
    if path not in files:
        raise NotFound(f"No file {path}")
    return files[path]


def cite(name: str, path: str, first: str, last: str | None = None) -> Citation:
    """A citation of the lines from the one that begins with `first` to the one that begins with `last`."""
    lines = split_lines(FILES[path])
    texts = [line.decode() for line in lines]
    start = next(i for i, line in enumerate(texts, 1) if line.startswith(first))
    end = next(i for i, line in enumerate(texts, 1) if i >= start and line.startswith(last or first))
    return Citation(
        id=name, source_id="s1", path=path, start_line=start, end_line=end, sha256=span_sha256(lines, start, end)
    )

"""A small repository with real prose, made by git, for tests of the whole path."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_TOPICS = {
    "queues": ("Queue", "waits in line", "A **queue** is a list of jobs that waits in line until a worker is free."),
    "workers": ("Worker", "does the jobs", "A **worker** is a process that takes one job from the queue and does it."),
    "retries": ("Retry", "tries again", "A **retry** is an attempt of a worker at a job that failed before."),
    "schedules": ("Schedule", "says when", "A **schedule** is a rule that says when a job enters the queue."),
    "results": ("Result", "is kept", "A **result** is the value that a worker stores when a job is done."),
    "priorities": ("Priority", "goes first", "A **priority** is a number that lets an urgent job go first."),
}


def page(name: str, title: str, does: str, definition: str) -> str:
    """One document of about two hundred words with code and a list."""
    return f"""# {title} basics

{definition} You meet it in every program that does work in the background.

## Why it matters

Programs become slow when each request has to wait for work that nobody needs at once. Moving that work aside keeps the
answer fast, and it makes failures easier to see. The part called {title.lower()} {does}, so that the rest can go on.

## Using a {title.lower()}

Create one with the function `make_{name}` and give it a name. The name shows up in the log, which helps when several of
them run at the same time.

```python
from jobs import make_{name}

{name} = make_{name}("mail")
{name}.run(limit=10)
```

The call to `run` returns after ten jobs because of the argument `limit=10`. Leave the argument out to go on until the
program ends.

## Checking a {title.lower()}

1. Open the status page of the program.
2. Look for the name that you gave.
3. Compare the number of waiting jobs with the number from an hour ago.

A growing number means that work arrives faster than it is done. Add another process in that case, and look again after
a few minutes.
"""


def make_repository(folder: Path, copies: int = 1, topics: Sequence[str] = tuple(_TOPICS)) -> Path:
    """A README and a document for each topic (times `copies`), committed with fixed names and dates."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (folder / "README.md").write_text(
        "# Jobs\n\nJobs is a library that runs work in the background. It keeps a program fast because slow work "
        "waits in a queue.\n\n## Installing Jobs\n\nInstall the library with pip before you start.\n\n"
        "```console\n$ pip install jobs\n```\n",
        encoding="utf-8",
    )
    for number in range(copies):
        for name in topics:
            title, does, definition = _TOPICS[name]
            suffix = f"-{number}" if number else ""
            text = page(name, title, does, definition)
            if number:
                text = text.replace("status page", f"status page number {number}").replace("mail", f"mail{number}")
            (docs / f"{name}{suffix}.md").write_text(text, encoding="utf-8")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit everything below a folder, making it a repository first."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "docs"]):
        subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)

"""PostgreSQL is stopped, killed and frozen under load."""

import asyncio
from pathlib import Path

from tests.faults.outage import prove_outages
from tests.faults.promise import Outcome, Promise, Scale


def prove(scale: Scale, folder: Path) -> Outcome:
    return asyncio.run(prove_outages(scale, folder, lambda servers: servers.postgres.process))


PROMISE = Promise(
    "P12", "PostgreSQL away: refused clearly, nothing accepted is lost, recovery by itself", prove, alone=True
)

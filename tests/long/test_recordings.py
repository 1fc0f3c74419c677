"""Recordings that are small to send and endless to hear."""

import sys
import tempfile
from contextlib import aclosing
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic

import pytest

from shared.hearing.decoding import decode
from shared.kernel.errors import PermanentError
from tests.unit.lectures.sounds import silent_flac

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

_MOST_KIB = 400 * 1024


async def test_a_recording_of_25_hours_in_160_kb_is_refused() -> None:
    data, pieces = silent_flac(25 * 3600), []
    began, before = monotonic(), getrusage(RUSAGE_SELF).ru_maxrss

    async def take() -> None:
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
            file.write(data)
            async with aclosing(decode(file, output, is_sealed=False)) as heard:
                async for piece in heard:
                    pieces.append(len(piece))  # noqa: PERF401 - what came before the refusal is counted

    with pytest.raises(PermanentError, match="longer than 24 hours"):
        await take()
    grown, child = getrusage(RUSAGE_SELF).ru_maxrss - before, getrusage(RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(
        f"{len(data)} bytes, {len(pieces)} pieces, refused after {monotonic() - began:.1f} s; "
        f"{grown >> 10} MiB more in this process, {child >> 10} MiB in the one that decodes\n"
    )
    assert max(grown, child) < _MOST_KIB

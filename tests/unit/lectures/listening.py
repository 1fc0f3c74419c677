"""`python -m tests.unit.lectures.listening BLOBS REF HEARD`: hear a recording in a process that a test may kill."""

import asyncio
import sys
from pathlib import Path

from services.lectures.transcription import Transcriber
from shared.events import BlobRef
from shared.hearing.port import RATE, Said
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs
from shared.stage.port import Run
from shared.workers.port import Workers
from tests.support.workers import InlineWorkers


class WritingEars:
    """Hears one sentence in each piece, and writes down the seconds of the piece."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes

    async def name(self) -> str:
        return "fake-1"

    async def hear(self, pcm: bytes, workers: Workers, key: str) -> list[Said]:
        with self._notes.open("a", encoding="ascii") as file:
            file.write(f"{len(pcm) / 2 / RATE}\n")
        return [Said(1.0, 2.5, "A sentence.")]


async def told(step: str, percent: int) -> None:
    return None


async def main(blobs: str, reference: str, heard: str) -> None:
    """Write the captions on the standard output."""
    transcriber = Transcriber(Blobs(FolderBackend(Path(blobs))), lambda: WritingEars(Path(heard)), is_sealed=False)
    run = Run("c", "r", told, InlineWorkers())
    captions = await transcriber.captions(run, BlobRef.model_validate_json(reference), "Jobs", "k")
    sys.stdout.buffer.write(captions)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

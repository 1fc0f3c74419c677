"""Whether a model can be asked: the question of the gateway before a course begins, and of `coursewright doctor`.

The keys are the stages' alone, so a stage looks and answers.
"""

import asyncio

from shared.engine.model.asked import ReadyAnswer, ReadyAsked
from shared.engine.model.providers import model_of, open_provider
from shared.events.base import EngineName
from shared.kernel.errors import CoursewrightError
from shared.kernel.settings import ModelSettings

_LOOK_SECONDS = 8.0


async def answer_ready(settings: ModelSettings, question: bytes) -> bytes:
    """The answer to ReadyAsked, as JSON."""
    asked = ReadyAsked.model_validate_json(question)
    answer = ReadyAnswer()
    try:
        await look(settings, asked.engine, asked.model)
    except CoursewrightError as error:
        if error.code != "engine_busy":  # it is there, and the run waits for it
            answer = ReadyAnswer(error=error.code, message=error.message)
    return answer.model_dump_json().encode()


async def look(settings: ModelSettings, engine: EngineName, model: str) -> str:
    """The name of the model, which the server has. Raises CoursewrightError."""
    provider = await asyncio.to_thread(open_provider, settings, engine, _LOOK_SECONDS)
    name = model_of(settings, engine, model)
    await provider.look(name)
    return name

"""Settings of stage 2."""

from shared.settings import EngineSettings


class Settings(EngineSettings):
    """Those of an engine; stage 2 has none of its own."""

"""Settings of stage 4."""

from shared.settings import EngineSettings


class Settings(EngineSettings):
    """Those of an engine; stage 4 has none of its own."""

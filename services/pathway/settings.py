"""Settings of stage 3."""

from shared.settings import EngineSettings


class Settings(EngineSettings):
    """Those of an engine; stage 3 has none of its own."""

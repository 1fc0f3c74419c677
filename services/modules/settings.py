"""Settings of stage 4."""

from shared.settings import EngineSettings


class Settings(EngineSettings):
    """The settings of an engine; stage 4 adds nothing."""

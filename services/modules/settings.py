"""Settings of stage 4."""

from shared.kernel.settings import EngineSettings


class Settings(EngineSettings):
    """The settings of an engine; stage 4 adds nothing."""

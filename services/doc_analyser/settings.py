"""Settings of stage 2."""

from shared.kernel.settings import EngineSettings


class Settings(EngineSettings):
    """The settings of an engine; stage 2 adds nothing."""

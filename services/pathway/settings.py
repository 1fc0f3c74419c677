"""Settings of stage 3."""

from shared.kernel.settings import EngineSettings


class Settings(EngineSettings):
    """The settings of an engine; stage 3 adds nothing."""

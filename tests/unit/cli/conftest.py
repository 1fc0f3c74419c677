"""The command, in this process."""

from tests.support.command import command

__all__ = ["command"]

"""The command as an operator types it."""

from tests.support.command import command

__all__ = ["command"]

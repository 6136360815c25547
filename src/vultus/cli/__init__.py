"""The command line."""

from vultus.cli.app import main

__all__ = ["main"]

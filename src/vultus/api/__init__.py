"""The door: requests over HTTP, who signed them, and the shape of what goes back."""

from vultus.api.app import create_app
from vultus.api.server import Server, run_server

__all__ = ["Server", "create_app", "run_server"]

"""The command line."""

import sys

BROKEN_OFF = 130  # exit code of what Ctrl-C ended, as shells have it


def main() -> None:
    """Run the command that the arguments name."""
    try:
        from vultus.cli.app import main as run  # late, so that one command's module can be had without all of them

        run()
    except KeyboardInterrupt:
        sys.exit(BROKEN_OFF)

"""The command line."""


def main() -> None:
    """Run the command that the arguments name."""
    from vultus.cli.app import main as run  # late, so that one command's module can be had without all of them

    run()

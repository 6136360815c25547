from tests.cli.conftest import home, vultus

__all__ = ["home", "vultus"]

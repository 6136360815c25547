"""What every test may use."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The labelled test media beside the checkout."""
    if not DATA.is_dir():
        pytest.skip(f"the labelled test media are not at {DATA}")
    return DATA

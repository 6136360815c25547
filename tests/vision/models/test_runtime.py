"""The networks run here, and nobody else hears of it."""

import os
import subprocess
import sys
from pathlib import Path

RUN = "import vultus, onnxruntime; onnxruntime.SessionOptions()"


def left_behind(home: Path, code: str) -> list[Path]:
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")}
    subprocess.run([sys.executable, "-c", code], check=True, env={**kept, "HOME": str(home)}, cwd=home)
    return [path for path in home.rglob("*") if path.is_file()]


def test_onnxruntime_reports_nothing_to_anybody(tmp_path: Path) -> None:
    """Left to itself it makes an id of the device, and a queue of what it is to report."""
    assert left_behind(tmp_path / "ours", RUN) == []

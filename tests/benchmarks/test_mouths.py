"""The labels of mouths."""

import csv
from collections import Counter
from pathlib import Path

LABELS = Path(__file__).resolve().parents[2] / "benchmarks" / "labels" / "mouths.csv"


def rows() -> list[dict[str, str]]:
    with LABELS.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_a_mouth_is_open_or_close_and_labelled_once() -> None:
    assert {row["mouth"] for row in rows()} == {"open", "close"}
    assert set(Counter(row["file"] for row in rows()).values()) == {1}


def test_every_photo_of_a_mouth_is_there(data: Path) -> None:
    assert all((data / row["file"]).is_file() for row in rows())

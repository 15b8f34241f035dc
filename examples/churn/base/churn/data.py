"""Load customers."""

import csv
from pathlib import Path

Row = tuple[float, float]


def load(path: Path) -> tuple[list[Row], list[int]]:
    """Read features, shape (N, 2), and labels, shape (N,), from a CSV file."""
    rows: list[Row] = []
    labels: list[int] = []
    with path.open(newline="") as file:
        for record in csv.DictReader(file):
            rows.append((float(record["tenure"]), float(record["tickets"])))
            labels.append(int(record["left"]))
    return rows, labels

"""Score customers with the newest model."""

import json
import os
import sys
from pathlib import Path

from churn.data import Row
from churn.model import Model


def newest_model() -> Model:
    """Read the newest model of the folder that CHURN_MODEL_DIR names."""
    folder = Path(os.environ["CHURN_MODEL_DIR"])
    newest = max(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
    saved = json.loads(newest.read_text())
    return Model(tuple(saved["weights"]), saved["intercept"])


def leaving(rows: list[Row], threshold=0.5) -> list[bool]:
    """Tell for each customer, shape (N, 2), whether they will leave, shape (N,)."""
    model = newest_model()
    return [model.probability(row) > threshold for row in rows]

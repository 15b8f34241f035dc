"""Train a model: python -m churn.train DATA MODEL."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from churn.data import load
from churn.model import Config, fit


def main(data: Path, target: Path) -> None:
    """Fit a model on a CSV file and write it as JSON."""
    rows, labels = load(data)
    model = fit(rows, labels, Config(learning_rate=0.1, epochs=200))
    target.write_text(json.dumps(asdict(model)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

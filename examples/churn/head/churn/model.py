"""Logistic regression on two features."""

import math
from dataclasses import dataclass

from churn.data import Row


@dataclass(frozen=True)
class Config:
    """Hyperparameters of one training run."""

    learning_rate: float
    epochs: int
    decay: float = 0.0


@dataclass(frozen=True)
class Model:
    """Weights, shape (2,), and the intercept."""

    weights: Row
    intercept: float

    def probability(self, row: Row) -> float:
        """Return the probability that a customer, shape (2,), leaves."""
        score = self.intercept + sum(w * x for w, x in zip(self.weights, row, strict=True))
        return 1.0 / (1.0 + math.exp(-score))


def fit(rows: list[Row], labels: list[int], config: Config) -> Model:
    """Fit by gradient descent on rows, shape (N, 2), and labels, shape (N,)."""
    model = Model((0.0, 0.0), 0.0)
    for _ in range(config.epochs):
        errors = [model.probability(row) - label for row, label in zip(rows, labels, strict=True)]
        step = config.learning_rate / len(rows)
        first = sum(error * row[0] for error, row in zip(errors, rows, strict=True))
        second = sum(error * row[1] for error, row in zip(errors, rows, strict=True))
        kept = 1.0 - config.decay * config.learning_rate
        held = (kept * model.weights[0], kept * model.weights[1])
        weights = (held[0] - step * first, held[1] - step * second)
        model = Model(weights, model.intercept - step * sum(errors))
    return model

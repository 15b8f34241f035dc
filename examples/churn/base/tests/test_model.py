from churn.model import Config, fit

ROWS = [(5.0, 0.0), (4.0, 1.0), (1.0, 4.0), (0.0, 5.0)]
LABELS = [0, 0, 1, 1]


def test_fit_separates_the_two_groups() -> None:
    model = fit(ROWS, LABELS, Config(learning_rate=0.1, epochs=200))
    assert [round(model.probability(row)) for row in ROWS] == LABELS

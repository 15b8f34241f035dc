from pathlib import Path

from churn.data import load


def test_load_reads_features_and_labels(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("tenure,tickets,left\n3,1,0\n1,4,1\n")
    assert load(file) == ([(3.0, 1.0), (1.0, 4.0)], [0, 1])

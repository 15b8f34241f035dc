from unittest import mock

from churn import serving
from churn.model import Model


def test_leaving_compares_with_the_threshold() -> None:
    model = Model((0.0, 1.0), -2.0)
    with mock.patch.object(serving, "newest_model", autospec=True, return_value=model):
        assert serving.leaving([(0.0, 5.0), (0.0, 0.0)]) == [True, False]

"""Calls of machine-learning frameworks are known through imports, aliases, attributes, classes and one call."""

from textwrap import dedent

import pytest

from dodcheck.change import TreeSnapshot
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.ml.frameworks import Frameworks
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.testing import NoSyntaxReader


def calls(code: str, **others: str) -> tuple[MlCall, ...]:
    files = {"a.py": dedent(code)} | {f"{name}.py": dedent(text) for name, text in others.items()}
    return MlCalls(Modules(TreeSnapshot("head", files), NoSyntaxReader())).at("a.py")


def named(code: str, **others: str) -> list[str]:
    return [one.name for one in calls(code, **others)]


TABLE = {
    "imports and aliases": (
        "import pandas as pd\nfrom sklearn.model_selection import train_test_split as tts\ntts(pd.read_csv('x'))\n",
        ["sklearn.model_selection.train_test_split", "pandas.read_csv"],
    ),
    "a method of what a variable was made by": (
        "from sklearn.preprocessing import StandardScaler\ns = StandardScaler()\ns.fit_transform(x)\n",
        ["sklearn.preprocessing.StandardScaler.fit_transform"],
    ),
    "an attribute of self": (
        """
        import torch
        class T:
            def __init__(self, m):
                self.opt = torch.optim.Adam(m.parameters())
            def step(self):
                self.opt.step()
        """,
        ["torch.optim.Adam", "torch.optim.Adam.step"],
    ),
    "one call": (
        """
        import lightgbm as lgb
        def make():
            return lgb.LGBMRegressor(n_estimators=5)
        make().fit(x, y)
        """,
        ["lightgbm.LGBMRegressor", "lightgbm.LGBMRegressor.fit"],
    ),
    "an annotation": (
        "import torch.nn as nn\ndef f(model: nn.Module):\n    model.eval()\n",
        ["torch.nn.Module.eval"],
    ),
    "a class of one's own": (
        "import lightning.pytorch as pl\nclass M(pl.LightningModule):\n    def f(self):\n        self.log('a', 1)\n",
        ["lightning.LightningModule.log"],
    ),
    "Keras of TensorFlow": (
        "import tensorflow as tf\ntf.keras.optimizers.Adam(1e-3)\n",
        ["keras.optimizers.Adam"],
    ),
    "an owner that nobody knows": ("import torch\ndef f(loss):\n    loss.backward()\n", ["?.backward"]),
    "a variable that is made anew out of itself": (
        "from datasets import load_dataset\nd = load_dataset('x')\nd = d.map(f)\nd = d['a'].train_test_split(1)\n",
        ["datasets.load_dataset", "datasets.load_dataset.map", "datasets.load_dataset.map.train_test_split"],
    ),
    "no framework": ("import os\nmodel.fit(x)\nloss.backward()\n", []),
    "a word in a string": ("x = 'torch'\nmodel.fit(x)\n", []),
}


@pytest.mark.parametrize("what", TABLE)
def test_names(what: str) -> None:
    code, expected = TABLE[what]
    assert named(code) == expected


def test_a_class_out_of_another_file() -> None:
    own = "import torch\nclass Net(torch.nn.Module):\n    pass\n"
    found = named("import torch\nfrom model import Net\nn = Net()\nn.train()\n", model=own)
    assert found == ["torch.nn.Module", "torch.nn.Module.train"]


def test_hyperparameters_by_keyword_and_by_position() -> None:
    (one,) = calls("import torch\ntorch.optim.SGD(ps, 0.1, momentum=0.9, nesterov=True)\n")
    assert set(one.hyperparameters) == {"lr", "momentum"}
    assert one.certain
    assert not one.is_open


def test_seed_argument_given_and_left_out() -> None:
    given, left = calls("from sklearn.utils import shuffle\nshuffle(x, random_state=1)\nshuffle(y)\n")
    assert (given.seed_argument, given.seed is not None, left.seed) == ("random_state", True, None)


def test_symbol_and_line() -> None:
    (one,) = calls("import torch\nclass A:\n    def f(self):\n        torch.save(1, 2)\n")
    assert (one.symbol, one.line, one.has("saves")) == ("A.f", 4, True)


def test_every_pattern_of_the_table_starts_with_a_module_that_its_framework_imports() -> None:
    table = Frameworks.shipped()
    for one in table.all:
        assert all(one in table.imported([module]) for module in one.imports)


def test_what_a_file_uses() -> None:
    files = {"a.py": "import pandas as pd\n", "b.py": "from torch import nn\n", "c.py": "import os\n"}
    fact = MlCalls(Modules(TreeSnapshot("head", files), NoSyntaxReader()))
    assert [fact.uses(path) for path in ("a.py", "b.py", "c.py", None)] == [False, True, False, False]
    assert fact.uses("a.py", "data")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("imblearn.ensemble.EasyEnsembleClassifier.fit", "trains"),
        ("xgboost.dask.DaskXGBClassifier.fit", "trains"),
        ("lightgbm.DaskLGBMRegressor.fit", "trains"),
        ("wandb.integration.keras.WandbMetricsLogger", "logs-metrics"),
        ("dvclive.lightning.DVCLiveLogger", "logs-metrics"),
        ("duckdb.connect.read_parquet", "loads-lazily"),
        ("polars.read_csv.shuffle", "stochastic"),
        ("hydra.core.config_store.ConfigStore.instance.store", "configures"),
    ],
)
def test_the_table_knows_what_the_documentation_names(name: str, role: str) -> None:
    meaning = Frameworks.shipped().meaning(name)
    assert meaning is not None
    assert role in meaning.roles

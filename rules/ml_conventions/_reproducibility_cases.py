"""Cases of the rule reproducibility: what seeds a run, and what leaves it to chance."""

import json
from textwrap import indent

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/train.py"
_LOOP = "opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)\nfor x in data:\n    loss(x).backward()\n    opt.step()\n"


def _new(name: str, expect: Status, code: str, path: str = _P, **others: str) -> Case:
    return Case(name, expect, {}, {path: code} | others)


def _altered(name: str, expect: Status, before: str, after: str) -> Case:
    return Case(name, expect, {_P: before}, {_P: after})


def _run(seed: str, more: str = "", imports: str = "import torch\n") -> str:
    """A script that seeds, makes a model and trains it."""
    body = f"{seed}\nnet = torch.nn.Linear(cfg.n, 1)\n{more}{_LOOP}"
    return (
        f"{imports}def main(cfg, data):\n{indent(body, '    ')}\nif __name__ == '__main__':\n    main(load(), read())\n"
    )


def _notebook(code: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": code.splitlines(keepends=True)}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


_SPLIT = "from sklearn.model_selection import train_test_split\n"
_SCRIPT = "if __name__ == '__main__':\n    main()\n"
_FOREST = (
    "from sklearn.ensemble import RandomForestClassifier\n"
    "m = RandomForestClassifier(n_estimators=cfg.n{})\nm.fit(x, y)\n"
)


def _loader(made: str, seed: str = "pass") -> str:
    imports = "import torch\nfrom torch.utils.data import DataLoader\n"
    return f"{imports}def main(d, net, cfg):\n    {seed}\n    for x in {made}:\n        net(x).backward()\n{_SCRIPT}"


CASES = [
    _new("a script that calls its own function of an epoch", _FAIL,
         "import torch\nnet = torch.nn.Linear(2, 1)\ndef train():\n    for x in data:\n        net(x).backward()\n"
         "for epoch in range(9):\n    train()\n"),
    _new("a module that calls another function at once", _REVIEW,
         _SPLIT + "from sklearn.svm import SVC\ndef train(x):\n    SVC().fit(*train_test_split(x))\n"
         "def name():\n    return 'a'\nNAME = name()\n"),
    _new("NumPy is seeded, PyTorch trains", _FAIL,
         _run("np.random.seed(cfg.seed)", imports="import numpy as np, torch\n")),
    _new("nothing is seeded", _FAIL, _run("")),
    _new("PyTorch is seeded", _PASS, _run("torch.manual_seed(cfg.seed)")),
    _new("PyTorch is seeded, NumPy draws too", _FAIL,
         _run("torch.manual_seed(cfg.seed)", "noise = np.random.randn(3)\n", "import torch\nimport numpy as np\n")),
    _new("everything is seeded by Lightning", _PASS,
         _run("L.seed_everything(cfg.seed)", "noise = np.random.randn(3)\n", "import torch, numpy as np\n"
         "import lightning as L\n")),
    _new("a helper of one's own seeds", _PASS,
         _run("seed_everything(cfg.seed)", imports="import torch\nfrom x import *\n")),
    _new("an imported set-up seeds", _PASS, _run("setup(cfg)", imports="import torch\nfrom .setup import setup\n"), _P,
         **{"src/app/setup.py": "import torch\ndef setup(cfg):\n    torch.manual_seed(cfg.seed)\n"}),
    _new("the seed comes after the model", _FAIL, _run("", "torch.manual_seed(cfg.seed)\n")),
    _new("the seed comes after a model of one's own", _FAIL,
         "import torch\nclass Net(torch.nn.Module):\n    pass\nnet = Net()\ntorch.manual_seed(3)\n" + _LOOP),
    _new("weights are loaded, so the model draws none", _PASS,
         _run("", "net.load_state_dict(torch.load(p))\ntorch.manual_seed(cfg.seed)\n")),
    _new("a model from elsewhere may draw", _REVIEW, _run("").replace("torch.nn.Linear(cfg.n, 1)", "make(cfg)")),
    _new("the seed comes before a model of one's own", _PASS,
         "import torch\nclass Net(torch.nn.Module):\n    pass\ntorch.manual_seed(3)\nnet = Net()\n" + _LOOP),
    _new("a seed of None", _FAIL, _FOREST.format(", random_state=None")),
    _new("an estimator without a seed in a script", _FAIL, _FOREST.format("")),
    _new("an estimator with a seed", _PASS, _FOREST.format(", random_state=cfg.seed")),
    _new("an estimator in a seeded ensemble", _PASS,
         "from sklearn.ensemble import AdaBoostRegressor\nfrom sklearn.tree import DecisionTreeRegressor\n"
         "m = AdaBoostRegressor(DecisionTreeRegressor(max_depth=cfg.d), random_state=cfg.seed)\nm.fit(x, y)\n"),
    _new("an estimator in an ensemble without a seed", _FAIL,
         "from sklearn.ensemble import AdaBoostRegressor\nfrom sklearn.tree import DecisionTreeRegressor\n"
         "tree = DecisionTreeRegressor(max_depth=cfg.d)\nm = AdaBoostRegressor(tree)\nm.fit(x, y)\n"),
    _new("k-means that starts at given centres", _PASS,
         "from sklearn.cluster import KMeans\nm = KMeans(init=pca.components_, n_clusters=9, n_init=1)\nm.fit(x)\n"),
    _new("k-means that starts anywhere", _FAIL,
         "from sklearn.cluster import KMeans\nm = KMeans(init='k-means++', n_clusters=cfg.n, n_init=1)\nm.fit(x)\n"),
    _new("layers tried out before the seed of the model", _REVIEW,
         _run("", "print(net)\ntorch.manual_seed(cfg.seed)\nnet = torch.nn.Linear(cfg.n, 1)\n")),
    _new("numbers drawn while a trainer of Transformers runs", _REVIEW,
         "import random\nfrom trl import GRPOTrainer\ndef reward(x):\n    return random.random()\n"
         "GRPOTrainer(m, reward_funcs=reward, args=a).train()\n"),
    _new("an estimator under a seeded NumPy", _PASS,
         "import numpy as np\nnp.random.seed(cfg.seed)\n" + _FOREST.format("")),
    _new("an estimator that draws nothing", _NA,
         "from sklearn.linear_model import Ridge\nRidge(alpha=cfg.a).fit(x, y)\n"),
    _new("a table of settings may hold the seed", _PASS, _FOREST.format(", **cfg.forest")),
    _new("a split without a seed in a script", _FAIL, _SPLIT + "def main():\n    train_test_split(x)\n" + _SCRIPT),
    _new("a split without a seed in a module", _REVIEW, _SPLIT + "def parts(x):\n    return train_test_split(x)\n"),
    _new("a split with a seed", _PASS,
         _SPLIT + "def parts(x, seed):\n    return train_test_split(x, random_state=seed)\n"),
    _new("a split that does not shuffle", _PASS,
         _SPLIT + "def parts(x):\n    return train_test_split(x, shuffle=False)\n"),
    _new("a generator handed around", _PASS,
         "import numpy as np\nimport sklearn\ndef main(cfg):\n    rng = np.random.default_rng(cfg.seed)\n"
         "    draw(rng)\n"),
    _new("a generator without a seed", _REVIEW,
         "import numpy as np\nimport sklearn\ndef f():\n    return np.random.default_rng()\n"),
    _new("workers that shuffle unseeded", _FAIL, _loader("DataLoader(d, shuffle=True, num_workers=4)")),
    _new("workers that shuffle with a seeded PyTorch", _PASS,
         _loader("DataLoader(d, shuffle=True, num_workers=4)", "torch.manual_seed(cfg.seed)")),
    _new("a loader that does not shuffle a model from elsewhere", _REVIEW, _loader("DataLoader(d)")),
    _new("a module of loaders leaves seeding to the run", _PASS,
         "from torch.utils.data import DataLoader\ndef loader(d):\n    return DataLoader(d, shuffle=True)\n"),
    _new("several processes", _REVIEW,
         _run("torch.distributed.init_process_group('nccl')")),
    _new("a configuration that calls functions may seed", _REVIEW,
         _run("hparams = load_hyperpyyaml(file)", imports="import torch\nfrom hyperpyyaml import load_hyperpyyaml\n")),
    _new("XGBoost has a fixed seed where none is given", _NA,
         "import xgboost\nxgboost.XGBRegressor(n_jobs=2).fit(x, y)\n"),
    _new("LightGBM has fixed seeds where none is given", _NA,
         "import lightgbm\nlightgbm.LGBMClassifier(n_jobs=2).fit(x, y)\n"),
    _new("evaluation draws nothing", _NA,
         "import torch\ndef main(net, x):\n    return net(x)\n" + _SCRIPT),
    _new("the trainer of Transformers seeds by itself", _NA,
         "from transformers import Trainer\ndef main(m, a):\n    Trainer(m, a).train()\n" + _SCRIPT),
    _new("a training loop in a module", _PASS, "import torch\ndef step(loss):\n    loss.backward()\n"),
    _new("Keras unseeded", _FAIL, "import keras\nm = keras.Sequential()\nm.fit(x, y)\n"),
    _new("Keras seeded", _PASS,
         "import keras\nkeras.utils.set_random_seed(cfg.seed)\nm = keras.Sequential()\nm.fit(x, y)\n"),
    _new("in a notebook a person judges", _REVIEW,
         _notebook("import keras\n!ls\nm = keras.Sequential()\nm.fit(x, y)\n"), "a.ipynb"),
    _new("in a test", _NA, _run(""), "tests/test_train.py"),
    _new("no machine learning", _NA, "import random\nprint(random.random())\n"),
    _altered("unseeded at base too", _PASS, _run(""), _run("", "x = 1\n")),
    _altered("the seed is taken away", _FAIL, _run("torch.manual_seed(cfg.seed)"), _run("")),
    _altered("a second split, as the first", _REVIEW, _SPLIT + "def parts(x):\n    return train_test_split(x)\n",
             _SPLIT + "def parts(x):\n    train_test_split(x)\n    return train_test_split(x)\n"),
    Case("unseeded at base in a renamed file", _PASS, {_P: _run("")}, {"src/app/run.py": _run("", "x = 1\n")}),
]  # fmt: skip

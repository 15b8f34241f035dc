"""Cases of the rule `stage-separation`."""

import json
from collections.abc import Mapping

from dodcheck.rule import Case, Status

F, P, H, N = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_IMPORTS = (
    "import pandas as pd\nfrom sklearn.metrics import f1_score\nfrom sklearn.preprocessing import StandardScaler\n"
    "from sklearn.svm import SVC\n"
)
_ALL = "df = pd.read_csv(p)\nX = StandardScaler().fit_transform(df)\nSVC().fit(X, y)\nf1_score(y, z)\n"
_MIXED = _IMPORTS + _ALL
_BANNERS = _IMPORTS + "".join(f"# ---- stage {at} ----\n{line}\n" for at, line in enumerate(_ALL.splitlines()))
_NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": _MIXED}], "nbformat": 4, "nbformat_minor": 5})


def _case(expect: Status, name: str, code: str, files: Mapping[str, str] | None = None) -> Case:
    return Case(name, expect, {"README.md": ""}, {"README.md": "", "train.py": code, **(files or {})})


CASES = (
    _case(F, "one script reads, scales, fits and scores", _MIXED),
    _case(F, "stages with banners of comments between", _BANNERS),
    _case(
        P,
        "a pipeline of modules of its own",
        "",
        {
            "pipeline.py": "from ours.data import load\nfrom ours.fit import train\nimport mlflow\ntrain(load())\n",
            "ours/data.py": "import pandas as pd\ndef load():\n    return pd.read_csv('a.csv')\n",
            "ours/fit.py": "from sklearn.svm import SVC\ndef train(df):\n    return SVC().fit(df, df)\n",
        },
    ),
    _case(H, "a notebook", "", {"a.ipynb": _NOTEBOOK}),
    _case(
        P,
        "the Trainer evaluates while it trains",
        "from transformers import Trainer\nt = Trainer(m, compute_metrics=f)\nt.train()\nt.evaluate()\n",
    ),
    _case(
        F,
        "a table is read where a model is fitted",
        "import pandas as pd\nfrom sklearn.svm import SVC\ndf = pd.read_csv(p)\nSVC().fit(df, df)\n",
    ),
    _case(
        F,
        "a stage comes into a module that trains",
        "import pandas as pd\nfrom sklearn.svm import SVC\ndef fit(p):\n    SVC().fit(pd.read_csv(p), y)\n",
    ),
    _case(
        H,
        "data are read where they are scored",
        "import pandas as pd\nfrom sklearn.metrics import f1_score\nf1_score(*pd.read_csv(p))\n",
    ),
    _case(
        H,
        "an estimator that scales what it is fitted on",
        f"{_IMPORTS}class Scaled:\n    def fit(self, X, y):\n        Z = StandardScaler().fit_transform(X)\n"
        "        return self.train(Z, y)\n    def train(self, Z, y):\n        self.model = SVC().fit(Z, y)\n",
    ),
    _case(
        F,
        "an estimator that reads what it is fitted on",
        f"{_IMPORTS}class Read:\n    def fit(self, p, y):\n        SVC().fit(pd.read_csv(p), y)\n",
    ),
    _case(N, "a model is defined", "from torch import nn\nclass Net(nn.Module):\n    pass\n"),
    Case("an old mixture", N, {"train.py": _MIXED}, {"train.py": f"{_MIXED}print(1)\n"}),
    Case("a mixture in a test", N, {}, {"tests/test_train.py": _MIXED}),
    Case("a mixture in an example", N, {}, {"examples/iris.py": _MIXED}),
    Case(
        "an old mixture takes up one more stage",
        F,
        {"train.py": _IMPORTS + "df = pd.read_csv(p)\nSVC().fit(df, y)\n"},
        {"train.py": _MIXED},
    ),
)

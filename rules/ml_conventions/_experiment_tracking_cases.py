"""Cases of the rule `experiment-tracking`."""

import json
from collections.abc import Mapping

from dodcheck.rule import Case, Status

F, P, H, N = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_FIT = "from sklearn.svm import SVC\nmodel = SVC(C=cfg.c)\nmodel.fit(X, y)\n"
_STAGE = (
    "stages:\n  train:\n    cmd: python train.py\n    params: [train]\n    outs: [model.pkl]\n    metrics: [m.json]\n"
)


def _case(expect: Status, name: str, code: str, files: Mapping[str, str] | None = None) -> Case:
    return Case(name, expect, {"README.md": ""}, {"README.md": "", "train.py": code, **(files or {})})


_HF = (
    "from transformers import Trainer, TrainingArguments\nargs = TrainingArguments('out'{})\nTrainer(m, args).train()\n"
)

CASES = (
    _case(F, "metrics on the terminal alone", f"{_FIT}print(model.score(X, y))\n"),
    _case(P, "autolog before the training", f"import mlflow\nmlflow.autolog()\n{_FIT}"),
    _case(F, "autolog after the training", f"import mlflow\n{_FIT}mlflow.autolog()\n"),
    _case(
        P,
        "all three by hand",
        f"import mlflow\n{_FIT}mlflow.log_params({{}})\nmlflow.log_metric('a', 1)\nmlflow.log_artifact('m')\n",
    ),
    _case(H, "metrics without parameters and artifacts", f"import mlflow\n{_FIT}mlflow.log_metric('a', 1)\n"),
    _case(P, "the Trainer reports to Weights & Biases", _HF.format(', report_to=["wandb"]')),
    _case(P, "a configuration file says where", _HF.format(""), {"recipes/a.yaml": "lr: 1\nreport_to:\n- wandb\n"}),
    _case(H, "a configuration file says nowhere", _HF.format(""), {"recipes/a.yaml": "report_to: none\ntracker: x\n"}),
    _case(F, "the Trainer reports to nobody", _HF.format(', report_to="none"')),
    _case(H, "the Trainer reports to whatever is installed", "import wandb\n" + _HF.format("")),
    _case(F, "Weights & Biases is turned off", f'import wandb\nwandb.init(mode="disabled")\n{_FIT}wandb.log({{}})\n'),
    _case(
        P,
        "Weights & Biases offline",
        f"import wandb\nrun = wandb.init(mode='offline', config=cfg)\n{_FIT}wandb.log({{}})\nwandb.save('m.pkl')\n",
    ),
    _case(
        P,
        "the parent class logs",
        "from sklearn.svm import SVC\nfrom base import BaseTrainer\nclass T(BaseTrainer):\n    def fit(self):\n"
        "        SVC().fit(X, y)\nif __name__ == '__main__':\n    T().run()\n",
        {
            "base.py": "import mlflow\nclass BaseTrainer:\n    def run(self):\n        mlflow.log_params({})\n"
            "        self.fit()\n        mlflow.log_metrics({})\n        mlflow.log_artifact('m')\n"
        },
    ),
    _case(P, "a stage of DVC keeps all three", _FIT, {"dvc.yaml": _STAGE}),
    _case(H, "the script beside it logs", _FIT, {"evaluate.py": "from dvclive import Live\n"}),
    _case(N, "a benchmark that throws its model away", "", {"bench.py": _FIT}),
    _case(H, "a log file", f"import logging\nlogging.basicConfig(filename='run.log')\n{_FIT}logging.info(1)\n"),
    _case(H, "a table of results", f"{_FIT}cv_results.to_csv('results.csv')\n"),
    _case(F, "a table of predictions", f"{_FIT}out.to_csv('submission.csv')\n"),
    _case(
        H, "a study that keeps its trials", f"import optuna\ns = optuna.create_study(storage='sqlite:///a.db')\n{_FIT}"
    ),
    _case(F, "a study in memory", f"import optuna\ns = optuna.create_study(direction='maximize')\n{_FIT}"),
    _case(H, "a logger of hyperparameters' own", f"{_FIT}hparams.train_logger.log_stats(stats)\n"),
    _case(H, "a pipeline that keeps what its steps give", f"from zenml import step\n{_FIT}"),
    _case(
        H,
        "the Trainer reports to nobody, and the metrics go to a file",
        "from ours import save_metrics\n" + _HF.format(', report_to="none"') + "save_metrics(r, 'm.json')\n",
    ),
    _case(H, "a tracker of the project's own", f"from ours import track\n{_FIT}track(model)\n"),
    _case(
        F,
        "a loop of PyTorch that prints",
        "import torch\ndef main():\n    for x in data:\n        loss = net(x)\n        loss.backward()\n"
        "        opt.step()\n        print(loss)\nif __name__ == '__main__':\n    main()\n",
    ),
    _case(
        F,
        "a script that calls its own function of an epoch",
        "import torch\ndef step(x):\n    net(x).backward()\n    opt.step()\ndef train():\n    for x in data:\n"
        "        step(x)\nfor epoch in range(9):\n    train()\n",
    ),
    _case(
        F,
        "a loop of Accelerate that prints",
        "from accelerate import Accelerator\ndef main():\n    accelerator = Accelerator()\n    for x in data:\n"
        "        accelerator.backward(net(x))\nif __name__ == '__main__':\n    main()\n",
    ),
    _case(F, "main is called at once", "from sklearn.svm import SVC\ndef main():\n    SVC().fit(X, y)\nmain()\n"),
    _case(
        N,
        "a module that only defines how to train",
        "from sklearn.svm import SVC\ndef fit(X, y):\n    SVC().fit(X, y)\n",
    ),
    _case(
        H,
        "a notebook that prints",
        "",
        {"a.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": _FIT}], "nbformat": 4, "nbformat_minor": 5})},
    ),
    _case(
        N, "an index of neighbours", "from sklearn.neighbors import NearestNeighbors\nn = NearestNeighbors().fit(X)\n"
    ),
    _case(N, "no training", "from sklearn.svm import SVC\nmodel = SVC()\n"),
    Case("old training", N, {"train.py": _FIT}, {"train.py": f"{_FIT}print(1)\n"}),
    Case(
        "the record goes",
        F,
        {"train.py": f"import mlflow\nmlflow.autolog()\n{_FIT}"},
        {"train.py": _FIT},
    ),
    Case("training in a test", N, {}, {"tests/test_train.py": _FIT}),
)

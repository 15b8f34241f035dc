"""Cases of the rule hyperparameters: where a value may come from, and where not."""

import json

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/train.py"
_TORCH = "from torch.optim import Adam\n"


def _new(name: str, expect: Status, code: str, path: str = _P, **others: str) -> Case:
    return Case(name, expect, {}, {path: code} | others)


def _altered(name: str, expect: Status, before: str, after: str, path: str = _P) -> Case:
    return Case(name, expect, {path: before}, {path: after})


def _notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": c.splitlines(keepends=True)} for c in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


_OPTIMISER = _TORCH + "def train(model, cfg):\n    return Adam(model.parameters(), lr={})\n"
_WRITTEN = _OPTIMISER.format("3e-4")
_READ = _OPTIMISER.format("cfg.lr")
_FOREST = "from sklearn.ensemble import RandomForestClassifier\n"

CASES = [
    _new("a learning rate in the call", _FAIL, _WRITTEN),
    _new("a learning rate by position", _FAIL, "import torch\no = torch.optim.SGD(model.parameters(), 0.1)\n"),
    _new("places of a class of one's own are its own", _NA,
         "from torch import nn\nclass Net(nn.LSTM):\n    def __init__(self, words, size):\n        pass\n"
         "n = Net(9, 8)\n"),
    _new("a learning rate of one", _FAIL, _OPTIMISER.format("1.0")),
    _new("what is turned off", _PASS, _OPTIMISER.format("cfg.lr, weight_decay=0")),
    _new("a negative or computed number", _FAIL, _OPTIMISER.format("10 ** -4")),
    _new("a number in a cast", _FAIL, _OPTIMISER.format("float('3e-4')")),
    _new("a module constant", _FAIL, _TORCH + "LR = 3e-4\ndef train(ps):\n    return Adam(ps, lr=LR)\n"),
    _new("a constant of another module of code", _FAIL, _TORCH + "from .other import LR\no = Adam(ps, lr=LR)\n", _P,
         **{"src/app/other.py": "LR = 3e-4\n"}),
    _new("a constant of a module of configuration", _PASS, _TORCH + "from .config import LR\no = Adam(ps, lr=LR)\n", _P,
         **{"src/app/config.py": "LR = 3e-4\n"}),
    _new("a local variable", _FAIL, _TORCH + "def f(ps):\n    lr = 3e-4\n    return Adam(ps, lr=lr)\n"),
    _new("an attribute of self", _FAIL,
         _TORCH + "class T:\n    def __init__(self):\n        self.lr = 3e-4\n    def f(self, ps):\n"
         "        return Adam(ps, lr=self.lr)\n"),
    _new("a number handed to the function that makes the optimiser", _FAIL,
         _TORCH + "def make(ps, lr):\n    return Adam(ps, lr=lr)\nmake(ps, 3e-4)\n"),
    _new("all defaults left to the library", _FAIL, _FOREST + "m = RandomForestClassifier()\n"),
    _new("a seed is no hyperparameter", _FAIL, _FOREST + "m = RandomForestClassifier(random_state=42, n_jobs=-1)\n"),
    _new("seed, jobs and verbosity beside what is configured", _PASS,
         _FOREST + "m = RandomForestClassifier(cfg.trees, max_depth=cfg.d, random_state=42, n_jobs=-1, verbose=1)\n"),
    _new("a model without hyperparameters", _NA,
         "from sklearn.linear_model import LinearRegression\nm = LinearRegression()\n"),
    _new("attributes of a configuration", _PASS, _READ),
    _new("a whole table of the configuration", _PASS, _FOREST + "m = RandomForestClassifier(**cfg.model)\n"),
    _new("a whole table that is written into the code", _FAIL,
         _FOREST + "params = {'n_estimators': 500, 'max_depth': cfg.depth}\nm = RandomForestClassifier(**params)\n"),
    _new("a whole table by `dict`", _FAIL,
         _FOREST + "params = dict(n_estimators=500, random_state=1)\nm = RandomForestClassifier(**params)\n"),
    _new("a whole table of configured values", _PASS,
         _FOREST + "params = {'n_estimators': cfg.trees}\nm = RandomForestClassifier(**params)\n"),
    _new("a loader of graphs", _FAIL,
         "import torch\nfrom torch_geometric.loader import DataLoader\nd = DataLoader(data, batch_size=64)\n"),
    _new("Hydra makes the optimiser", _PASS,
         _TORCH + "from hydra.utils import instantiate\ndef f(cfg, ps):\n    return instantiate(cfg.opt, ps)\n"),
    _new("a search over what is configured", _PASS,
         "from sklearn.model_selection import GridSearchCV\ng = GridSearchCV(m, param_grid=cfg.grid)\n"),
    _new("an estimator that a search gives its settings", _PASS,
         "from sklearn.model_selection import GridSearchCV\nfrom sklearn.svm import SVC\n"
         "g = GridSearchCV(SVC(), param_grid=cfg.grid)\n"),
    _new("an estimator in a pipeline that a search gives its settings", _PASS,
         "from sklearn.model_selection import GridSearchCV\nfrom sklearn.pipeline import make_pipeline\n"
         "from sklearn.preprocessing import StandardScaler\nfrom sklearn.svm import SVC\n"
         "svc = SVC(random_state=1)\npipe = make_pipeline(StandardScaler(), svc)\n"
         "g = GridSearchCV(estimator=pipe, param_grid=cfg.grid)\n"),
    _new("estimators in a list with their grids", _PASS,
         "from sklearn.model_selection import GridSearchCV\nfrom sklearn.svm import SVC\n"
         "pairs = [(SVC(random_state=0), cfg.grid)]\nfor name, (m, grid) in enumerate(pairs):\n"
         "    g = GridSearchCV(estimator=m, param_grid=grid)\n"),
    _new("a model that is loaded has its settings from the file", _PASS,
         "import xgboost\nm = xgboost.XGBClassifier()\nm.load_model(p)\n"),
    _new("an estimator beside a search", _FAIL,
         _FOREST + "from sklearn.model_selection import GridSearchCV\ng = GridSearchCV(m, param_grid=cfg.grid)\n"
         "other = RandomForestClassifier()\n"),
    _new("groups of parameters with a learning rate each", _PASS,
         _TORCH + "groups = [{'params': a, 'lr': cfg.lr}, {'params': b, 'lr': cfg.lr / cfg.f}]\no = Adam(groups)\n"),
    _new("groups of parameters without a learning rate", _FAIL,
         _TORCH + "groups = [{'params': a, 'weight_decay': cfg.decay}]\no = Adam(groups)\n"),
    _new("how long a search or a solver goes on", _NA,
         "import optuna\nfrom sklearn.linear_model import LogisticRegression\n"
         "optuna.create_study().optimize(f, n_trials=100)\nm = LogisticRegression(max_iter=10_000)\n"),
    _new("two components to draw", _NA,
         "from sklearn.decomposition import PCA\nX = PCA(n_components=2).fit_transform(X)\n"),
    _new("twenty components", _FAIL, "from sklearn.decomposition import PCA\nX = PCA(n_components=20).fit(X)\n"),
    _new("a trial of Optuna", _PASS,
         _TORCH + "def f(trial, ps):\n    lr = trial.suggest_float('lr', 1e-5, 1e-1)\n    return Adam(ps, lr=lr)\n"),
    _new("a dataclass whose default nothing replaces is noted", _PASS,
         _TORCH + "@dataclass\nclass C:\n    lr: float = 3e-4\nc = C()\no = Adam(ps, lr=c.lr)\n"),
    _new("an option with a default is noted", _PASS,
         _TORCH + "parser.add_argument('--lr', type=float, default=3e-4)\nargs = parser.parse_args()\n"
         "o = Adam(ps, lr=args.lr)\n"),
    _new("the default of a parameter is for the caller to replace", _PASS,
         _TORCH + "def f(ps, lr=3e-4):\n    return Adam(ps, lr=lr)\n"),
    _new("an attribute of a class that is no configuration", _FAIL,
         _TORCH + "class Net:\n    lr = 3e-4\n    def f(self, ps):\n        return Adam(ps, lr=self.lr)\n"),
    _new("a number computed out of something else", _REVIEW, _OPTIMISER.format("base_lr * 0.1")),
    _new("a number out of one branch only", _PASS, _OPTIMISER.format("cfg.lr if cfg else 3e-4")),
    _new("a variable that a loop changes", _PASS,
         _TORCH + "for lr in cfg.rates:\n    o = Adam(ps, lr=lr)\n"),
    _new("in a test", _NA, _WRITTEN, "tests/test_train.py"),
    _new("in an example", _NA, _WRITTEN, "examples/train.py"),
    _new("in a module of configuration", _NA, _WRITTEN, "src/app/config.py"),
    _new("in a notebook a person judges", _REVIEW, _notebook("%pylab inline", _WRITTEN), "train.ipynb"),
    _new("arguments of a trainer", _FAIL,
         "from transformers import TrainingArguments\n"
         "a = TrainingArguments('o', num_train_epochs=3, report_to='none')\n"),
    _new("epochs of Keras", _FAIL,
         "import tensorflow as tf\nm = tf.keras.Sequential()\nm.fit(x, y, epochs=10, batch_size=cfg.batch)\n"),
    _new("a batch size", _FAIL, "from torch.utils.data import DataLoader\nd = DataLoader(data, batch_size=64)\n"),
    _new("one by one is no choice", _NA,
         "from torch.utils.data import DataLoader\nd = DataLoader(data, batch_size=1)\n"),
    _new("boosting with a table of numbers", _FAIL,
         "import lightgbm as lgb\np = {'objective': 'binary', 'num_leaves': 63}\nm = lgb.train(p, data, cfg.rounds)\n"),
    _new("boosting with a configured table", _PASS,
         "import lightgbm as lgb\nm = lgb.train(cfg.params, data, num_boost_round=cfg.rounds)\n"),
    _new("temperature of a language model", _FAIL,
         "from langchain_openai import ChatOpenAI\nm = ChatOpenAI(model=cfg.model, temperature=0.7)\n"),
    _new("a function of one's own that takes a learning rate", _NA, "import torch\nmake(lr=3e-4)\n"),
    _new("no machine learning", _NA, "def f(lr=3e-4):\n    return Adam(lr=lr)\n"),
    _altered("what base wrote into the call too", _PASS, _WRITTEN, _WRITTEN + "x = 1\n"),
    _altered("a number that was tuned", _PASS, _WRITTEN, _OPTIMISER.format("1e-4")),
    _altered("from configuration into the code", _FAIL, _READ, _WRITTEN),
    _altered("from the code into configuration", _PASS, _WRITTEN, _READ),
    _altered("a second number in an old call", _FAIL, _WRITTEN, _OPTIMISER.format("3e-4, weight_decay=0.1")),
    _altered("an old call in a renamed function", _PASS, _WRITTEN, _WRITTEN.replace("def train", "def fit")),
    Case("an old call in another file", _PASS, {_P: _WRITTEN}, {"src/app/loop.py": _WRITTEN + "a = 1\n" * 30}),
]  # fmt: skip

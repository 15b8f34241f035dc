"""Cases of the rule split-rigor: choices by a score of the test part, names like a part's, transformers of columns."""

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_HEAD = """\
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("data.csv")
X, y = df.drop(columns="y"), df["y"]
"""
_SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)\n"
_LOADER = """\
import torch
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
train_loader, test_loader = DataLoader(MNIST('d')), DataLoader(MNIST('d', train=False))
def score_of(model, loader):
  right = 0
  for data, target in loader:
    right += model(data).argmax(dim=1).eq(target).sum().item()
  return right / len(loader.dataset)
"""
_EPOCHS = "def main(model):\n  best_acc = 0\n  for epoch in range(9):\n    step(model, train_loader)\n"
_CHOSEN = {
    "a scaler in a transformer of columns": "from sklearn.compose import ColumnTransformer\n"
    "X = ColumnTransformer([('n', StandardScaler(), ['a'])]).fit_transform(X)\n" + _SPLIT,
    "the best model by its score on the test part": _SPLIT
    + "best = 0\nfor c in (0.1, 1, 10):\n  m = LogisticRegression(C=c).fit(X_train, y_train)\n"
    "  score = m.score(X_test, y_test)\n  if score > best:\n    best, model = score, m\n",
    "the best threshold by the test part": "from sklearn.metrics import f1_score\n"
    + _SPLIT
    + "p = LogisticRegression().fit(X_train, y_train).predict_proba(X_test)[:, 1]\nbest_f1, best_t = 0, 0\n"
    "for t in np.linspace(0, 1):\n  f1 = f1_score(y_test, p > t)\n  if best_f1 < f1:\n"
    "    best_f1 = f1\n    best_t = t\n",
    "the best epoch by the loader of the test part": "import torch\nfrom torch.utils.data import DataLoader\n"
    "from torchvision.datasets import MNIST\ntest_loader = DataLoader(MNIST('d', train=False))\n"
    "def evaluate(model, loader):\n  total = 0\n  for data, target in loader:\n"
    "    total += (model(data) - target).abs().item()\n  return total\n"
    "def run(model):\n  best_loss = 9.0\n  for epoch in range(9):\n    loss = evaluate(model, test_loader)\n"
    "    if loss < best_loss - 1e-4:\n      best_loss = loss\n      torch.save(model.state_dict(), 'm.pt')\n",
    "training that ends by a loss of the test part": "import torch\nfrom own import EarlyStopping\n"
    + _SPLIT
    + "stopper = EarlyStopping()\nfor epoch in range(9):\n  loss = ((model(X_test) - y_test) ** 2).sum()\n"
    "  if stopper.early_stop(loss):\n    break\n",
    "the best checkpoint by its score on the test part": _LOADER
    + _EPOCHS
    + "    acc = score_of(model, test_loader)\n    is_best = acc > best_acc\n    best_acc = max(acc, best_acc)\n"
    "    save({'model': model.state_dict()}, is_best)\n",
    "the best of a list of scores": _SPLIT + "scores = []\nfor c in (0.1, 1, 10):\n"
    "  scores.append(LogisticRegression(C=c).fit(X_train, y_train).score(X_test, y_test))\n"
    "best_c = (0.1, 1, 10)[np.argmax(scores)]\n",
    "the best of a table of scores": _SPLIT + "results = {}\nfor c in (0.1, 1, 10):\n"
    "  results[c] = LogisticRegression(C=c).fit(X_train, y_train).score(X_test, y_test)\n"
    "best_c = max(results, key=results.get)\n",
    "the place of the best score": _SPLIT
    + "accs = [LogisticRegression(C=c).fit(X_train, y_train).score(X_test, y_test) for c in (0.1, 1, 10)]\n"
    "best_c = (0.1, 1, 10)[accs.index(max(accs))]\n",
    "a search on the test part": _SPLIT
    + "g = GridSearchCV(LogisticRegression(), {'C': [1, 2]})\ng.fit(X_test, y_test)\n",
}
_NO_CHOICE = {
    "the score on the test part printed at each epoch": _LOADER
    + _EPOCHS
    + "    print(epoch, score_of(model, test_loader))\n  torch.save(model.state_dict(), 'm.pt')\n",
    "the best checkpoint by a loader of the validation part": _LOADER.replace("test_loader", "val_loader")
    + _EPOCHS
    + "    acc = score_of(model, val_loader)\n    is_best = acc > best_acc\n    best_acc = max(acc, best_acc)\n"
    "    save({'model': model.state_dict()}, is_best)\n",
}
_CLEAN = {
    "categories alone, by a transformer of columns": "from sklearn.compose import ColumnTransformer\n"
    "from sklearn.preprocessing import OneHotEncoder\nhot = OneHotEncoder()\n"
    "X = ColumnTransformer([('hot', hot, ['a'])], remainder='passthrough').fit_transform(X)\n" + _SPLIT,
    "names of classes in a file for the test": "import keras\nwith open('eval.classes') as test_file:\n"
    "  test_classes = test_file.readlines()\nm = keras.Sequential()\nm.fit(df, y)\nm.predict(df)\n" + _SPLIT,
    "a class that splits the training part that it is given": "class Selection:\n  def fit(self, X, y):\n"
    "    X_train, X_test, y_train, y_test = train_test_split(X, y)\n    scores = []\n    for c in (0.1, 1, 10):\n"
    "      scores.append(LogisticRegression(C=c).fit(X_train, y_train).score(X_test, y_test))\n"
    "    print(scores)\n    self.best = max(range(3), key=scores.__getitem__)\n"
    + _SPLIT
    + "Selection().fit(X_train, y_train)\n",
    "the result of a statistical test": "from statsmodels.tsa.stattools import adfuller\ndftest = adfuller(df)\n"
    "train, test = df[:80], df[80:]\nm = LogisticRegression().fit(train[['a']], train['y'])\nm.predict(train[['a']])\n",
    "each week as a test of the weeks before": "for week, X_test in df.groupby('week'):\n"
    "  X_train = df[df.index < X_test.index.min()]\n  y_train, y_test = X_train.pop('y'), X_test.pop('y')\n"
    "  model = LogisticRegression().fit(X_train, y_train)\n  model.predict(X_test)\n",
    "the second half of the training part as the validation part": "from datasets import load_dataset\n"
    "from transformers import Trainer, TrainingArguments\nds = load_dataset('imdb')\n"
    "parts = ds['train'].train_test_split(0.1)\nval_ds = parts['test']\ntest_ds = ds['test']\n"
    "args = TrainingArguments('out', load_best_model_at_end=True)\n"
    "t = Trainer('m', args, train_dataset=parts['train'], eval_dataset=val_ds)\n"
    "t.train()\nt.evaluate(val_ds)\nt.evaluate(test_ds)\n",
    "the likeliest class of each row of the test part": _SPLIT
    + "p = LogisticRegression().fit(X_train, y_train).predict_proba(X_test)\n"
    "print((np.argmax(p, axis=1) == y_test).mean())\n",
    "the best of a list of scores of the training part": _SPLIT
    + "scores = [LogisticRegression(C=c).fit(X_train, y_train).score(X_train, y_train) for c in (1, 2)]\n"
    "print(np.argmax(scores))\n",
}
_OPEN = {
    "the best score of the test part, and nothing kept by it": _LOADER
    + _EPOCHS
    + "    acc = score_of(model, test_loader)\n    if acc > best_acc:\n      best_acc = acc\n      print(best_acc)\n",
    "the greatest score of the test part": _LOADER
    + _EPOCHS
    + "    best_acc = max(best_acc, score_of(model, test_loader))\n  return best_acc\n",
    "a loader that the caller hands over": _LOADER
    + "def run(model, test_loader):\n  best_acc = 0\n  for epoch in range(9):\n    acc = score_of(model, test_loader)\n"
    "    if acc > best_acc:\n      best_acc = acc\n      torch.save(model.state_dict(), 'm.pt')\n",
    "a class that splits what its caller hands over": "class Selection:\n  def fit(self, X, y):\n"
    "    X_train, X_test, y_train, y_test = train_test_split(X, y)\n    scores = []\n    for c in (0.1, 1, 10):\n"
    "      scores.append(LogisticRegression(C=c).fit(X_train, y_train).score(X_test, y_test))\n"
    "    self.best = np.argmax(scores)\n",
    "a choice by the test part where there is a validation part": _SPLIT
    + "X_train, X_val, y_train, y_val = train_test_split(X_train, y_train)\nbest = 0\nfor c in (0.1, 1, 10):\n"
    "  m = LogisticRegression(C=c).fit(X_train, y_train)\n  print(m.score(X_val, y_val))\n"
    "  score = m.score(X_test, y_test)\n  if score > best:\n    best, model = score, m\n",
    "a model of reinforcement learning that goes on": "import keras\n" + _SPLIT + "m = keras.Sequential()\n"
    "for part in (X_train, X_test):\n  m.train_on_batch(X, y)\nm.predict(X_test)\n",
}


def _script(name: str, expect: Status, code: str) -> Case:
    return Case(name, expect, {}, {"src/app/train.py": _HEAD + code})


CHOICES = (
    *(_script(name, _FAIL, code) for name, code in _CHOSEN.items()),
    *(_script(name, _PASS, code) for name, code in _CLEAN.items()),
    *(_script(name, _NA, code) for name, code in _NO_CHOICE.items()),
    *(_script(name, _REVIEW, code) for name, code in _OPEN.items()),
)

"""Cases of the rule split-rigor: ways of test data into training, and code that only looks like one."""

import json
from collections.abc import Mapping
from textwrap import indent

from dodcheck.rule import Case, Status

from ._split_rigor_choice_cases import CHOICES

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/train.py"
_HEAD = """\
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import *
from sklearn.model_selection import cross_val_score, GroupKFold, KFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, StandardScaler

df = pd.read_csv("data.csv")
X, y = df.drop(columns="y"), df["y"]
"""
_SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)\n"
_TRAIN = "model = LogisticRegression().fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"


def _script(name: str, expect: Status, code: str) -> Case:
    return Case(name, expect, {}, {_P: _HEAD + code})


_LEAKS = {
    "a scaler fitted before the split": "X = StandardScaler().fit_transform(X)\n" + _SPLIT,
    "fit and transform apart": "s = StandardScaler()\ns.fit(X)\nX = s.transform(X)\n" + _SPLIT,
    "fit chained with transform": "Z = StandardScaler().fit(X).transform(X)\nZ_train, Z_test = train_test_split(Z)\n",
    "fitted on all rows after the split": _SPLIT
    + "s = StandardScaler().fit(X)\nX_train = s.transform(X_train)\nX_test = s.transform(X_test)\n",
    "means of all rows fill gaps before the split": "X = X.fillna(X.mean())\n" + _SPLIT,
    "in place": "X.fillna(X.median(), inplace=True)\n" + _SPLIT,
    "a column filled in place": "X['a'].fillna(X['a'].mean(), inplace=True)\n" + _SPLIT,
    "arithmetic with statistics": "mu, sd = X.mean(), X.std()\nX = (X - mu) / sd\n" + _SPLIT,
    "numpy's statistics": "X = (X - np.mean(X, axis=0)) / np.std(X, axis=0)\n" + _SPLIT,
    "in a loop over columns": "for c in X.columns:\n  X[c] = X[c].fillna(X[c].mean())\n" + _SPLIT,
    "oversampling before the split": "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\n"
    + _SPLIT,
    "a copy by resampling": "from sklearn.utils import resample\nmore = resample(df[df.y == 1], n_samples=500)\n"
    "df = pd.concat([df, more])\na_train, a_test = train_test_split(df)\n",
    "feature selection before the split": "from sklearn.feature_selection import SelectKBest\n"
    "X = SelectKBest(k=3).fit_transform(X, y)\n" + _SPLIT,
    "a vocabulary of all texts": "from sklearn.feature_extraction.text import TfidfVectorizer\n"
    "X = TfidfVectorizer().fit_transform(df['text'])\n" + _SPLIT,
    "a vectoriser in a helper that receives all rows": "from sklearn.feature_extraction.text import TfidfVectorizer\n"
    "def features(texts):\n  vec = TfidfVectorizer(min_df=2)\n  return vec.fit_transform(texts)\n"
    "X = features(df['text'])\n" + _SPLIT,
    "a helper that splits what was scaled": "def parts(a, b):\n  return train_test_split(a, b)\n"
    "X = StandardScaler().fit_transform(X)\nX_train, X_test, y_train, y_test = parts(X, y)\n",
    "target encoding by the means of groups": "X['c'] = df['c'].map(df.groupby('c')['y'].mean())\n" + _SPLIT,
    "groupby().transform over all rows": "X['m'] = df.groupby('c')['y'].transform('mean')\n" + _SPLIT,
    "a pipeline outside of the split": "from sklearn.decomposition import PCA\n"
    "X = make_pipeline(StandardScaler(), PCA(2)).fit_transform(X)\n" + _SPLIT,
    "slices by hand": "X = StandardScaler().fit_transform(X)\nX_train, X_test = X[:800], X[800:]\n",
    "iloc by hand": "df = (df - df.mean()) / df.std()\ntrain = df.iloc[:800]\ntest = df.iloc[800:]\n",
    "sample and drop": "df = df.fillna(df.mean())\ntrain = df.sample(frac=0.8)\ntest = df.drop(train.index)\n",
    "a mask on the date": "df = df.fillna(df.mean())\ntrain = df[df.date < '2024']\ntest = df[df.date >= '2024']\n",
    "scaled, then cross-validated": "X = StandardScaler().fit_transform(X)\n"
    "cross_val_score(LogisticRegression(), X, y)\n",
    "scaled, then split by folds": "X = StandardScaler().fit_transform(X)\nfor tr, te in KFold(5).split(X):\n"
    "  LogisticRegression().fit(X[tr], y[tr])\n",
    "folds over the raw rows, scaled rows taken": "Z = StandardScaler().fit_transform(X)\n"
    "for i, (tr, te) in enumerate(KFold(5).split(X)):\n  LogisticRegression().fit(Z[tr], y[tr])\n",
    "train and test files scaled together": "train, test = pd.read_csv('train.csv'), pd.read_csv('test.csv')\n"
    "s = StandardScaler().fit(pd.concat([train, test]))\nA = s.transform(train)\n",
    "a model that has seen the test part": _SPLIT
    + "model = LogisticRegression().fit(X, y)\nprint(model.score(X_test, y_test))\n",
    "early stopping by the test part": "import xgboost\n"
    + _SPLIT
    + "m = xgboost.XGBClassifier(early_stopping_rounds=9)\nm.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
    "print(m.score(X_test, y_test))\n",
    "early stopping by the test part in xgboost.train": "import xgboost as xgb\n"
    + _SPLIT
    + "d_train, d_test = xgb.DMatrix(X_train, y_train), xgb.DMatrix(X_test, y_test)\n"
    "b = xgb.train({}, d_train, 100, evals=[(d_test, 'test')], early_stopping_rounds=5)\nprint(b.predict(d_test))\n",
    "early stopping by a callback": "import lightgbm as lgb\n"
    + _SPLIT
    + "m = lgb.LGBMClassifier()\nstop = [lgb.early_stopping(9)]\n"
    "m.fit(X_train, y_train, eval_set=[(X_test, y_test)], callbacks=stop)\nprint(m.score(X_test, y_test))\n",
    "an expression of polars": "import polars as pl\nt = pl.read_csv('a.csv')\n"
    "t = t.with_columns((pl.col('a') - pl.col('a').mean()) / pl.col('a').std())\n"
    "a_train, a_test = train_test_split(t)\n",
    "in a function with a way out by an error": "def parts(frame):\n  try:\n    A = frame.dropna()\n"
    "  except KeyError:\n    A = None\n  A = StandardScaler().fit_transform(A)\n"
    "  A_train, A_test = A[:10], A[10:]\n  return A_train, A_test\n",
    "a scaler fitted anew on the test part": _SPLIT
    + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)\n"
    + _TRAIN,
    "a random split of rows indexed by time": "df = df.set_index('timestamp')\ntrain, test = train_test_split(df)\n",
    "groups that the folds ignore": "cross_val_score(LogisticRegression(), X, y, groups=df['patient'], cv=KFold(5))\n",
    "statistics mapped over a dataset before its split": "from datasets import load_dataset\nds = load_dataset('d')\n"
    "mean = ds['x'].mean()\nds = ds.map(lambda row: {'x': row['x'] - mean})\nds = ds.train_test_split(test_size=0.2)\n",
}
_HF = (
    "from datasets import load_dataset\n"
    "from transformers import EarlyStoppingCallback, Trainer, TrainingArguments\nds = load_dataset('imdb')\n"
)
_LEAKS |= {
    "the best state of a Trainer by the test part": _HF
    + "args = TrainingArguments('out', load_best_model_at_end=True)\n"
    "t = Trainer(model='m', args=args, train_dataset=ds['train'], eval_dataset=ds['test'])\nt.train()\nt.evaluate()\n",
    "a Trainer that stops early by the test part": _HF
    + "t = Trainer('m', TrainingArguments('out'), train_dataset=ds['train'], eval_dataset=ds['test'],\n"
    "  callbacks=[EarlyStoppingCallback(2)])\nt.train()\nprint(t.predict(ds['test']))\n",
}
_CLEAN = {
    "split, fit on the training part, transform the test part": _SPLIT
    + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)\n"
    + _TRAIN,
    "a pipeline in the cross-validation": "p = make_pipeline(StandardScaler(), LogisticRegression())\n"
    "cross_val_score(p, X, y)\n",
    "a pipeline fitted on the training part": _SPLIT
    + "p = make_pipeline(StandardScaler(), LogisticRegression())\np.fit(X_train, y_train)\np.score(X_test, y_test)\n",
    "resampling inside of imblearn's pipeline": "from imblearn.over_sampling import SMOTE\n"
    "from imblearn.pipeline import Pipeline\np = Pipeline([('s', SMOTE()), ('m', LogisticRegression())])\n"
    "cross_val_score(p, X, y)\n",
    "resampling of the training part": "from imblearn.over_sampling import SMOTE\n"
    + _SPLIT
    + "X_train, y_train = SMOTE().fit_resample(X_train, y_train)\n"
    + _TRAIN,
    "what learns nothing": "X = np.log1p(X.dropna().astype(float))\n" + _SPLIT + _TRAIN,
    "constants": "X = X.fillna(0) / 255.0\n" + _SPLIT + _TRAIN,
    "labels encoded": "y = LabelEncoder().fit_transform(y)\n" + _SPLIT + _TRAIN,
    "a target by its median": "y = (y > y.median()).astype(int)\n" + _SPLIT + _TRAIN,
    "a scaled copy for a plot alone": "Z = StandardScaler().fit_transform(X)\nprint(Z[:2])\n" + _SPLIT + _TRAIN,
    "statistics of the training part for both": _SPLIT
    + "mu = X_train.mean()\nX_train, X_test = X_train - mu, X_test - mu\n"
    + _TRAIN,
    "folds with a scaler of their own": "for tr, te in KFold(5).split(X):\n  s = StandardScaler().fit(X[tr])\n"
    "  m = LogisticRegression().fit(s.transform(X[tr]), y[tr])\n  m.score(s.transform(X[te]), y[te])\n",
    "early stopping by a validation part": "import xgboost\n"
    + _SPLIT
    + "X_train, X_val, y_train, y_val = train_test_split(X_train, y_train)\n"
    "m = xgboost.XGBClassifier(early_stopping_rounds=9)\nm.fit(X_train, y_train, eval_set=[(X_val, y_val)])\n"
    "print(m.score(X_val, y_val), m.score(X_test, y_test))\n",
    "a final model on all rows, not evaluated": _SPLIT + _TRAIN + "final = LogisticRegression().fit(X, y)\n",
    "a search over the scaled training part": _SPLIT
    + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)\n"
    "g = GridSearchCV(LogisticRegression(), {}).fit(X_train, y_train)\ng.score(X_test, y_test)\n",
    "a helper that scales both parts": "def scaled(a, b=None):\n  s = StandardScaler().fit(a)\n"
    "  if b is None:\n    return s.transform(a)\n  return s.transform(a), s.transform(b)\n"
    + _SPLIT
    + "X_train, X_test = scaled(X_train, X_test)\n"
    + _TRAIN,
    "time in order": "df = df.set_index('date')\ntrain, test = train_test_split(df, shuffle=False)\n",
    "groups kept together": "cross_val_score(LogisticRegression(), X, y, groups=df['patient'], cv=GroupKFold(5))\n",
    "an imputer of constants": "from sklearn.impute import SimpleImputer\n"
    "X = SimpleImputer(strategy='constant', fill_value=0).fit_transform(X)\n" + _SPLIT,
    "categories alone": "from sklearn.preprocessing import OneHotEncoder\nX = OneHotEncoder().fit_transform(X)\n"
    + _SPLIT,
    "sums along a row": "X['m'] = X.mean(axis=1)\n" + _SPLIT,
    "a name used again after the leak was overwritten": "Z = StandardScaler().fit_transform(X)\nZ = np.asarray(X)\n"
    "Z_train, Z_test = train_test_split(Z)\n",
    "a Trainer that stops early by a validation part": _HF
    + "parts = ds['train'].train_test_split(0.1)\nargs = TrainingArguments('out', load_best_model_at_end=True)\n"
    "t = Trainer('m', args, train_dataset=parts['train'], eval_dataset=ds['validation'])\n"
    "t.train()\nt.predict(ds['test'])\n",
    "the best model by a validation part, the test part for the report": _SPLIT
    + "X_train, X_val, y_train, y_val = train_test_split(X_train, y_train)\nbest = 0\nfor c in (0.1, 1, 10):\n"
    "  m = LogisticRegression(C=c).fit(X_train, y_train)\n  score = m.score(X_val, y_val)\n"
    "  if score > best:\n    best, model = score, m\nprint(model.score(X_test, y_test))\n",
    "the longest row of the test part": _SPLIT
    + "longest = 0\nfor row in X_test:\n  if len(row) > longest:\n    longest = len(row)\n",
}
_OPEN = {
    "a Trainer that validates on the test part without a choice": _HF
    + "t = Trainer('m', TrainingArguments('out'), train_dataset=ds['train'], eval_dataset=ds['test'])\n"
    "t.train()\nt.evaluate()\n",
    "a custom splitter": "from own import my_split\nX = StandardScaler().fit_transform(X)\n"
    "X_train, X_test = my_split(X)\n",
    "a transformer that nobody knows": "from own import Cleaner\nX = Cleaner().fit_transform(X)\n" + _SPLIT,
    "rows that go through a function of another project": "from other import windows\n"
    "X = windows(StandardScaler().fit_transform(X))\n" + _SPLIT,
    "validation on the test part without a choice": "import keras\n"
    + _SPLIT
    + "m = keras.Sequential()\nm.fit(X_train, y_train, validation_data=(X_test, y_test))\nm.evaluate(X_test, y_test)\n",
    "scaled, then searched": "X = StandardScaler().fit_transform(X)\n"
    "GridSearchCV(LogisticRegression(), {}).fit(X, y)\n",
    "scaled in one method, split in another": "class Data:\n  def scale(self):\n"
    "    self.X = StandardScaler().fit_transform(self.X)\n  def parts(self):\n    return train_test_split(self.X)\n",
}
_LONG = "def step(x):\n" + "  x = x + 1\n" * 200 + "  return x\n"
_OPEN["more calls than are followed"] = (
    _SPLIT + _LONG + "def steps(x):\n" + "  x = step(x)\n" * 60 + "  return x\nX_train = steps(X_train)\n" + _TRAIN
)
_METHODS = """\
class Data:
  def __init__(self, path):
    self.X = pd.read_csv(path)
  def scale(self):
    self.X = StandardScaler().fit_transform(self.X)
  def parts(self):
    return train_test_split(self.X)
  def run(self):
    {}
"""
_LEAK = _HEAD + "X = StandardScaler().fit_transform(X)\n" + _SPLIT
_PREP = (
    "from sklearn.preprocessing import StandardScaler\n\ndef scaled(X):\n  return StandardScaler().fit_transform(X)\n"
)
_USE = _HEAD + "from app.prep import scaled\nX = scaled(X)\n" + _SPLIT


def _notebook(*cells: str) -> Mapping[str, str]:
    made = [{"cell_type": "code", "source": f"{one}\n"} for one in (_HEAD, *cells)]
    return {"a.ipynb": json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5})}


def _tree(name: str, expect: Status, before: Mapping[str, str], after: Mapping[str, str]) -> Case:
    return Case(name, expect, before, after)


CASES = (
    *CHOICES,
    *(_script(name, _FAIL, code) for name, code in _LEAKS.items()),
    *(_script(name, _PASS, code) for name, code in _CLEAN.items()),
    *(_script(name, _REVIEW, code) for name, code in _OPEN.items()),
    _script("in a function of its own", _FAIL, "def main(X, y):\n" + indent(_LEAK.removeprefix(_HEAD), "  ")),
    _script("methods called one after the other", _FAIL, _METHODS.format("self.scale(); return self.parts()")),
    _script("an instance used from outside", _FAIL, _METHODS.format("pass") + "d = Data('x')\nd.scale()\nd.parts()\n"),
    _tree("a helper in another module fits", _FAIL, {}, {_P: _USE, "src/app/prep.py": _PREP}),
    _tree("an old leak", _PASS, {_P: _LEAK}, {_P: _LEAK + "print(len(X_train))\n"}),
    _tree("an old leak in a file that moved", _PASS, {"train.py": _LEAK}, {_P: _LEAK + "print(1)\n"}),
    _tree("a second leak beside an old one", _FAIL, {_P: _LEAK}, {_P: _LEAK + "y = y.fillna(y.mean())\n" + _SPLIT}),
    _tree("the leak is mended", _PASS, {_P: _LEAK}, {_P: _HEAD + _SPLIT + _TRAIN}),
    _tree(
        "a variable of a notebook, overwritten between two splits",
        _FAIL,
        {},
        _notebook(_SPLIT, "X = StandardScaler().fit_transform(X)", _SPLIT, _TRAIN),
    ),
    _tree(
        "a variable of a notebook, overwritten after the split",
        _PASS,
        {},
        _notebook(_SPLIT, _TRAIN, "X = StandardScaler().fit_transform(X)"),
    ),
    _tree("a test", _NA, {}, {"tests/test_train.py": _LEAK}),
    _tree("no training code", _NA, {}, {_P: "import pandas as pd\nprint(pd.read_csv('a.csv').mean())\n"}),
    _tree("no Python", _NA, {}, {"README.md": "# train_test_split\n"}),
)

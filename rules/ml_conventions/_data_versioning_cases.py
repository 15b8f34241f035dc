"""Cases of the rule `data-versioning`."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

F, P, H, N = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_HEAD = "import os\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\n"
_FIT = "Ridge().fit(df[['a']], df['b'])\n"
_STAGE = "stages:\n  train:\n    cmd: python train.py\n    deps:\n    - data/train.csv\n"


def _case(expect: Status, name: str, code: str, files: Mapping[str, str] | None = None, **options: int) -> Case:
    return Case(name, expect, {"README.md": ""}, {"README.md": "", "train.py": code, **(files or {})}, options=options)


def _read(path: str) -> str:
    return f"{_HEAD}df = pd.read_csv({path})\n{_FIT}"


_TRAIN = _read('"data/train.csv"')

CASES = (
    _case(F, "a file that nothing tracks", _TRAIN),
    _case(F, "a path that is put together", _read('os.path.join("data", "train.csv")')),
    _case(P, "the path is a dependency of a stage", _TRAIN, {"dvc.yaml": _STAGE}),
    _case(P, "a .dvc file tracks it", _TRAIN, {"data/train.csv.dvc": "outs:\n- md5: abc\n  path: train.csv\n"}),
    _case(P, "a .dvc file tracks its folder", _TRAIN, {"data.dvc": "outs:\n- md5: abc.dir\n  path: data\n"}),
    _case(P, "git itself has the small file", _TRAIN, {"data/train.csv": "a,b\n1,2\n"}),
    _case(F, "parquet of megabytes is committed", "", {"data/big.parquet": "x" * 6_000}, max_data_kb=5),
    _case(P, "a small table is committed", "", {"data/small.csv": "a,b\n1,2\n"}),
    _case(
        P,
        "Git LFS has the large one",
        "",
        {"data/big.parquet": "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 40000000\n"},
    ),
    _case(
        P,
        "a data set of the hub at a revision",
        'from datasets import load_dataset\nds = load_dataset("imdb", revision="abc")\n',
    ),
    _case(
        F,
        "a data set of the hub without a revision",
        'from datasets import load_dataset\nds = load_dataset("org/x", split="train")\n',
    ),
    _case(
        N,
        "a model of the hub without a revision is noted",
        'from transformers import AutoModel\nm = AutoModel.from_pretrained("bert-base-uncased")\n',
    ),
    _case(
        F,
        "the name of the data set is a constant of the module",
        'from datasets import load_dataset\nNAME = "org/x"\nds = load_dataset(NAME)\n',
    ),
    _case(
        P,
        "the name of the data set is a parameter",
        "from datasets import load_dataset\ndef load(name):\n    return load_dataset(name)\n",
    ),
    _case(
        N,
        "toy data of scikit-learn",
        "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nSVC().fit(*load_iris(return_X_y=True))\n",
    ),
    _case(H, "the path is in the environment", _read('os.environ["TRAIN_CSV"]')),
    _case(H, "a path outside of the tree", _read('"/mnt/data/train.csv"')),
    _case(H, "a path of a drive", _read('"C:/Users/me/train.csv"')),
    _case(P, "an address with the number of a version", _read('"https://example.org/reviews_v1.csv.gz"')),
    _case(P, "the path is configured", f"{_HEAD}def main(cfg):\n    df = pd.read_csv(cfg.data.path)\n    {_FIT}"),
    _case(F, "an address without a version", _read('"https://example.org/train.csv"')),
    _case(P, "an address with a commit in it", _read('"https://raw.githubusercontent.com/a/b/0123456789abcdef/t.csv"')),
    _case(P, "an address of one month's data", _read('"https://example.org/trips_2023-01.parquet"')),
    _case(
        P,
        "a file that the module writes itself",
        f"{_HEAD}raw = pd.DataFrame({{'a': [1], 'b': [2]}})\nraw.to_csv('data/t.csv')\n"
        f"df = pd.read_csv('./data/t.csv')\n{_FIT}",
    ),
    _case(
        P,
        "arrays that the module writes itself",
        "import numpy as np\nfrom sklearn.linear_model import Ridge\nnp.savez('w.npz', a)\nw = np.load('w.npz')\n",
    ),
    _case(
        F,
        "a file that the module downloads",
        f"import requests\n{_HEAD}with open('t.csv', 'wb') as f:\n    f.write(requests.get(u).content)\n"
        f"df = pd.read_csv('t.csv')\n{_FIT}",
    ),
    _case(
        H,
        "a path that a function of the module was given first",
        f"{_HEAD}def make(to):\n    build().save(to)\nPATH = 't.csv'\nmake(PATH)\ndf = pd.read_csv(PATH)\n{_FIT}",
    ),
    _case(P, "lakeFS", _read('"lakefs://repo/main/train.csv"')),
    _case(
        P,
        "the run logs its input",
        f"import mlflow\n{_TRAIN}mlflow.log_input(mlflow.data.from_pandas(df))\n",
    ),
    _case(N, "pandas without any learning", 'import pandas as pd\ndf = pd.read_csv("data/report.csv")\n'),
    Case("an old read", N, {"train.py": _TRAIN}, {"train.py": _TRAIN + "print(1)\n"}),
    Case("a read in a test", N, {}, {"tests/test_train.py": _TRAIN}),
    Case(
        "an old read moves",
        N,
        {"train.py": _TRAIN},
        {"src/fit.py": f"import logging\n{_TRAIN}\n\nprint(1)\nprint(2)\n"},
    ),
)

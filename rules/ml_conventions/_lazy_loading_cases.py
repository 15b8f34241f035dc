"""Cases of the rule `lazy-loading`."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

F, P, N = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE
_LARGE = {"large_data": ["data/raw/*"]}
_PL = "import polars as pl\nfrom sklearn.svm import SVC\n"


def _case(
    expect: Status,
    name: str,
    code: str,
    files: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Case:
    after = {"README.md": "", "load.py": code, **(files or {})}
    return Case(name, expect, {"README.md": ""}, after, options=options or {})


_NOTED = {"data/a.csv.dvc": "outs:\n- md5: ab\n  size: 4000000000\n  path: a.csv\n"}

CASES = (
    _case(F, "parquet that is declared large", f'{_PL}df = pl.read_parquet("data/raw/*.parquet")\n', None, _LARGE),
    _case(
        F,
        "files of the hub's reader that are declared large",
        'from datasets import load_dataset\nds = load_dataset("parquet", data_files="data/raw/a.parquet")\n',
        None,
        _LARGE,
    ),
    _case(F, "DVC noted gigabytes", 'import pandas as pd\ndf = pd.read_csv("data/a.csv")\n', _NOTED),
    _case(
        P,
        "gigabytes in chunks",
        'import pandas as pd\nfor c in pd.read_csv("data/a.csv", chunksize=9):\n    c\n',
        _NOTED,
    ),
    _case(
        P,
        "scanned, filtered, collected",
        f'{_PL}df = pl.scan_parquet("data/raw/*.parquet").filter(pl.col("a") > 1).collect()\n',
        None,
        _LARGE,
    ),
    _case(F, "collected before it is filtered", f'{_PL}df = pl.scan_csv(p).collect().filter(pl.col("a") > 1)\n'),
    _case(N, "collected, and filtered by a mask", f"{_PL}df = pl.scan_csv(p).collect().filter(pl.Series(mask))\n"),
    _case(N, "collected, and sampled, which no lazy frame can", f"{_PL}df = pl.scan_csv(p).collect().sample(9)\n"),
    _case(F, "collected, and filtered by its name", f'{_PL}df = pl.scan_csv(p).collect()\nx = df.select("a")\n'),
    _case(
        N, "collected, and used as a whole too", f'{_PL}df = pl.scan_csv(p).collect()\nx = df.select("a")\nprint(df)\n'
    ),
    _case(
        F,
        "a stream in a list",
        'from datasets import load_dataset\nrows = list(load_dataset("x", split="train", streaming=True))\n',
    ),
    _case(
        F,
        "a stream in a list by its name",
        'from datasets import load_dataset\nds = load_dataset("x", streaming=True)\nrows = list(ds["train"])\n',
    ),
    _case(
        P,
        "a stream that is iterated over",
        'from datasets import load_dataset\nfor row in load_dataset("x", streaming=True):\n    print(row)\n',
    ),
    _case(
        P,
        "a mapped array",
        'import numpy as np\nimport torch\na = np.load("data/raw/a.npy", mmap_mode="r")\n',
        None,
        _LARGE,
    ),
    _case(
        F,
        "an array that is declared large",
        'import numpy as np\nimport torch\na = np.load("data/raw/a.npy")\n',
        None,
        _LARGE,
    ),
    _case(
        P, "a small table of the tree", 'import pandas as pd\ndf = pd.read_csv("codes.csv")\n', {"codes.csv": "a,b\n"}
    ),
    _case(N, "a table of unknown size", "import pandas as pd\ndf = pd.read_csv(path)\n"),
    _case(
        P, "DuckDB over parquet", f'import duckdb\n{_PL}t = duckdb.read_parquet("data/raw/*.parquet")\n', None, _LARGE
    ),
    _case(N, "no data", "import torch\n"),
    Case(
        "an old read",
        N,
        {"a.py": f"{_PL}df = pl.scan_csv(p).collect().head()\n"},
        {"a.py": f"{_PL}df = pl.scan_csv(p).collect().head()\nx = 1\n"},
    ),
    Case("a read in a test", N, {}, {"tests/test_a.py": f"{_PL}df = pl.scan_csv(p).collect().head()\n"}),
)

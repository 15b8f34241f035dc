"""Cases of the rule tensor-shapes: where a shape may stand, and who owes one."""

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/model.py"
_TORCH = "import torch\nfrom torch import Tensor\n"


def _new(name: str, expect: Status, code: str, path: str = _P) -> Case:
    return Case(name, expect, {}, {path: code})


def _function(doc: str, body: str = "return x", head: str = "def scale(x: Tensor) -> Tensor:") -> str:
    docstring = f'    """{doc}"""\n' if doc else ""
    return f"{_TORCH}{head}\n{docstring}    {body}\n"


_TOLD = "Scale.\n\n    Args:\n        x: Images, (B, C, H, W).\n\n    Returns:\n        As given, (B, C, H, W).\n    "
_NUMPY = (
    "Scale.\n\n    Parameters\n    ----------\n    x : ndarray of shape (n_samples, n_features)\n        Rows.\n\n"
    "    Returns\n    -------\n    ndarray of shape (n_samples,)\n        One each.\n    "
)
_OPEN = _function("Scale.\n\n    Args:\n        x: The images.\n\n    Returns:\n        The same, scaled.\n    ")
_METHOD = (
    _TORCH + 'class Net(torch.nn.Module):\n    """{}"""\n    def forward(self, x: Tensor) -> Tensor:\n'
    "        return x\n"
)

_BARE = "def scale(x):"

CASES = [
    _new("shapes in the docstring", _PASS, _function(_TOLD)),
    _new("shapes as NumPy's docstrings write them", _PASS, _function(_NUMPY)),
    _new("shapes in a sentence", _PASS, _function("Scale `x` of shape [N, 3].")),
    _new("shapes nowhere", _FAIL, _OPEN),
    _new("no docstring", _FAIL, _function("")),
    _new("the shape of the result is left out", _FAIL,
         _function("Scale.\n\n    Args:\n        x: Images (B, C).\n\n    Returns:\n        The same, scaled.\n    ")),
    _new("jaxtyping carries the shapes", _PASS,
         _function("Scale.", head='def scale(x: Float[Tensor, "b c"]) -> Float[Tensor, "b c"]:')
         .replace("import torch\n", "import torch\nfrom jaxtyping import Float\n")),
    _new("a class tells the shapes of its methods", _PASS,
         _METHOD.format("Net.\n\n    Shape: (N, C) to (N, K).\n    ")),
    _new("a forward without shapes", _FAIL, _METHOD.format("Net.")),
    _new("a method that overrides one of the file", _PASS,
         _TORCH + "class A:\n    def f(self, x: Tensor) -> None:\n        'Use `x` of shape (B,).'\n"
         "class B(A):\n    def f(self, x: Tensor) -> None:\n        use(x)\n"),
    _new("a method that may override one of another project", _REVIEW,
         _TORCH + "from other import A\nclass B(A):\n    def f(self, x: Tensor) -> None:\n        use(x)\n"),
    _new("such a method in a script", _REVIEW,
         _TORCH + "from other import A\nclass B(A):\n    def f(self, x: Tensor) -> None:\n        use(x)\n"
         "if __name__ == '__main__':\n    B()\n", "train.py"),
    _new("shapes in comments alone", _REVIEW, _function("Scale.", "return x  # (B, T, C)")),
    _new("an array of NumPy", _FAIL,
         'import numpy as np\nimport sklearn\ndef f(x: np.ndarray) -> float:\n    """Sum."""\n'
         "    return x.sum()\n"),
    _new("a list of tensors", _FAIL, _function("Sum.", head="def f(x: list[Tensor]) -> float:")),
    _new("tensors by name have many shapes", _PASS, _function("Load.", head="def f(x: dict[str, Tensor]) -> int:")),
    _new("a scalar loss is told", _PASS,
         _function("Loss.\n\n    Returns:\n        The loss, a scalar.\n    ", head="def f(x: int) -> Tensor:")),
    _new("what is swallowed unused", _PASS, _function("Scale `x`, (B, C).", head="def scale(x: Tensor, **_) -> None:")),
    _new("no type hints", _FAIL, _function("Scale `x`, (B, C).", head="def scale(x):")),
    _new("a vector has one dimension", _PASS,
         _function("Loss.\n\n    Returns:\n        The losses, a vector.\n    ", head="def f(x: int) -> Tensor:")),
    _new("a call that a class of another project may tell of", _REVIEW,
         _TORCH + "from other import A\nclass B(A):\n    def __call__(self, x: Tensor) -> None:\n        use(x)\n"),
    _new("what stands in for a package that is not installed", _NA,
         _function("", "raise ImportError('needs lib')")),
    _new("no tensors", _PASS, _function("Count.", "return 1", "def count(n: int) -> int:")),
    _new("the columns of a table", _PASS,
         'import pandas as pd\nimport sklearn\ndef f(x: pd.DataFrame) -> int:\n    """Count."""\n'
         "    return len(x)\n"),
    _new("a private function", _NA, _function("", head="def _scale(x: Tensor) -> Tensor:")),
    _new("a test", _NA, _OPEN, "tests/test_model.py"),
    _new("an example", _NA, _OPEN, "examples/model.py"),
    _new("no machine learning", _NA, "def f(x):\n    return x\n"),
    Case("left open at base too", _PASS, {_P: _OPEN}, {_P: _OPEN.replace("return x", "return 2 * x")}),
    Case("an old function gets its hints", _PASS, {_P: _function("Scale.", head=_BARE)}, {_P: _function("Scale.")}),
    Case("untouched beside what changes", _PASS, {_P: _OPEN}, {_P: _OPEN + "def n(k: int) -> int:\n    return k\n"}),
    Case("a second tensor in an old function", _FAIL, {_P: _OPEN}, {_P: _OPEN.replace("x: T", "y: Tensor, x: T")}),
    Case("an untyped parameter is renamed", _PASS, {_P: _function("Scale.", head=_BARE)},
         {_P: _function("Scale.", "return y", "def scale(y):")}),
    Case("an old alias of a tensor is written out", _PASS,
         {_P: _function("", head="Batch = Tensor\n\ndef scale(x: Batch) -> Batch:")}, {_P: _function("")}),
    Case("the shape is taken out of the docstring", _FAIL, {_P: _function(_TOLD)}, {_P: _OPEN}),
]  # fmt: skip

"""Notebooks are read as the Python of their code cells, and every line knows its cell."""

import ast
import json

import pytest

from dodcheck.change import TreeSnapshot
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.notebooks import Notebook
from dodcheck.registry import load
from dodcheck.rule import Case, Status
from dodcheck.testing import NoSyntaxReader, verdict_of


def written(*cells: str, indent: int | None = 1, **metadata: object) -> str:
    """Return a notebook with a cell of prose first."""
    sources = [cell.splitlines(keepends=True) for cell in cells]
    code = [{"cell_type": "code", "metadata": {}, "outputs": [{"text": ["x = 1\n"]}], "source": s} for s in sources]
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["# x = 1"]}
    return json.dumps(
        {"cells": [prose, *code], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=indent
    )


def test_cells_in_order_with_their_places() -> None:
    notebook = Notebook.read(written("a = 1\nb = 2", "c = 3"))
    assert notebook.code == "a = 1\nb = 2\nc = 3\n"
    assert [str(notebook.place(line)) for line in (1, 2, 3)] == ["cell 2, line 1", "cell 2, line 2", "cell 3, line 1"]


def test_the_line_of_the_file() -> None:
    text = written("a = 1\nb = 2", "c = 'ä'")
    notebook = Notebook.read(text)
    rows = text.split("\n")
    assert [rows[(notebook.line_in_file(line) or 0) - 1].strip(' ",\\n') for line in (1, 2)] == ["a = 1", "b = 2"]
    assert "c = " in rows[(notebook.line_in_file(3) or 0) - 1]


def test_outputs_are_no_source() -> None:
    text = written("y = 0", "x = 1\nz = 2")
    at = Notebook.read(text).line_in_file(2)
    assert at
    assert '"z = 2"' in text.split("\n")[at]


def test_on_one_line_no_line_is_known() -> None:
    assert Notebook.read(written("a = 1\nb = 2", indent=None)).line_in_file(1) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1\n"),
        ("if x:\n    !pip install y\nz = 1", "if x:\n    pass\nz = 1\n"),
        ("files = !ls\nz = 1", "files = None\nz = 1\n"),
        ("t = %timeit -o f()", "t = None\n"),
        ("%%bash\nls -l", "\n\n"),
        ("%%time\nfit(x)", "pass\nfit(x)\n"),
        ("!pip install a \\\n  b\nx = 1", "pass\n\nx = 1\n"),
        ("model.fit?", "pass\n"),
        ("y = ('%d'\n  % x)", "y = ('%d'\n  % x)\n"),
        ("%load_ext x\ny = ('%d' % x)", "pass\ny = ('%d' % x)\n"),
        ("await f()", "await f()\n"),
        ("  x = 1\n  y = 2", "x = 1\ny = 2\n"),
        ("", "\n"),
    ],
)
def test_magics(cell: str, code: str) -> None:
    found = Notebook.read(written(cell)).code
    assert found == code
    ast.parse(found)


def test_other_languages_have_no_code() -> None:
    assert not Notebook.read(written("x <- 1", kernelspec={"language": "R"})).code


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', "<<<<<<< HEAD\n{}", "[" * 100_000])
def test_what_is_no_notebook_is_an_error(text: str) -> None:
    modules = Modules(TreeSnapshot("head", {"a.ipynb": text}), NoSyntaxReader())
    with pytest.raises(ToolError, match=r"a\.ipynb: it is no notebook"):
        modules.tree("a.ipynb")


def test_as_a_module() -> None:
    modules = Modules(TreeSnapshot("head", {"a.ipynb": written("%pylab\nimport torch")}), NoSyntaxReader())
    assert modules.text("a.ipynb") == "pass\nimport torch\n"
    assert [type(one).__name__ for one in modules.tree("a.ipynb").body] == ["Pass", "Import"]
    assert not modules.text("b.ipynb")


def test_a_cell_that_is_no_python_is_named() -> None:
    modules = Modules(TreeSnapshot("head", {"a.ipynb": written("x = 1", "y = 1\nz = (")}), NoSyntaxReader())
    with pytest.raises(ToolError, match=r"^a\.ipynb:cell 3, line 2: Python 3\.\d+ cannot parse it"):
        modules.tree("a.ipynb")


def test_a_leak_in_a_notebook_is_told_by_its_cells() -> None:
    split = "X_train, X_test = train_test_split(X)\n"
    cells = [
        "from sklearn.model_selection import train_test_split\nfrom sklearn.preprocessing import StandardScaler\n",
        "X = load()\n",
        "X = StandardScaler().fit_transform(X)\n" + split,
    ]
    text = json.dumps({"cells": [{"cell_type": "code", "source": one} for one in cells]}, indent=1)
    (found,) = verdict_of(load()["split-rigor"], Case("a leak", Status.FAIL, {}, {"a.ipynb": text})).findings
    assert found.symbol == "cell 3, line 1"
    assert "cell 3, line 2 of a.ipynb" in found.message

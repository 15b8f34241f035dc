"""Trees that the cases of the rule docstrings are made of."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

MODULE = "pkg/mod.py"
PACKAGE = {"pkg/__init__.py": ""}
IMPORTS = """
import numpy as np
import pandas as pd
from collections.abc import AsyncIterator, Iterator
from jaxtyping import Float
from torch import Tensor, nn
from typing import overload, override
"""
BARE = "def f(x: int) -> int:\n    return x\n"
TOLD = 'def f(x: int) -> int:\n    """Double a number."""\n    return x\n'


def documented(signature: str, text: str, body: str = "return x") -> str:
    """Return a function with a docstring whose lines are given without their indentation."""
    lines = "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
    return f'{signature}\n    """{lines.strip()}\n    """\n    {body}\n'


def new(name: str, expect: Status, code: str, options: Mapping[str, bool] | None = None) -> Case:
    """Return a case that adds a module."""
    return Case(name, expect, PACKAGE, PACKAGE | {MODULE: IMPORTS + code}, options=options or {})


def change(name: str, expect: Status, old: str, new: str) -> Case:
    """Return a case that alters a module."""
    return Case(name, expect, PACKAGE | {MODULE: IMPORTS + old}, PACKAGE | {MODULE: IMPORTS + new})


def method(name: str, expect: Status, method: str, head: str = "class C:") -> Case:
    """Return a case that adds a class with one method."""
    return new(name, expect, f'{head}\n    """A thing."""\n\n    {method}\n')


ARGS = "Double a number.\n\nArgs:\n    x: The number."
WHOLE = f"{ARGS}\n\nReturns:\n    Twice as much."
SIGNATURE = "def f(x: int) -> int:"
NUMPY = "Double a number.\n\nParameters\n----------\nx : int\n    The number.\n\nReturns\n-------\nint\n    Twice."
SPHINX = "Double a number.\n\n:param x: The number.\n:returns: Twice as much."

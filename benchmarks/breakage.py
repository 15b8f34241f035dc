"""Precision and recall of the Python breaks, over griffe's own examples of breakages and a table of public ones.

python benchmarks/breakage.py [--griffe CLONE] [--verbose]

The examples are pairs of modules with what breaks between them.  With `--griffe`, a clone of
https://github.com/mkdocstrings/griffe, they are read out of its `test_diff.py`; without, the table below stands
alone: kinds that griffe does not look for, and changes that only look like breaks (each with the release that
taught it).  A break counts as found when it is found at all: certain or for a person.  Prints both rates, and with
`--verbose` every example that is told wrongly.
"""

import argparse
import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dodcheck.facts.breaking.all_breaks import Breaks
from dodcheck.facts.code.writing import written
from dodcheck.rule import Case, Status
from dodcheck.testing import facts_of

PROJECT = '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "a"\nversion = "1.0"\n'
ENUM = "import enum\nclass A(enum.Enum):\n    X = 1\n"
DATA = "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n"


class Example(NamedTuple):
    """One pair.

    Args:
        old: The package's `__init__.py` at base.
        new: The same at head.
        breaks: Users are hit.
        origin: Where it comes from.
    """

    old: str
    new: str
    breaks: bool
    origin: str


HITS = [
    ("def f(a): ...", "async def f(a): ...", "httpx 0.18: functions became coroutines"),
    ("async def f(a): ...", "def f(a): ...", "the other way"),
    ("class A:\n @property\n def x(self): ...", "class A:\n def x(self): ...", "property to method"),
    ("class A:\n def x(self): ...", "class A:\n @property\n def x(self): ...", "method to property"),
    ("class A:\n @staticmethod\n def x(): ...", "class A:\n def x(self): ...", "binding"),
    (f"{ENUM}    Y = 2", ENUM, "enum member removed"),
    ("class E(KeyError): ...", "class E(ValueError): ...", "jsonschema 4: base of an error changed"),
    (f"{DATA}    y: int", DATA.replace("x: int", "y: int\n    x: int"), "dataclass fields reordered"),
    (DATA, f"{DATA}    y: int", "dataclass field added as required"),
    ("def get_metavar(self, param): ...", "def get_metavar(self, param, ctx): ...", "click 8.2"),
    ("def f(a, b): ...", "def f(a, *, b): ...", "pandas 2.0: keyword-only"),
    ("def f(x: int | str): ...", "def f(x: int): ...", "annotation narrowed"),
    ("def f(a, c=1): ...", "def f(a, b=1, c=1): ...", "parameter put in the middle"),
    ("def f(a, b): ...", "def f(a, **k): ...", "parameter swallowed by **kwargs"),
]
HARMLESS = [
    ("def f(a): ...", "def f(a, *, b=1): ...", "new keyword with default"),
    ("def f(a): ...", "def g(a): ...\nf = g", "alias"),
    ("def f(a): ...", "def g(a): ...\ndef __getattr__(name):\n    if name == 'f':\n        return g", "PEP 562"),
    ("def f(x, /): ...", "def f(y, /): ...", "positional-only renamed"),
    ("def f(*args): ...", "def f(*values): ...", "star renamed"),
    ("class A:\n def x(self): ...", "class B:\n def x(self): ...\nclass A(B): ...", "moved to a base"),
    ("class E(ValueError): ...", "class E(UnicodeError): ...", "narrower base"),
    ("class A:\n def f(this): ...", "class A:\n def f(self): ...", "self renamed"),
    ("def _f(a): ...", "def _f(a, b): ...", "private"),
    ("import logging\nlog = logging.getLogger()", "", "a logger"),
    ("def f(a): ...", "def f(a):\n return 1", "body"),
    ("def f(x: int): ...", "def f(x: int | None): ...", "annotation widened"),
    (DATA, f"{DATA}    y: int = 0", "dataclass field with default"),
    ("def f(a, b=1): ...", "def f(a, b=1, c=2): ...", "new parameter at the end"),
]


def of_griffe(clone: Path) -> Iterator[Example]:
    """Yield the examples of griffe's own test of `find_breaking_changes`, as its newest commit has them."""
    git = ["git", "-C", str(clone)]
    listed = subprocess.run([*git, "ls-tree", "-r", "--name-only", "HEAD"], check=True, capture_output=True, text=True)
    path = next(line for line in listed.stdout.splitlines() if line.endswith("tests/test_diff.py"))
    text = subprocess.run([*git, "show", f"HEAD:{path}"], check=True, capture_output=True, text=True).stdout
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Tuple) and len(node.elts) == len(Example._fields) - 1:
            old, new, kinds = node.elts
            if isinstance(old, ast.Constant) and isinstance(new, ast.Constant) and isinstance(kinds, ast.List):
                words = ", ".join(written(kind).rpartition(".")[2] for kind in kinds.elts)
                yield Example(str(old.value), str(new.value), bool(kinds.elts), f"griffe: {words or 'none'}")


def found(one: Example) -> list[str]:
    """Return the messages of the breaks that are found."""
    before, after = ({"pyproject.toml": PROJECT, "a/__init__.py": text + "\nK = 1\n"} for text in (one.old, one.new))
    return [each.message for each in facts_of(Case("", Status.PASS, before, after)).get(Breaks).all]


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--griffe", type=Path, help="a clone of mkdocstrings/griffe")
    parser.add_argument("--verbose", action="store_true", help="print what is told wrongly")
    asked = parser.parse_args()
    griffe = list(of_griffe(asked.griffe)) if asked.griffe else []
    table = [Example(old, new, breaks=True, origin=origin) for old, new, origin in HITS]
    table += [Example(old, new, breaks=False, origin=origin) for old, new, origin in HARMLESS]
    for name, examples in {"griffe": griffe, "table": table}.items():
        told = [(one, found(one)) for one in examples]
        hits = sum(1 for one, said in told if said and one.breaks)
        alarms, wanted = sum(1 for _, said in told if said), sum(1 for one, _ in told if one.breaks)
        if told:
            rates = f"precision {hits / max(alarms, 1):.2f}, recall {hits / max(wanted, 1):.2f}"
            print(f"{name}: {len(told)} examples, {wanted} break; {rates}")
        for one, said in told:
            if asked.verbose and bool(said) is not one.breaks:
                print(f"  {one.origin}: {one.old!r} -> {one.new!r}: {said}")


if __name__ == "__main__":
    main()

"""Trees and builders of the cases of `breaking-changes`."""

from collections.abc import Mapping
from typing import Any

from dodcheck.rule import Case, Status

PROJECT = '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "shop"\nversion = "{}"\n{}'
TREE = {"pyproject.toml": PROJECT.format("1.4.0", ""), "shop/__init__.py": "", "CHANGELOG.md": "# Changelog\n"}
APP = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = []\n', "README.md": "# Shop\n"}


def _case(
    name: str,
    expect: Status,
    old: str | Mapping[str, str],
    new: str | Mapping[str, str],
    tree: Mapping[str, str] = TREE,
    **more: Any,  # noqa: ANN401 - fields of Case
) -> Case:
    before = dict(tree) | ({"shop/__init__.py": old} if isinstance(old, str) else dict(old))
    after = {"shop/__init__.py": new} if isinstance(new, str) else dict(new)
    stays = {path: text for path, text in before.items() if path in tree}
    return Case(name, expect, before=before, after=stays | after, **more)


def fails(name: str, old: str | Mapping[str, str], new: str | Mapping[str, str], **more: Any) -> Case:  # noqa: ANN401
    """Return a case that must fail."""
    return _case(name, Status.FAIL, old, new, **more)


def passes(name: str, old: str | Mapping[str, str], new: str | Mapping[str, str], **more: Any) -> Case:  # noqa: ANN401
    """Return a case that must pass."""
    return _case(name, Status.PASS, old, new, **more)


def asks(name: str, old: str | Mapping[str, str], new: str | Mapping[str, str], **more: Any) -> Case:  # noqa: ANN401
    """Return a case that a person must look at."""
    return _case(name, Status.NEEDS_REVIEW, old, new, **more)


def silent(name: str, old: str | Mapping[str, str], new: str | Mapping[str, str], **more: Any) -> Case:  # noqa: ANN401
    """Return a case that the rule has nothing to say of."""
    return _case(name, Status.NOT_APPLICABLE, old, new, **more)


def log(text: str, heading: str = "Changed") -> dict[str, str]:
    """Return a changelog with one entry."""
    return {"CHANGELOG.md": f"# Changelog\n\n## [Unreleased]\n\n### {heading}\n\n- {text}\n"}


GET = "def get(url, timeout=30):\n    return url, timeout\n"
GONE = "def fetch(url, timeout=30):\n    return url, timeout\n"
MUST = "def get(url, token, timeout=30):\n    return url, timeout\n"
CORE = {"shop/__init__.py": "from .core import get\n", "shop/core.py": GET}
WARNED = (
    "import warnings\n\n\ndef get(url):\n"
    "    warnings.warn('get is deprecated and will be removed in version {}', DeprecationWarning)\n    return url\n"
)
KIND = (
    'class Cleaner:\n    """Clean.\n\n    Parameters\n    ----------\n    kind : str\n        .. deprecated:: 1.2\n'
    '           `kind` is deprecated in 1.2 and will be removed in 2.0.\n    """\n\n'
    "    def __init__(self, size=1, kind=None):\n        self.size = size\n"
)
ENUM = "import enum\n\n\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2\n"
DATA = "from dataclasses import dataclass\n\n\n@dataclass\nclass Order:\n    id: int\n    price: int\n"
CLI = (
    "import click\n\n\n@click.command()\n@click.option('--rate', default=1)\n@click.option('--dry-run', is_flag=True)\n"
    "def train(rate, dry_run):\n    click.echo(rate)\n"
)
SCRIPTS = {**TREE, "pyproject.toml": PROJECT.format("1.4.0", '[project.scripts]\nshop = "shop.cli:train"\n')}
ROUTE = (
    "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/users')\ndef users():\n"
    "    return {'user_name': 'a', 'id': 1}\n"
)
ENV = "import os\n\nURL = os.environ['SHOP_DB_URL']\n"
MODEL = (
    "from fastapi import APIRouter\nfrom pydantic import BaseModel\n\nrouter = APIRouter()\n\n\n"
    "class User(BaseModel):\n    name: str\n\n\n@router.post('/users')\ndef add(user: User):\n    return user\n"
)

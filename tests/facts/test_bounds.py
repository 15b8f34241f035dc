"""Requirements as people write them: which come to one version, and which versions a lock may have."""

import pytest

from dodcheck.facts.setup.bounds import Bound, read_bounds
from dodcheck.facts.setup.lock_files import read_lock

PINNED = [
    "torch==2.1.0",
    "torch === 2.1.0",
    "uvicorn[standard]==0.30.0; python_version < '3.13'",
    "torch @ https://download.pytorch.org/whl/torch-2.1.0.whl",
    "clip @ git+https://github.com/openai/CLIP.git@v1.0",
    "-e git+https://github.com/openai/CLIP.git@a1d0717#egg=clip",
    "torch==2.1.0 --hash=sha256:ab",
]
OPEN = [
    "torch",
    "torch>=2",
    "torch~=2.1",
    "torch==2.*",
    "torch!=2.0.0",
    "clip @ git+https://github.com/openai/CLIP.git",
    "clip @ git+https://github.com/openai/CLIP.git@main",
    "clip @ git+ssh://git@github.com/openai/CLIP.git",
]
NONE = ["-r base.txt", "--index-url https://example.org/simple", "-e .", "./wheels/a", "# torch", "-c constraints.txt"]


def _one(line: str) -> tuple[Bound, ...]:
    return read_bounds("requirements.txt", f"{line}\n", {})


@pytest.mark.parametrize("line", PINNED)
def test_one_version(line: str) -> None:
    assert [one.pinned for one in _one(line)] == [True]


@pytest.mark.parametrize("line", OPEN)
def test_many_versions(line: str) -> None:
    assert [one.pinned for one in _one(line)] == [False]


@pytest.mark.parametrize("line", NONE)
def test_no_requirement(line: str) -> None:
    assert not _one(line)


@pytest.mark.parametrize(
    ("line", "pinned"),
    [
        ("numpy=1.26.4=py311_0", True),
        ("numpy==1.26.4", True),
        ("numpy 1.26.4", True),
        ("numpy>=1", False),
        ("numpy", False),
    ],
)
def test_conda(line: str, pinned: bool) -> None:  # noqa: FBT001 - a column of the table
    found = read_bounds("environment.yml", f"dependencies:\n- python=3.11\n- {line}\n", {})
    assert [(one.name, one.pinned) for one in found] == [("numpy", pinned)]


@pytest.mark.parametrize(
    ("version", "pinned", "allowed"),
    [('"1.2.3"', True, "1.2.3"), ('"^1.2"', False, "1.9"), ('"*"', False, "7"), ('{path = "../a"}', True, "1")],
)
def test_poetry(version: str, pinned: bool, allowed: str) -> None:  # noqa: FBT001 - a column of the table
    found = read_bounds("pyproject.toml", f'[tool.poetry.dependencies]\npython = "^3.11"\na = {version}\n', {})
    assert [(one.name, one.pinned, one.allows(allowed)) for one in found] == [("a", pinned, True)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("uv.lock", '[[package]]\nname = "Torch"\nversion = "2.1.0"\n'),
        ("poetry.lock", '[[package]]\nname = "torch"\nversion = "2.1.0"\n'),
        ("pylock.toml", '[[packages]]\nname = "torch"\nversion = "2.1.0"\n'),
        ("Pipfile.lock", '{"default": {"torch": {"version": "==2.1.0"}}, "develop": {}}'),
        ("conda-lock.yml", "package:\n- name: torch\n  version: 2.1.0\n"),
        ("requirements.txt", "torch==2.1.0 \\\n    --hash=sha256:ab\n"),
    ],
)
def test_locks(path: str, text: str) -> None:
    assert read_lock(path, text).versions == {"torch": frozenset({"2.1.0"})}

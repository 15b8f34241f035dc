"""What ruff reads is what stands at a side, whatever it was asked before."""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from conftest import Repository

from dodcheck.change import Change, Side
from dodcheck.sources.environment import binary
from dodcheck.sources.plumbing import Git
from dodcheck.sources.ruff import Ruff
from dodcheck.sources.scratch import Scratch, Trees
from dodcheck.sources.workspace import Workspace


@pytest.fixture
def space(repository: Repository) -> Iterator[Workspace]:
    with Scratch() as scratch:
        git = Git.open(repository.path, scratch.folder("objects"))
        change = Change.of_trees({}, {"app/a.py": "from app import b\n\nb.f()\n", "app/b.py": "import os\n"})
        yield Workspace(git, scratch, Trees(git, scratch, {}), change, limit=60)
        git.close()


def test_a_module_that_stood_in_for_an_import_is_read_when_it_is_asked_for(space: Workspace) -> None:
    ruff = Ruff(space, binary("ruff", Path(sys.prefix), None), [])
    ruff.selected(Side.HEAD, ["app/a.py"], ["F"])
    found = msgspec.json.decode(ruff.check(Side.HEAD, ["app/a.py", "app/b.py"]).stdout)
    assert [(one["filename"], one["code"]) for one in found] == [("app/b.py", "F401")]

"""The trees that suites run in: one side's files, perhaps another side's tests, and what git ignores and code needs."""

import os
import shutil
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.run import Altered
from dodcheck.sources.workspace import Workspace

_BUILT = (".so", ".pyd")
_CARRIED = (".py", ".pyi", *_BUILT)


class SuiteTrees:
    """Trees for pytest.

    Args:
        space: The change, and where to write.
    """

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._spoilt = ""

    def tree(self, source: Side, tests: Side) -> Path:
        """Return a tree with the source of one side and the changed test files of another."""
        if tests is source:
            return self._space.trees.whole(source, "run", self._carry)

        def exchange(tree: Path) -> None:
            self._carry(tree)
            _put_tests(tree, self._space, tests)

        return self._space.trees.whole(source, f"run-{tests}-tests", exchange)

    def altered(self, altered: Altered) -> Path:
        """Return a tree of head with another text in one file; what was altered before is as it was."""
        tree = self._space.trees.whole(Side.HEAD, "run-altered", self._carry)
        for path in filter(None, (self._spoilt, altered.path)):
            if not (tree / path).resolve().is_relative_to(tree.resolve()):  # tests ran here before
                raise ToolError(f"the tests made a link to elsewhere of {path}", "look at what they write")
            (tree / path).write_bytes(self._space.change.head.read_bytes(path) or b"")
        self._spoilt = altered.path
        (tree / altered.path).write_bytes(altered.text.encode("utf-8", "surrogateescape"))
        shutil.rmtree((tree / altered.path).parent / "__pycache__", ignore_errors=True)
        return tree

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """Ignored files of the work tree that code may need: generated versions, built extensions."""
        git = self._space.git
        listed = git.run("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
        found = (os.fsdecode(name) for name in listed.split(b"\0"))
        return tuple(path for path in found if path.endswith(_CARRIED) and _plain(git.top / path))

    @cached_property
    def carried_digest(self) -> str:
        """A digest of the names and contents of `carried`."""
        digest = sha256()
        for path in self.carried:
            digest.update(os.fsencode(path) + b"\0" + sha256((self._space.git.top / path).read_bytes()).digest())
        return digest.hexdigest()

    @property
    def note(self) -> str:
        """What a reader must know of what was carried in."""
        built = [path for path in self.carried if path.endswith(_BUILT)]
        return f"built extensions are the work tree's own, as built last: {', '.join(built[:3])}" if built else ""

    def _carry(self, tree: Path) -> None:
        for path in self.carried:
            target = tree / path
            if target.parent.is_dir() and not target.exists():
                shutil.copyfile(self._space.git.top / path, target)


def _plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _put_tests(tree: Path, space: Workspace, side: Side) -> None:
    """Replace the test files that the change touches by the versions of one side."""
    wanted = space.snapshot(side)
    for file in space.change.files:
        if file.role != "test":
            continue
        for path in {file.path, file.old_path or file.path}:
            (tree / path).unlink(missing_ok=True)
        path_there = file.base_path if side is Side.BASE else file.head_path
        content = wanted.read_bytes(path_there) if path_there else None
        if path_there and content is not None:
            (tree / path_there).parent.mkdir(parents=True, exist_ok=True)
            (tree / path_there).write_bytes(content)

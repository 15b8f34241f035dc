"""git as a child process: bytes in, bytes out, nothing of the user's configuration in between."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Self, cast

from dodcheck.errors import UsageError
from dodcheck.sources import children
from dodcheck.sources.room import is_full, no_room

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
Entry = tuple[bytes, str]  # mode and id of what stands in a folder
_LARGE, _KEPT = 1 << 20, 48 << 20  # bytes of one content that is kept, and of all together
_SETTINGS = (
    "core.quotepath=off",
    "core.fsmonitor=false",
    "core.safecrlf=false",
    "gc.auto=0",
    f"core.hooksPath={os.devnull}",  # an index of ours would run post-index-change
)
_PINNED = tuple(part for setting in _SETTINGS for part in ("-c", setting))


def without_git(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the variables by which git hands hooks another index or repository."""
    return {k: v for k, v in environ.items() if not k.startswith("GIT_")}


def tracks(place: Path) -> bool:
    """Return whether the repository around a path tracks it, or anything below it.

    Raises:
        UsageError: git is missing.
    """
    asked = ("-C", str(place.parent), "ls-files", "-z", "--", place.name)
    return bool(_call(["git", *_PINNED, *asked], without_git(os.environ)).stdout)


class Git:
    """git commands in one repository; objects that they write go to a folder of ours.

    Args:
        top: The work tree's root.
        git_dir: The repository's own directory (of the linked work tree, when it is one).
        index: The index that a hook was handed, or the repository's own.
        environ: Variables on top of the scrubbed environment.
    """

    def __init__(self, top: Path, git_dir: Path, index: Path, environ: Mapping[str, str]) -> None:
        self.top = top
        self.git_dir = git_dir
        self.index = index
        self._environ = {**without_git(os.environ), **environ}
        self._batch: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._kept: dict[str, bytes] = {}
        self._held = 0

    @classmethod
    def open(cls, start: Path, objects: Path) -> Self:
        """Find the repository around a folder.

        Args:
            start: Any folder of the work tree.
            objects: An empty folder for the objects that we make.

        Raises:
            UsageError: git is missing, there is no repository, or it has no work tree.
        """
        asked = ("--show-toplevel", "--absolute-git-dir", "--git-path", "objects", "--git-path", "index")
        ran = _call(["git", "-C", str(start), "rev-parse", *asked], dict(os.environ))
        if ran.returncode:
            said = os.fsdecode(ran.stderr).strip().removeprefix("fatal: ").splitlines()
            raise UsageError(f"{start}: {said[0] if said else 'git failed'}", "run dodcheck inside a git work tree")
        top, git_dir, own_objects, index = (start / line for line in os.fsdecode(ran.stdout).splitlines())
        pinned = {
            "GIT_DIR": str(git_dir),
            "GIT_WORK_TREE": str(top),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(own_objects.resolve()),
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        objects.mkdir(parents=True, exist_ok=True)
        return cls(top.resolve(), git_dir.resolve(), index.resolve(), pinned)

    def run(self, *args: str, stdin: bytes = b"", index: Path | None = None, may_fail: bool = False) -> bytes:
        """Run one git command in the work tree's root and return its output.

        Args:
            args: The command and its arguments.
            stdin: Its standard input.
            index: An index other than the repository's.
            may_fail: An answer is optional: a failure gives what was printed so far.

        Raises:
            UsageError: The command failed; its first line says why.
            ToolError: It failed where no room is left.
        """
        environ = self._environ | ({"GIT_INDEX_FILE": str(index)} if index else {})
        ran = _call(["git", *_PINNED, "-C", str(self.top), *args], environ, stdin)
        if ran.returncode and not may_fail:
            if is_full(self._environ["GIT_OBJECT_DIRECTORY"]):
                raise no_room(self._environ["GIT_OBJECT_DIRECTORY"])
            said = os.fsdecode(ran.stderr).strip().removeprefix("fatal: ").removeprefix("error: ")
            raise UsageError(f"git {args[0]}: {said.splitlines()[0] if said else f'exit {ran.returncode}'}")
        return ran.stdout

    def content(self, name: str) -> bytes | None:
        """Return the content of a blob by id or as `TREE:PATH`; None when there is none."""
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        kind, content = self._object(name)
        if kind != b"blob":
            return None
        if len(content) < _LARGE and self._held < _KEPT:  # rules read the same few files again and again
            self._kept[name] = content
            self._held += len(content)
        return content

    def folder(self, tree: str) -> Mapping[str, Entry]:
        """Return what a tree holds itself: mode and id by name; nothing when there is no such tree."""
        kind, content = self._object(tree)
        size = len(tree) // 2
        found: dict[str, Entry] = {}
        at = 0 if kind == b"tree" else len(content)
        while at < len(content):
            blank, end = content.index(b" ", at), content.index(b"\0", at)
            found[os.fsdecode(content[blank + 1 : end])] = (content[at:blank], content[end + 1 : end + 1 + size].hex())
            at = end + 1 + size
        return found

    def commit(self, name: str) -> tuple[str, str] | None:
        """Return the ids of a commit and of its tree; None when the name is no commit's."""
        kind, content, found = self._asked(f"{name}^{{commit}}")
        return (found, content[5 : content.index(b"\n")].decode()) if kind == b"commit" else None

    def _object(self, name: str) -> tuple[bytes, bytes]:
        kind, content, _ = self._asked(name)
        return kind, content

    def _asked(self, name: str) -> tuple[bytes, bytes, str]:
        """Return type, content and id of an object; an empty type when there is none."""
        if "\n" in name:  # would be two questions, and every later answer that of another one
            return b"", b"", ""
        with self._lock:
            if self._batch is None or self._batch.poll() is not None:
                self._batch = self._start_batch()
            ask, answer = cast("IO[bytes]", self._batch.stdin), cast("IO[bytes]", self._batch.stdout)
            ask.write(os.fsencode(name) + b"\n")
            ask.flush()
            header = answer.readline().split()
            if len(header) != 3 or not header[2].isdigit():  # noqa: PLR2004 - "ID TYPE SIZE", or "NAME missing"
                return b"", b"", ""
            return header[1], answer.read(int(header[2]) + 1)[:-1], header[0].decode()

    def close(self) -> None:
        """End the child that serves contents."""
        with self._lock:
            if self._batch is not None:
                self._batch.communicate()
                children.ended(self._batch)
                self._batch = None

    def _start_batch(self) -> subprocess.Popen[bytes]:
        command = ["git", *_PINNED, "-C", str(self.top), "cat-file", "--batch"]
        return children.started(
            command, env=self._environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )


def _call(command: Sequence[str], environ: Mapping[str, str], stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return children.ran(command, stdin=stdin, env=dict(environ))
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "install git 2.30 or newer") from error

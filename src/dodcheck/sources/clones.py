"""Repositories that an audit looks at: a folder as it is, anything else as a clone in dodcheck's cache folder.

A clone has no work tree, and of a server that can filter it holds commits and trees alone; the files that an audit
needs are fetched at once, for git would fetch them one by one.
"""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from dodcheck.errors import UsageError
from dodcheck.sources.merged import absent
from dodcheck.sources.plumbing import Git, without_git

_REMOTE = re.compile(r"^[a-z][a-z0-9+.-]*://|^[\w.-]+@[\w.-]+:", re.IGNORECASE)
_LIMIT = 3600.0  # seconds for one clone or fetch
_EAGER = ("-c", "fetch.negotiationAlgorithm=noop", "-c", "gc.auto=0", "-c", "maintenance.auto=false")


def is_remote(location: str) -> bool:
    """Tell a URL (or `user@host:path`) from a path."""
    return _REMOTE.match(location) is not None


def shown(location: str) -> str:
    """Return a location as a report may show it: without the name and password of a URL."""
    if "://" not in location:
        return location
    parts = urlsplit(location)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def placed(location: str, home: Path, *, fresh: bool) -> Path:
    """Return the folder in which git finds a repository; the user's own is never written to.

    Args:
        location: A path or a URL.
        home: dodcheck's cache folder.
        fresh: Bring a clone up to date.

    Raises:
        UsageError: There is no repository, or it cannot be cloned.
    """
    remote = is_remote(location)
    if not remote and not _is_bare(Path(location)):
        return Path(location)
    name = re.sub(r"[^\w.-]+", "-", location.rstrip("/").rpartition("/")[2].removesuffix(".git"))[:40]
    target = home / "clones" / f"{name}-{sha256(location.encode('utf-8', 'replace')).hexdigest()[:16]}"
    with _alone(target):
        if not target.exists():
            _clone(location, target, ["--filter=blob:none"] if remote else ["--shared"])
        elif fresh:
            _git(target, "fetch", "--quiet", "--prune", "origin", location=location)
            _git(target, "remote", "set-head", "origin", "--auto", location=location)
    return target


def fill(git: Git, commits: Iterable[str], location: str) -> frozenset[str]:
    """Fetch what a clone of ours lacks of the changes, and return the blobs that are missing all the same.

    Args:
        git: The repository.
        commits: The changes.
        location: Where it was cloned from; of a path nothing is fetched.
    """
    wanted = tuple(commits)
    missing = absent(git, wanted)
    if not missing or not is_remote(location):
        return missing
    with _alone(git.top):
        asked = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--stdin")
        names = "".join(f"{one}\n" for one in sorted(missing))
        _git(git.top, *_EAGER, "fetch", "--quiet", *asked, "origin", location=location, stdin=names)
    return absent(git, wanted)


def _is_bare(folder: Path) -> bool:
    ran = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "-C", str(folder), "rev-parse", "--is-bare-repository"],  # noqa: S607 - git as the user has it
        env=without_git(os.environ),
        capture_output=True,
        check=False,
    )
    return ran.stdout.strip() == b"true"


def _clone(location: str, target: Path, how: Sequence[str]) -> None:
    """Clone into a folder beside the target, and put it there when it is whole."""
    for left in target.parent.glob(f".{target.name}-*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        asked = ("clone", "--quiet", "--no-checkout", "--template=", *how, "--", location, str(part))
        _git(target.parent, *asked, location=location)
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _git(folder: Path, *args: str, location: str, stdin: str = "") -> None:
    """Run git with the user's own settings, which know proxies and credentials; it asks nobody for a password."""
    environ = {**without_git(os.environ), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        ran = subprocess.run(  # noqa: S603 - what is not ours comes after `--`
            ["git", "-C", str(folder), *args],  # noqa: S607 - git as the user has it
            env=environ,
            input=stdin,
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
            timeout=_LIMIT,
        )
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"{shown(location)}: no answer in {_LIMIT:g} s") from error
    if ran.returncode:
        said = next((one for one in ran.stderr.splitlines() if one.strip()), f"exit {ran.returncode}")
        said = said.removeprefix("fatal: ").replace(location, shown(location))
        raise UsageError(f"{shown(location)}: {said}", "try `git clone` by hand")


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let one process at a time make or mend a clone."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (target.parent / f"{target.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield

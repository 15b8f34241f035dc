"""Checked code in a sandbox of bubblewrap, where the team or the caller asks for one.

Code of the change may run in these children, so they go inside (`Child.box`): pytest, an application that generates its
OpenAPI document, Alembic migrations, mypy (its plugins are code), and a Python or a mypy that is asked for its version
and packages: an editable install puts the work tree on its path, and a `sitecustomize` there runs at its start.

These stay outside, for they run none of it: git (hooks are off), ruff, the project's Python as a parser (`-I -S`: it
imports nothing), and dodcheck itself as the child of an audit or of the MCP server, whose own children go inside. A
team's own rules run in our process: base's are trusted, and those that only the change has are refused (`cli.session`).
No command that a definition names is run.

Inside, the system is read-only, and writes go to the folders of that one run. The user's home, the places of temporary
files and the sockets of services (a read-only mount would let them be connected to) are empty; the work tree and the
programs that a run needs are put back, read-only. There is no network but loopback, no process of the outside, no
capability (root would keep them all) and no `/proc/sys` to write to (root owns it).

What was written inside is read outside with care: an answer is a file that cannot be replaced by a link, or is copied
first (`coverage`), and mypy's cache is not kept, for whatever runs inside could put answers there for later runs.
"""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from dodcheck.errors import SandboxError, ToolError
from dodcheck.run import Ran

_PROBE = Path(__file__).parent.parent / "probe"
_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - they are hidden, not used
_SOCKETS = ("/run", "/var/run")
_ALONE = ("--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL")
_PROC = ("--remount-ro", "/proc")
_SYSTEM = {Path("/dev"): ("--dev", "/dev"), Path("/proc"): ("--proc", "/proc")}
_EMPTY = {"--tmpfs", "--dev"}
_SIGNALLED = 128  # a shell's way to say that a signal ended a process, and bubblewrap's
_LINKS = 40  # what Linux follows on one path
_LIMIT = 20.0  # seconds for a trial that takes milliseconds
_INSTALL = "install bubblewrap (`apt install bubblewrap`, `dnf install bubblewrap`), or ask for no sandbox"
_ALLOW = (
    "allow user namespaces (sysctl `kernel.unprivileged_userns_clone=1`, on Ubuntu "
    "`kernel.apparmor_restrict_unprivileged_userns=0`, in a container its security options), or ask for no sandbox"
)


class Availability(NamedTuple):
    """What there is of bubblewrap: its version, or why it does not serve, with the remedy."""

    version: str
    why: str = ""
    remedy: str = ""


def availability(program: Path | None) -> Availability:
    """Try bubblewrap in the way in which it is used, and return what there is of it.

    Args:
        program: The `bwrap` that was found; None for none.
    """
    if program is None:
        elsewhere = "" if sys.platform == "linux" else ", which is for Linux alone"
        return Availability("", f"bwrap is not installed{elsewhere}", _INSTALL)
    mounts = ["--ro-bind", "/", "/", *(word for words in _SYSTEM.values() for word in words)]
    command = [str(program), *mounts, *_PROC, *_ALONE, "--", str(program), "--version"]
    try:
        ran = subprocess.run(command, capture_output=True, check=False, timeout=_LIMIT)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.SubprocessError) as error:
        return Availability("", f"bwrap does not work here: {error}", _INSTALL)
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit {ran.returncode}"]
        return Availability("", f"bwrap does not work here: {said[0].removeprefix('bwrap: ')}", _ALLOW)
    return Availability(ran.stdout.decode("utf-8", "replace").split()[-1])


class Sandbox(msgspec.Struct, frozen=True):
    """A bubblewrap that works.

    Args:
        program: Where it is.
        version: "0.8.0".
        top: The work tree's root; it can be read inside.
    """

    program: str
    version: str
    top: Path

    @classmethod
    def open(cls, program: Path | None, top: Path) -> Self:
        """Return the sandbox that was asked for.

        Args:
            program: The `bwrap` that was found; None for none.
            top: The work tree's root.

        Raises:
            SandboxError: There is none, or it does not work.
        """
        found = availability(program)
        if program is None or not found.version:
            raise SandboxError(f"a sandbox is asked for, and {found.why}", found.remedy)
        return cls(str(program), found.version, top)

    @property
    def note(self) -> str:
        """What a reader must know of a run inside."""
        return f"in a sandbox (bwrap {self.version}): no network, read-only outside of the run's own folders"


class Box(msgspec.Struct, frozen=True):
    """A sandbox as one child has it.

    Args:
        sandbox: The sandbox.
        writes: Files and folders that it may write to; they exist.
        programs: The programs that it starts: their installations can be read, wherever they are.
    """

    sandbox: Sandbox
    writes: tuple[Path, ...] = ()
    programs: tuple[str, ...] = ()

    def command(self, command: Sequence[str], cwd: Path) -> list[str]:
        """Return the command that runs another one inside.

        Args:
            command: Program and arguments.
            cwd: Where it runs.
        """
        mounts = (word for words in _mounts(self._read(cwd), self.writes) for word in words)
        start = ("--chdir", str(cwd), "--", *command)
        return [self.sandbox.program, "--ro-bind", "/", "/", *mounts, *_PROC, *_ALONE, *start]

    def told(self, ran: Ran) -> Ran:
        """Return a run as it would have ended outside, with a note that it was inside.

        Raises:
            ToolError: It never began: what was to be mounted could not be.
        """
        if ran.exit == 1 and ran.stderr.startswith("bwrap: "):  # whatever runs inside speaks after it
            said = ran.stderr.splitlines()[0].removeprefix("bwrap: ")
            raise ToolError(f"{ran.name} could not start in the sandbox: {said}", "see `dodcheck doctor`")
        number = ran.exit - _SIGNALLED
        ended = -number if number in set(signal.Signals) else ran.exit
        return msgspec.structs.replace(ran, exit=ended, note="; ".join(filter(None, [ran.note, self.sandbox.note])))

    def _read(self, cwd: Path) -> Iterator[Path]:
        from dodcheck.sources.installations import installation  # noqa: PLC0415 - a hook starts nothing inside

        yield from (cwd, self.sandbox.top, _PROBE)
        yield from (Path(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one)
        for program in self.programs:
            yield from installation(program)


def _hidden() -> Iterator[Path]:
    """Yield the folders that are empty inside."""
    with suppress(KeyError):  # a user without a name
        yield from _folder(pwd.getpwuid(os.getuid()).pw_dir)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for name in (os.environ.get("HOME", ""), tempfile.gettempdir(), runtime, *_TEMPORARY, *_SOCKETS):
        yield from _folder(name)


def _folder(name: str) -> Iterator[Path]:
    place = Path(name).resolve()
    if name and place.is_dir() and place != Path("/"):
        yield place


def _mounts(read: Iterator[Path], writes: Sequence[Path]) -> Iterator[Sequence[str]]:
    """Yield what is mounted, from the root down: of two places the deeper one is mounted last, and holds."""
    wanted: dict[Path, Sequence[str]] = {place: ("--tmpfs", str(place)) for place in _hidden()}
    for spelled in read:
        links, place = _followed(spelled)
        wanted |= {link: ("--symlink", target, str(link)) for link, target in links.items()}
        if place.exists():
            wanted[place] = ("--ro-bind", str(place), str(place))
    wanted |= {place.resolve(): ("--bind", str(place.resolve()), str(place.resolve())) for place in writes}
    wanted |= _SYSTEM
    kept: dict[Path, str] = {}
    for place in sorted(wanted):
        kind = wanted[place][0]
        above = next((kept[one] for one in place.parents if one in kept), "--ro-bind")
        if kind in {"--ro-bind", "--symlink"} and above not in _EMPTY:  # it is seen already
            continue
        kept[place] = kind
        yield wanted[place]


def _followed(path: Path) -> tuple[dict[Path, str], Path]:
    """Return the symbolic links on the way to a path, and where it leads: inside, each of them must be there."""
    links: dict[Path, str] = {}
    done, rest = Path("/"), list(path.absolute().parts[1:])
    while rest:
        name = rest.pop(0)
        here = done.parent if name == ".." else done / name
        if not here.is_symlink() or len(links) > _LINKS:
            done = here
            continue
        target = here.readlink()
        links[here] = str(target)
        done = Path("/") if target.is_absolute() else done
        rest = [*target.parts[target.is_absolute() :], *rest]
    return links, done

"""What is left of a killed run: its processes are ended, its scratch folder is removed.

Also a script of its own, `python -I -S guard.py`, that imports nothing of dodcheck: a child of a run that reads from a
pipe what the run has started.  A killed run cannot end its children itself; the end of the pipe tells that it is gone.
Lines are a sign and what it stands for: `+G123` for a process group and `+F` with a scratch folder in hexadecimal,
`-…` once it is done with.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator

_PASSES = 100  # over what runs: one may start another meanwhile, and one that waits for a disk ends later


def remove(folder: str) -> None:
    """End what works in a folder or was told of it, as far as the system has `/proc`, and remove the folder."""
    import shutil  # noqa: PLC0415 - in a guard, of few runs

    for _ in range(_PASSES):
        if not [process for process in _processes_of(folder) if _end(process)]:
            break
    shutil.rmtree(folder, ignore_errors=True)


def _processes_of(folder: str) -> Iterator[int]:
    folder = os.path.realpath(folder)
    told = os.fsencode(folder)
    with contextlib.suppress(OSError):  # no /proc
        for name in {*filter(str.isdigit, os.listdir("/proc"))} - {str(os.getpid())}:  # noqa: PTH208 - no pathlib: it takes as long as the rest
            with contextlib.suppress(OSError):  # it has ended, or is another user's
                place = os.readlink(f"/proc/{name}/cwd")  # noqa: PTH115 - likewise
                with open(f"/proc/{name}/environ", "rb") as variables:  # noqa: PTH123 - likewise
                    if f"{place}/".startswith(f"{folder}/") or told in variables.read():
                        yield int(name)


def _end(process: int) -> bool:
    with contextlib.suppress(OSError):
        os.kill(process, signal.SIGKILL)
        return True
    return False


def _watch(lines: Iterable[str]) -> None:
    live: set[str] = set()
    for line in lines:
        (live.add if line[0] == "+" else live.discard)(line[1:].rstrip("\n"))
    for one in sorted(live, reverse=True):  # groups first
        if one[0] == "F":
            remove(os.fsdecode(bytes.fromhex(one[1:])))
            continue
        with contextlib.suppress(OSError):
            os.killpg(int(one[1:]), signal.SIGKILL)


if __name__ == "__main__":
    _watch(sys.stdin)

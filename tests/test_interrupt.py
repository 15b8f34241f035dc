"""Ctrl-C and SIGTERM end a run at once: no child, no scratch folder, an untouched tree."""

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import COMMAND, Repository, environment
from test_check import PROJECT

HANGING = (
    "import os, pathlib, time\n\n\ndef test_hangs():\n"
    "    pathlib.Path(os.environ['MARK']).write_text(str(os.getpid()))\n    time.sleep(600)\n"
)


@pytest.fixture
def running(repository: Repository, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a check, and wait until its test hangs."""
    repository.commit(PROJECT)
    repository.write({"tests/test_slow.py": HANGING})
    mark = tmp_path / "mark"
    os.mkfifo(mark)
    child = subprocess.Popen(
        [*COMMAND, "check", "--base", "HEAD", "--select", "no-regressions"],
        cwd=repository.path,
        env=environment() | {"MARK": str(mark)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield child, mark
    child.kill()
    child.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left(
    running: tuple[subprocess.Popen[str], Path], repository: Repository, number: signal.Signals
) -> None:
    child, mark = running
    tested = _announced(mark)
    scratch = next(Path(part).parent for part in _tree_of(tested).split(":") if "dodcheck-" in part)
    before = repository.state()
    child.send_signal(number)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert err.splitlines()[-1] == "dodcheck: interrupted"
    assert not scratch.exists()
    assert not Path(f"/proc/{tested}").exists()
    assert repository.state() == before


def _announced(mark: Path) -> int:
    """Wait until the hanging test writes its process id into the fifo."""
    with os.fdopen(os.open(mark, os.O_RDONLY | os.O_NONBLOCK)) as fifo:
        assert select.select([fifo], [], [], 60)[0], "the test never ran"
        return int(fifo.read())


def _tree_of(process: int) -> str:
    variables = Path(f"/proc/{process}/environ").read_bytes().decode().split("\0")
    return next(one.partition("=")[2] for one in variables if one.startswith("DODCHECK_TREE="))

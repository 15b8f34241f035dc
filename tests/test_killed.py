"""A run that is ended while its report is written, or killed outright, leaves nothing that stays."""

import os
import select
import signal
import subprocess
from pathlib import Path

import pytest
from conftest import COMMAND, Repository, environment
from test_check import PROJECT

from dodcheck.cli.output import write_whole
from dodcheck.sources.scratch import Scratch


def test_an_interrupted_report_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    (tmp_path / "report.md").write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report.md", "after")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("report.md", "before")]


WAITING = '#!/bin/sh\ncase "$*" in *--version*) echo ruff 0.9.0; exit;; esac\necho $$ > {mark}\nexec sleep 600\n'


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ended_while_a_tool_runs(repository: Repository, tmp_path: Path, number: signal.Signals) -> None:
    repository.commit(PROJECT | {".gitignore": ".venv\n"})
    mark = tmp_path / "mark"
    os.mkfifo(mark)
    repository.write({".venv/bin/ruff": WAITING.format(mark=mark), ".venv/bin/python": "", "app.py": "x = 1\n"})
    for name in ("ruff", "python"):
        (repository.path / ".venv" / "bin" / name).chmod(0o755)
    before = repository.state()
    args = [*COMMAND, "check", "--fast", "--base", "HEAD", "--select", "lint"]
    with subprocess.Popen(args, cwd=repository.path, env=environment(), stderr=subprocess.DEVNULL) as child:
        try:
            tool = _announced(mark)
            scratch = next(
                one for one in Path(f"/proc/{tool}/cwd").resolve().parents if one.name.startswith("dodcheck-")
            )
        finally:
            child.send_signal(number)
        child.wait(timeout=30)
    assert repository.state() == before
    if number is signal.SIGKILL:
        assert scratch.exists()
        Scratch().__exit__(None, None, None)
    assert not scratch.exists()
    assert _has_ended(tool)


def _announced(mark: Path) -> int:
    with os.fdopen(os.open(mark, os.O_RDONLY | os.O_NONBLOCK)) as fifo:
        assert select.select([fifo], [], [], 60)[0], "the tool never ran"
        return int(fifo.read())


def _has_ended(process: int) -> bool:
    try:
        held = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    with os.fdopen(held) as file:
        return bool(select.select([file], [], [], 10)[0])

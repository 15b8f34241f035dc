"""A run that is ended or killed at any stage leaves the repository byte-identical, and the next one is as ever."""

import os
import select
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from held_runs import STAGES, Place, Stage, Told, everything, made, processes, run_to_its_end

from dodcheck.cli.output import write_whole


def test_an_interrupted_report_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    (tmp_path / "report.md").write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report.md", "after")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("report.md", "before")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return made(tmp_path_factory.mktemp("faults"))


def has_ended(process: int) -> bool:
    try:
        held = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    with os.fdopen(held) as file:
        return bool(select.select([file], [], [], 20)[0])


def signalled(place: Place, at: str, number: signal.Signals, cache: Path) -> tuple[int, str]:
    """Start a run, send it a signal when it is held, and return its exit status and the mark of its children."""
    command, environ = place.run(STAGES[at], at, cache)
    with os.fdopen(os.open(place.folder / "mark", os.O_RDONLY | os.O_NONBLOCK)) as mark:
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, cwd=place.repository.path, env=environ, stdout=quiet, stderr=quiet) as child:
            try:
                assert select.select([mark], [], [], 60)[0], f"{at} was not reached"
            finally:
                child.send_signal(number)
            return child.wait(timeout=60), environ["FAULT_RUN"]


def let_go(place: Place) -> None:
    os.close(os.open(place.folder / "hold", os.O_WRONLY | os.O_NONBLOCK))


@pytest.fixture(scope="module")
def unharmed(place: Place) -> Callable[[Stage], Told]:
    """Return what a run says to which nothing happens and that remembers nothing."""
    known: dict[tuple[str, ...], Told] = {}

    def said(stage: Stage) -> Told:
        if stage.options not in known:
            known[stage.options] = run_to_its_end(place, stage, f"{os.devnull}/none")
        return known[stage.options]

    return said


@pytest.mark.parametrize("at", STAGES)
def test_a_run_is_ended_at_a_stage(place: Place, unharmed: Callable[[Stage], Told], at: str, tmp_path: Path) -> None:
    stage, cache = STAGES[at], tmp_path / "cache"
    if at != "new-":
        shutil.copytree(place.folder / "warm", cache)  # what every run needs, and no answer of a lasting tool
    without = unharmed(stage)
    before = everything(place.repository)
    for number in (signal.SIGINT, signal.SIGTERM):
        code, token = signalled(place, at, number, cache)
        assert code == 130
        assert processes(token) == []
        assert everything(place.repository) == before
        assert list(place.scratch.iterdir()) == []
    code, token = signalled(place, at, signal.SIGKILL, cache)
    assert code == -signal.SIGKILL
    if stage.lasting:
        assert all(map(has_ended, processes(token)))
        assert list(place.scratch.iterdir()) == []
    assert run_to_its_end(place, stage, cache) == without
    if at == "git merge-base":
        let_go(place)  # it has nothing to do with the scratch folder, and ends by itself
    assert all(map(has_ended, processes(token)))
    assert everything(place.repository) == before
    assert list(place.scratch.iterdir()) == []

"""Where no room is left, a run says so in one line or goes without; it never passes what it could not check."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import COMMAND, Repository, environment
from held_runs import FULL, STAGES, Place, everything, made, run_to_its_end, verdict

OTHERS = {"new-", "report"}  # no scratch files are written then
ROOM = "2m"


def apart() -> list[str]:
    """Return the command that gives another one mounts of its own, or nothing where the system lets nobody."""
    for options in (["--mount"], ["--mount", "--map-root-user"]):
        command = ["unshare", *options, "sh", "-c", FULL, "sh"]
        if subprocess.run([*command, ROOM, "/mnt", "true"], capture_output=True, check=False).returncode == 0:
            return command
    return []


APART = apart() if shutil.which("unshare") else []
pytestmark = pytest.mark.skipif(not APART, reason="nobody but root may mount a small disk here")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return made(tmp_path_factory.mktemp("full"))


def run_on(disk: Path, size: str, command: Sequence[str], **how: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command for which a folder is a disk of that size."""
    return subprocess.run([*APART, size, str(disk), *command], capture_output=True, check=False, **how)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("at", [at for at in STAGES if at not in OTHERS])
def test_no_room_for_scratch_files_from_a_stage_on(place: Place, at: str, tmp_path: Path) -> None:
    stage = STAGES[at]
    shutil.copytree(place.folder / "warm", cache := tmp_path / "cache")
    before = everything(place.repository)
    command, environ = place.run(stage, at, cache)
    environ["FAULT_FILL"] = str(place.scratch / "fill")
    ran = run_on(place.scratch, ROOM, command, cwd=place.repository.path, env=environ)
    assert ran.returncode == 2
    assert everything(place.repository) == before
    if not ran.stdout:
        (line,) = ran.stderr.decode().splitlines()
        assert line.startswith(f"dodcheck: no room is left in {place.scratch}")
        return
    told = [(status, summary) for _, status, summary in verdict(ran)[1] if status in {"pass", "fail", "error"}]
    assert told
    for status, summary in told:
        assert status == "error"
        assert f"no room is left in {place.scratch}" in summary
        assert summary.endswith("make room there, or name another folder in TMPDIR")


def test_no_room_for_what_is_kept(place: Place, tmp_path: Path) -> None:
    stage = STAGES["new-"]
    without = run_to_its_end(place, stage, f"{os.devnull}/none")
    command, environ = place.run(stage, "new-", tmp_path)
    ran = run_on(
        tmp_path, "40k", command, cwd=place.repository.path, env={**environ, "FAULT_FILL": str(tmp_path / "fill")}
    )
    assert verdict(ran) == without


def test_no_room_for_a_report(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"app.py": "x = 1\n"})
    disk, name = tmp_path / "disk", "report.md"
    disk.mkdir()
    seen = f'"$@"; code=$?; ls -A {disk}; cat {disk}/{name}; exit $code'
    keep = ["sh", "-c", f'head -c 4000 /dev/zero | tr "\\0" x > {disk}/{name}; {seen}', "sh"]
    command = [*keep, *COMMAND, "check", "--fast", "--format", "github", "-o", str(disk / name)]
    ran = run_on(disk, "4k", command, cwd=repository.path, env=environment())
    assert ran.returncode == 2
    assert ran.stderr.decode() == f"dodcheck: {disk / name}: No space left on device; make room there\n"
    assert ran.stdout.decode() == f"{name}\n" + "x" * 4_000


def test_standard_output_is_full(repository: Repository) -> None:
    repository.commit({"app.py": "x = 1\n"})
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*COMMAND, "check", "--fast", "--format", "html"],
            cwd=repository.path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ran.returncode == 2
    assert ran.stderr == b"dodcheck: standard output: No space left on device; make room there\n"

"""Code of the project in a bubblewrap sandbox: what it cannot do there, and that honest work is judged as outside."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from conftest import COMMAND, Repository, environment, item
from environments import PYTEST, environment_with
from test_check import BETTER, PROJECT
from test_matrix import rule
from test_schema_database import BASE, MODELS, NAME, second, settings

from dodcheck.change import Change, Side
from dodcheck.errors import ToolError
from dodcheck.report import Report
from dodcheck.run import Altered
from dodcheck.sources.coverage import executed_lines
from dodcheck.sources.plumbing import Git
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.sandbox import Box, Sandbox, availability
from dodcheck.sources.scratch import Scratch, Trees
from dodcheck.sources.suite_trees import SuiteTrees
from dodcheck.sources.workspace import Workspace
from dodcheck.verdict import Status

FOUND = shutil.which("bwrap")
THERE = availability(Path(FOUND) if FOUND else None)
real = pytest.mark.skipif(not THERE.version, reason=f"{THERE.why}; `make bubblewrap` installs it where Debian has it")
ALONE = ("--base", "HEAD", "--select", "no-regressions")
INSIDE = (*ALONE, "--sandbox")

HOSTILE = """\
import os
import pathlib
import signal
import socket

import pytest

TOP, HOME = (pathlib.Path(os.environ[name]) for name in ("DODCHECK_ROOT", "HOME"))


def test_writes_into_the_work_tree():
    (TOP / "app.py").write_text("owned = True")


def test_writes_beside_it():
    (TOP.parent / "owned").write_text("owned")
    assert (TOP.parent / "socket").exists(), "temporary files of its own"


def test_writes_into_the_home():
    (HOME / ".bashrc").write_text("owned")
    assert (HOME / ".ssh").exists(), "a home of its own"


def test_reads_a_key():
    assert "secret" in (HOME / ".ssh" / "id_ed25519").read_text()


def test_connects():
    socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), 5).close()


def test_connects_to_a_socket():
    socket.socket(socket.AF_UNIX).connect(os.environ["SOCKET"])


def test_kills():
    os.kill(int(os.environ["VICTIM"]), signal.SIGTERM)


def test_gives_the_kernel_a_setting():
    with open("/proc/sys/kernel/hostname", "r+") as file:
        file.write(file.read())


def test_finds_the_other_folders_of_the_run():
    assert (pathlib.Path(os.environ["DODCHECK_TREE"]).parent / "lock").exists()


def test_loopback_works():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
"""


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the outside."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


@real
def test_a_hostile_suite_reaches_nothing(
    repository: Repository, tmp_path: Path, victim: subprocess.Popen[bytes]
) -> None:
    repository.commit(PROJECT | {"dodcheck.toml": "[rules.no-regressions]\nrerun = 0\n"})
    repository.write({"tests/test_hostile.py": HOSTILE})
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_ed25519").write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as near:
        near.bind(str(tmp_path / "socket"))
        near.listen()
        port = str(server.getsockname()[1])
        variables = {"HOME": str(home), "PORT": port, "SOCKET": str(tmp_path / "socket"), "VICTIM": str(victim.pid)}
        before = repository.state()
        inside = repository.check(*INSIDE, **variables)
        assert inside.report.tests == {"failed": 9, "passed": 2}
        messages = {one.symbol: one.message for one in rule(inside, "no-regressions").findings}
        assert "Read-only file system" in messages["tests/test_hostile.py::test_writes_into_the_work_tree"]
        assert victim.poll() is None
        assert repository.state() == before
        assert [one.name for one in home.iterdir()] == [".ssh"]
        assert not (tmp_path / "owned").exists()
        assert "in a sandbox (bwrap" in next(run.note for run in inside.runs if run.name == "pytest")
        outside = repository.check(*ALONE, **variables)
        assert outside.report.tests == {"passed": 11}, "each of these tests does harm where nothing keeps it from it"


@real
def test_honest_work_is_judged_as_outside_and_not_from_its_cache(repository: Repository, tmp_path: Path) -> None:
    workers = PROJECT["pyproject.toml"] + "addopts = ['-n', '1']\n"
    writes = (
        "import pathlib\nimport tempfile\n\n\ndef test_writes(tmp_path):\n    (tmp_path / 'a').touch()\n"
        "    tempfile.TemporaryFile().close()\n    pathlib.Path('left').touch()\n"
        "    (pathlib.Path.home() / '.rc').touch()\n"
    )
    repository.commit(PROJECT | {"pyproject.toml": workers, "tests/test_writes.py": writes})
    repository.write(BETTER)
    (tmp_path / "home").mkdir()
    variables = {"HOME": str(tmp_path / "home"), "DODCHECK_CACHE": str(tmp_path / "cache")}
    outside, inside = (repository.check("--base", "HEAD", *how, **variables) for how in ((), INSIDE[-1:]))
    assert outside.verdict == "done", [(one.text, one.summary) for one in outside.items]
    assert _told(inside) == _told(outside)
    assert not any("cache" in run.note for run in inside.runs)
    assert any(one.text.startswith("3 of 3 changed lines") for one in rule(inside, "tests-added").evidence)


def _told(report: Report) -> object:
    """Return all that a report says, without what may differ: times, and notes of runs."""
    rows = [
        [
            one.id,
            one.status,
            one.summary,
            [(r.id, r.status, r.findings, [e.text for e in r.evidence if e.kind != "setting"]) for r in one.rules],
        ]
        for one in report.items
    ]
    runs = [(run.name, run.command, run.cwd, run.exit) for run in report.runs]
    return rows, runs, report.report


HANGING = """\
import os
import subprocess
import sys
import time


def test_hangs():
    mark = os.open(os.path.join(os.environ["DODCHECK_ROOT"], "mark"), os.O_WRONLY)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True, pass_fds=[mark])
    os.write(mark, b"x")
    time.sleep(600)
"""


@real
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, None])
def test_nothing_is_left_of_a_run(repository: Repository, number: signal.Signals | None) -> None:
    limit = "timeout = 4\n" if number is None else ""
    repository.commit(PROJECT | {".gitignore": "mark\n", "dodcheck.toml": f'sandbox = "bwrap"\n{limit}'})
    repository.write({"tests/test_slow.py": HANGING})
    os.mkfifo(repository.path / "mark")
    with (
        os.fdopen(os.open(repository.path / "mark", os.O_RDONLY | os.O_NONBLOCK), "rb") as mark,
        subprocess.Popen(
            [*COMMAND, "check", *ALONE], cwd=repository.path, env=environment(), stdout=subprocess.PIPE, text=True
        ) as child,
    ):
        assert select.select([mark], [], [], 60)[0], "the test never ran"
        assert mark.read(1) == b"x"
        if number is not None:
            child.send_signal(number)
        out, _ = child.communicate(timeout=60)
        assert child.returncode == {None: 2, signal.SIGKILL: -signal.SIGKILL}.get(number, 130)
        assert number is not None or "ran out of time" in out
        assert select.select([mark], [], [], 10)[0], "the test and its child, in a session of its own, still run"
        assert mark.read() == b""


def test_without_bubblewrap_nothing_runs(repository: Repository, tmp_path: Path) -> None:
    repository.commit(PROJECT)
    repository.write(BETTER)
    (tmp_path / "git").symlink_to(str(shutil.which("git")))
    ran = repository.run("check", "--sandbox", PATH=str(tmp_path))
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert "a sandbox is asked for, and bwrap is not installed; install bubblewrap" in ran.stderr
    fast = repository.check("--fast", "--sandbox", "--base", "HEAD", PATH=str(tmp_path))
    assert (fast.verdict, {run.name.partition(" ")[0] for run in fast.runs}) == ("partial", {"ruff"})
    assert "sandbox" not in str(fast)
    assert "sandbox: not asked for; bwrap is not installed" in repository.run("doctor", PATH=str(tmp_path)).stdout


@real
def test_the_doctor_tells_of_it_and_collects_inside(repository: Repository) -> None:
    repository.commit(
        PROJECT | {"tests/test_top.py": "import os\n\nopen(os.environ['DODCHECK_ROOT'] + '/left', 'w')\n"}
    )
    ran = repository.run("doctor", "--sandbox", "--run")
    assert ran.returncode == 1
    assert f"✓ sandbox: bwrap {THERE.version} works; asked for (--sandbox)" in ran.stdout
    assert "Read-only file system" in " ".join(ran.stdout.split())


def standing_in(folder: Path, script: str) -> str:
    """Put a bwrap of our own on a PATH."""
    (folder / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bwrap").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_a_sandbox_that_is_forbidden_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.commit(PROJECT | {"dodcheck.toml": 'sandbox = "bwrap"\n'})
    path = standing_in(tmp_path, 'echo "bwrap: No permissions to create new namespace" >&2; exit 1')
    ran = repository.run("check", "--base", "HEAD", PATH=path)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert "bwrap does not work here: No permissions to create new namespace; allow user namespaces" in ran.stderr
    told = repository.run("doctor", PATH=path)
    assert told.returncode == 1
    assert "✗ sandbox: a sandbox is asked for, and bwrap does not work here" in told.stdout
    assert "python:" not in told.stdout, "nothing is asked outside of it"


@real
def test_a_sandbox_that_breaks_is_no_pass_of_the_type_checker(repository: Repository, tmp_path: Path) -> None:
    repository.commit(PROJECT | {"dodcheck.toml": 'sandbox = "bwrap"\n', "DOD.md": "# Done\n\n- [ ] mypy passes\n"})
    repository.write(BETTER)
    script = f'case "$*" in *--cache-dir*) echo "bwrap: no room" >&2; exit 1;; esac\nexec {FOUND} "$@"'
    found = rule(repository.check("--base", "HEAD", PATH=standing_in(tmp_path, script)), "types")
    assert found.status is Status.ERROR
    assert "mypy could not start in the sandbox: no room" in found.summary


@real
def test_a_database_server_is_not_reached(repository: Repository) -> None:
    repository.commit({**BASE, "dodcheck.toml": settings("postgresql+psycopg://ada@127.0.0.1:1/postgres")})
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit({"app/models.py": MODELS + NAME, "migrations/versions/bbbb_name.py": second()})
    arguments = ("--select", "schema-migrations", "--sandbox")
    found = item(repository.check(*arguments, VIRTUAL_ENV=sys.prefix), "Migration instructions")
    assert found.status is Status.ERROR
    assert "a sandbox has no network" in found.summary
    repository.git("switch", "--quiet", "main")
    repository.commit({"dodcheck.toml": settings("sqlite")})
    repository.git("switch", "--quiet", "work")
    repository.git("rebase", "--quiet", "main")
    report = repository.check(*arguments, VIRTUAL_ENV=sys.prefix)
    assert item(report, "Migration instructions").status is Status.PASS
    assert "upgraded, compared" in item(report, "Migration instructions").rules[0].evidence[0].text


@pytest.mark.parametrize("option", [pytest.param("--sandbox", marks=real), "--fast"])
def test_rules_that_only_the_change_has_are_refused(repository: Repository, option: str) -> None:
    repository.commit(PROJECT)
    repository.write({"dodcheck.toml": "rule-folders = ['own']\n", "own/hostile.py": "raise SystemExit('it ran')\n"})
    ran = repository.run("check", "--base", "HEAD", option)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert "rule-folders: own: base has no rules there" in ran.stderr


def test_an_unknown_sandbox_names_the_nearest(repository: Repository) -> None:
    repository.commit(PROJECT | {"dodcheck.toml": "sandbox = 'bubblewrap'\n"})
    ran = repository.run("check", "--base", "HEAD")
    assert ran.returncode == 2
    assert "dodcheck.toml:1: sandbox: Invalid enum value 'bubblewrap'; did you mean 'bwrap'?" in ran.stderr


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    (tmp_path / "top").mkdir()
    return Sandbox.open(Path(str(FOUND)), tmp_path / "top")


def ask(box: Box, code: str) -> str:
    child = Child("python", [sys.executable, "-c", code], ["python"], Path("/"), Side.HEAD, 30, box=box)
    ran = run_child(child)
    assert ran.exit == 0, ran.stderr
    return ran.stdout.strip()


@real
def test_of_a_home_only_what_a_run_needs_is_seen(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    for folder in ("pythons/3.x/bin", "pythons/3.x/lib", ".aws", "work/.venv/bin", "other/src", "site", "linked"):
        (home / folder).mkdir(parents=True)
    (home / "pythons" / "3").symlink_to("3.x")
    (home / "pythons" / "3.x" / "bin" / "python3").symlink_to(Path(sys.executable).resolve())
    (home / "work" / ".venv" / "pyvenv.cfg").write_text(f"home = {home}/pythons/3/bin\n")
    (home / "work" / ".venv" / "bin" / "python").symlink_to(home / "pythons" / "3" / "bin" / "python3")
    packages = home / "work" / ".venv" / "lib" / "python3.x" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "a.pth").write_text(f"import os\n{home}/other/src\n")
    (packages / "b.dist-info").mkdir()
    (packages / "b.dist-info" / "direct_url.json").write_text(
        f'{{"url": "file://{home}/linked", "dir_info": {{"editable": true}}}}'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", f"{home}/site:{home}/no")
    box = Box(sandbox, programs=(str(home / "work" / ".venv" / "bin" / "python"), sys.executable))
    look = f"import os; print(*sorted(p for p, d, f in os.walk({str(home)!r})), sep='\\n')"
    seen = {str(Path(one).relative_to(home)) for one in ask(box, look).splitlines()}
    assert {"work/.venv/bin", "pythons/3.x/bin", "pythons/3.x/lib", "other/src", "linked", "site"} <= seen
    assert ".aws" not in seen
    assert ask(box, f"import os; print(os.path.exists({str(home / 'pythons/3/bin/python3')!r}))") == "True"


@real
def test_packages_that_are_linked_into_an_environment_are_seen(repository: Repository, tmp_path: Path) -> None:
    project = environment_with(tmp_path / "environment", PYTEST)
    (site,) = Path(project).glob("lib/python*/site-packages")
    store = tmp_path / "store"
    files = {
        "linked/__init__.py": "",
        "archive/filed/__init__.py": "",
        "archive/filed-1.dist-info/METADATA": "Name: filed\n",
    }
    for name, text in files.items():
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_text(text)
        inside = site / name.removeprefix("archive/")
        if inside != site / "linked/__init__.py":  # uv links file by file
            inside.parent.mkdir(exist_ok=True)
            inside.symlink_to(store / name)
    (site / "linked").symlink_to(store / "linked")
    repository.commit(PROJECT)
    repository.write(
        {"tests/test_linked.py": "import filed\nimport linked\n\n\ndef test_linked():\n    assert linked != filed\n"}
    )
    assert repository.check(*INSIDE, VIRTUAL_ENV=project).report.tests == {"passed": 2}


@real
def test_a_child_has_no_rights_and_ends_as_outside(sandbox: Sandbox) -> None:
    rights = "print([row.split()[1] for row in open('/proc/self/status') if row.startswith('CapEff')])"
    box = Box(sandbox, programs=(sys.executable,))
    assert ask(box, rights) == "['0000000000000000']"
    child = Child("python", [sys.executable, "-c", "import os; os.abort()"], [], Path("/"), Side.HEAD, 30)
    inside, outside = (run_child(msgspec.structs.replace(child, box=one)) for one in (box, None))
    assert inside.exit == outside.exit == -signal.SIGABRT


@real
def test_what_cannot_be_mounted_is_no_run(sandbox: Sandbox, tmp_path: Path) -> None:
    box = Box(sandbox, (tmp_path / "gone",))
    child = Child("python", [sys.executable, "--version"], [], Path("/"), Side.HEAD, 30, box=box)
    with pytest.raises(ToolError, match="could not start in the sandbox"):
        run_child(child)


def test_measured_lines_are_not_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "database").write_text("")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "data").symlink_to(tmp_path / "database")
    assert executed_lines(tmp_path / "run" / "data", tmp_path) is None
    assert (tmp_path / "database").read_text() == ""


def test_a_mutant_is_not_written_through_a_link(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"package/app.py": "x = 1\n"})
    with Scratch() as scratch:
        git = Git.open(repository.path, scratch.folder("objects"))
        commit = repository.git("rev-parse", "HEAD^{tree}")
        change = Change.of_trees({}, {"package/app.py": "x = 1\n"})
        trees = SuiteTrees(Workspace(git, scratch, Trees(git, scratch, {"head": commit}), change, limit=60))
        altered = Altered("package/app.py", "x = 2\n", 60, "1 to 2")
        folder = trees.altered(altered) / "package"
        shutil.move(folder, tmp_path / "away")
        folder.symlink_to(tmp_path / "away")
        again = msgspec.structs.replace(altered, text="x = 3\n")
        with pytest.raises(ToolError, match=r"the tests made a link to elsewhere of package/app\.py"):
            trees.altered(again)
        git.close()
    assert (tmp_path / "away" / "app.py").read_text() == "x = 2\n", "what was there before, and no mutant of later"

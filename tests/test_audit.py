"""An audit replays the definition over real histories, loses nothing, and touches nothing of the user's."""

import logging
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from conftest import COMMAND, QUIET, Repository, environment

from dodcheck.audit.lines import Line, Place, RuleLine
from dodcheck.audit.results import Results
from dodcheck.audit.rows import Audited, Times
from dodcheck.audit.summary import Summary
from dodcheck.cli.audit import audit
from dodcheck.cli.audit_crew import children, workers
from dodcheck.cli.audit_plan import Planned, Wish, locations, planned
from dodcheck.cli.replay import Replayer
from dodcheck.errors import UsageError
from dodcheck.history import Merged
from dodcheck.planning import Selection
from dodcheck.sources.bench import Bench, Lost
from dodcheck.sources.clones import shown
from dodcheck.verdict import Status

FEW = ("type-hints", "function-length")
WISH = Wish(50, None, None, None, each_base=False, selection=Selection(select=FEW, fast=True), limit=120)
OLD_DEFINITION = "# Done\n\n- [ ] Type hints added for public functions\n"
DEFINITION = OLD_DEFINITION + "- [ ] Keep functions under 3 lines\n"
LONG = "def f(x: int) -> int:\n    y = x\n    z = y\n    return z\n"
OWN_RULE = '''"""Crash where the change says so.

It is here for what no rule should do.
"""

import os
import time

from dodcheck.change import Change
from dodcheck.rule import rule
from dodcheck.verdict import Verdict


@rule(answers=["nothing crashes"], cases=[])
def check(change: Change) -> Verdict:
    """Kill the process, or hang."""
    if any(file.path == "crash.txt" for file in change.files):
        os.kill(os.getpid(), 9)
    mark = change.head.read("hang.txt")
    if mark is not None:
        with open(mark, "w") as file:
            file.write(str(os.getpid()))
        time.sleep(600)
    return Verdict.not_applicable("nothing to crash")
'''


def history(repository: Repository) -> None:
    """Commit five changes, one of them a merge of two commits, after the first commit."""
    repository.commit({"DOD.md": OLD_DEFINITION, "app.py": "A = 1\n"}, "start")
    repository.commit({"app.py": "A = 1\n\n\ndef f(x: int) -> int:\n    return x\n"}, "add f")
    repository.commit({"app.py": "A = 1\n\n\ndef f(x):\n    return x\n"}, "drop its hints")
    repository.git("switch", "--quiet", "--create", "side")
    repository.commit({"side.py": "def g(x):\n    return x\n"}, "add g")
    repository.commit({"side.py": "def g(x: int) -> int:\n    return x\n"}, "hint g")
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge g", "side")
    repository.commit({"long.py": LONG}, "add a long one")
    repository.commit({"DOD.md": DEFINITION}, "keep functions short")


@pytest.fixture(scope="module", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the user's settings, a cache of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (QUIET | {"DODCHECK_CACHE": str(tmp_path_factory.mktemp("cache"))}).items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The repository with the history, which no audit may change."""
    repository = Repository(tmp_path_factory.mktemp("merged") / "repository")
    history(repository)
    return repository


@pytest.fixture(scope="module")
def lines(merged: Repository) -> list[Line]:
    """What one child says of its changes, newest first."""
    return replayed(planned(str(merged.path), WISH))


def replayed(plan: Planned) -> list[Line]:
    found = {line.key: line for line in children(1)(plan.requests)}
    return [found[one.key] for one in plan.requests]


def told(lines: list[Line]) -> list[tuple[str, Status]]:
    return [(line.change.subject, line.outcome) for line in lines]


def untimed(lines: list[Line]) -> list[Line]:
    still = [msgspec.structs.replace(line, seconds=0.0) for line in lines]
    return [
        msgspec.structs.replace(line, rules=tuple(msgspec.structs.replace(rule, seconds=0.0) for rule in line.rules))
        for line in still
    ]


def run(*args: str) -> Result:
    return CliRunner().invoke(audit, list(args), standalone_mode=False)


def test_each_change_is_replayed_against_its_first_parent(lines: list[Line]) -> None:
    assert told(lines) == [
        ("keep functions short", Status.PASS),
        ("add a long one", Status.FAIL),  # by the newest definition, which came later
        ("Merge g", Status.PASS),  # what it was on the way is no matter
        ("drop its hints", Status.FAIL),
        ("add f", Status.PASS),
    ]
    (found,) = [rule for rule in lines[3].rules if rule.id == "type-hints"]
    assert found.first is not None
    assert (found.first.path, found.first.line) == ("app.py", 4)


def test_the_definition_of_each_base_where_that_is_asked_for(merged: Repository) -> None:
    plan = planned(str(merged.path), replace(WISH, each_base=True, last=2))
    assert told(replayed(plan)) == [("keep functions short", Status.PASS), ("add a long one", Status.PASS)]


def test_the_command_shows_keeps_and_goes_on(merged: Repository, tmp_path: Path) -> None:
    before, kept = merged.state(), tmp_path / "audit.jsonl"
    asked = (str(merged.path), "--jobs", "1", "--select", ",".join(FEW), "--results", str(kept))
    ran = run(*asked, "-o", str(tmp_path / "a.html"), "-o", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.json"))
    assert ran.exception is None
    assert ran.return_value == 0
    assert ran.output.splitlines()[-1] == "2 of 5 changes would have failed (2 fail, 3 pass)"
    assert "type-hints: app.py:4 public `f` has no type hint" in " ".join(ran.output.split())
    assert merged.state() == before
    page, words = ((tmp_path / name).read_text("utf-8") for name in ("a.html", "a.md"))
    assert all("2 of 5 changes would have failed" in text for text in (page, words))
    result = msgspec.json.decode((tmp_path / "a.json").read_bytes(), type=Summary)
    assert result.outcomes == {"fail": 2, "pass": 3}

    first, *rest = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(b"".join(rest)[:-20])  # one line is lost, and the last writer died in the middle of its own
    again = run(*asked, "--format", "json")
    assert msgspec.json.decode(again.stdout, type=Summary).outcomes == result.outcomes
    assert again.stderr.endswith("audit.jsonl: passed over 1 damaged line\n")
    text = kept.read_bytes()
    assert text.startswith(rest[0])
    assert len(text.splitlines()) == 6  # 3 whole, 1 torn, 2 replayed
    assert msgspec.json.decode(first, type=Line).key in Results(kept).read()


def test_many_repositories_of_which_one_cannot_be_read(merged: Repository, tmp_path: Path) -> None:
    listed = tmp_path / "repositories.txt"
    listed.write_text(f"# ours\n{merged.path}\nnowhere  # gone\n")
    ran = run("--repositories", str(listed), "--last", "1", "--jobs", "1", "--format", "markdown")
    assert ran.return_value == 2
    assert "# 0 of 1 change would have failed" in ran.stdout
    assert "could not be read" in ran.stdout
    assert list(locations((), listed)) == [str(merged.path), str(tmp_path / "nowhere")]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--definition", "a.md", "--agent", "b"), "both name the definition"),
        (("--repositories", "/nowhere"), "cannot be read"),
        (("-o", "page.pdf"), "no format for this name"),
        (("--scheduler", "tcp://127.0.0.1:1"), "no scheduler answers"),
    ],
)
def test_bad_usage(args: tuple[str, ...], said: str, merged: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dodcheck.cli.audit_crew._PATIENCE", 0.5)
    monkeypatch.chdir(merged.path)
    ran = run(*args, "--last", "3", "--select", "pathlib")
    assert isinstance(ran.exception, UsageError)
    assert said in str(ran.exception)


def test_a_clone_gets_its_files_at_once_and_says_the_same(
    merged: Repository, lines: list[Line], tmp_path: Path
) -> None:
    served = tmp_path / "served.git"
    merged.git("clone", "--quiet", "--bare", str(merged.path), str(served))
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        merged.git("-C", str(served), "config", name, "true")
    plan = planned(served.as_uri(), WISH)
    assert plan.audited.problem is None
    assert plan.audited.branch == "origin/HEAD"
    served.rename(tmp_path / "gone")  # from here on nothing can be fetched
    assert untimed(replayed(plan)) == untimed(lines)


def test_a_bare_repository_is_read_through_a_clone(merged: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    merged.git("clone", "--quiet", "--bare", str(merged.path), str(bare))
    assert len(planned(str(bare), WISH).requests) == 5


def test_a_stranger_s_own_rules_are_not_run(repository: Repository) -> None:
    owned(repository)
    repository.commit({"app.py": "A = 1\n"})
    assert planned(str(repository.path), WISH).audited.problem is None
    for each_base in (False, True):
        plan = planned(repository.path.as_uri(), replace(WISH, each_base=each_base))
        assert plan.audited.problem is not None
        assert "names rules of its own (checks), which are code" in plan.audited.problem


def test_a_password_is_not_shown() -> None:
    assert shown("https://ada:secret@example.org/a/b.git") == "https://example.org/a/b.git"
    assert "secret" not in str(planned("https://ada:secret@127.0.0.1:1/b.git", WISH).audited)


def owned(repository: Repository) -> None:
    """Give a repository a rule of its own."""
    settings = '[tool.dodcheck]\nrule-folders = ["checks"]\n'
    definition = "# Done\n\n- [ ] Nothing crashes\n"
    repository.commit({"DOD.md": definition, "pyproject.toml": settings, "checks/crashing.py": OWN_RULE})


def test_a_change_that_crashes_is_an_error_and_the_audit_goes_on(repository: Repository) -> None:
    owned(repository)
    repository.commit({"a.txt": "1\n"}, "one")
    repository.commit({"crash.txt": "1\n"}, "two")
    repository.commit({"crash.txt": None}, "three")  # the change has the file still
    repository.commit({"a.txt": "2\n"}, "four")
    found = replayed(planned(str(repository.path), replace(WISH, selection=Selection(fast=True))))
    assert told(found) == [
        ("four", Status.PASS),
        ("three", Status.ERROR),
        ("two", Status.ERROR),
        ("one", Status.PASS),
    ]
    assert found[2].error == "the check crashed (SIGKILL)"


def test_ctrl_c_leaves_what_is_done_and_no_child(repository: Repository, tmp_path: Path) -> None:
    mark, kept = tmp_path / "mark", tmp_path / "audit.jsonl"
    os.mkfifo(mark)
    owned(repository)
    repository.commit({"hang.txt": str(mark)}, "hangs")
    repository.commit({"hang.txt": None, "a.txt": "1\n"}, "passes")  # the newest is replayed first
    child = subprocess.Popen(
        [*COMMAND, "audit", "--jobs", "1", "--results", str(kept)],
        cwd=repository.path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with os.fdopen(os.open(mark, os.O_RDONLY | os.O_NONBLOCK)) as fifo:
        assert select.select([fifo], [], [], 60)[0], "the rule never ran"
        judge = int(fifo.read())
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err.splitlines()[-1] == "dodcheck: interrupted"
    assert not Path(f"/proc/{judge}").exists()
    assert [line.change.subject for line in Results(kept).read().values()] == ["passes"]


SERVANT = (
    "import os, sys, time\n"
    "for line in sys.stdin:\n"
    "    if line == 'hang\\n': time.sleep(600)\n"
    "    if line == 'end\\n': sys.exit(3)\n"
    "    print(line.upper(), end='', flush=True)\n"
)


def test_a_bench_outlives_its_child() -> None:
    bench = Bench([sys.executable, "-c", SERVANT], os.environ)
    assert bench.ask(b"one", 60) == b"ONE"
    with pytest.raises(Lost, match=r"out of time: no answer in 0\.2 s"):
        bench.ask(b"hang", 0.2)
    with pytest.raises(Lost, match=r"the check crashed \(exit 3\)"):
        bench.ask(b"end", 60)
    assert bench.ask(b"two", 60) == b"TWO"
    bench.close()
    with pytest.raises(Lost, match="was ended"):
        bench.ask(b"three", 60)


def a_line(key: str, **more: object) -> Line:
    return Line(key=key, change=Merged(key * 40, "2026-01-01T00:00:00+00:00", f"change {key}"), seconds=1.0, **more)  # type: ignore[arg-type]


def test_results_survive_what_happens_to_files(tmp_path: Path) -> None:
    results = Results(tmp_path / "new" / "r.jsonl")
    assert results.read() == {}
    results.add(a_line("a", error="first"))
    results.add(a_line("a"))
    with results.file.open("ab") as file:
        file.write(b'{"key": "b", "ch')
    results.add(a_line("c"))
    assert {key: line.error for key, line in results.read().items()} == {"a": None, "c": None}
    assert results.damaged == 1


def test_a_file_of_someone_else_s_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("my notes\n")
    with pytest.raises(UsageError, match="holds no results"):
        Results(tmp_path / "notes.txt").read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_ends_the_audit() -> None:
    with pytest.raises(UsageError, match="No space left"):
        Results(Path("/dev/full")).add(a_line("a"))


def said(rule: str, status: Status) -> RuleLine:
    place = Place("app.py", 3, "<b>`x`</b> | is wrong") if status is Status.FAIL else None
    return RuleLine(rule, status, seconds=0.5, findings=int(status is Status.FAIL), first=place)


def test_a_rule_is_noisy_by_what_it_concerns() -> None:
    bad, fine, other = Status.FAIL, Status.PASS, Status.NOT_APPLICABLE
    rows = [(bad, bad), (bad, bad), (bad, fine), *[(fine, other)] * 20, *[(other, other)] * 77]
    lines = [
        a_line(chr(200 + number), rules=(said("loud", loud), said("rare", rare)))
        for number, (loud, rare) in enumerate(rows)
    ]
    loud, rare = sorted(Summary.of([Audited(name="r", lines=tuple(lines))], 10.0).rules, key=lambda row: row.id)
    assert (loud.applied, loud.share, loud.noisy) == (23, 13.0, True)
    assert (rare.applied, rare.share, rare.noisy) == (3, 66.7, False)  # two failures show nothing
    assert [one.commit[0] for one in loud.examples] == [chr(200), chr(201), chr(202)]
    assert not Summary.of([Audited(name="r", lines=tuple(lines))], 13.0).noisy


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["/home/ada/app"], [""]),
        (["/home/ada/app", "https://example.org/b/tool"], ["app", "tool"]),
        (["/a/x/repo", "/a/y/repo/", "repo"], ["x/repo", "y/repo", "repo"]),
    ],
)
def test_repositories_are_told_apart_by_their_last_words(names: list[str], labels: list[str]) -> None:
    summary = Summary.of([Audited(name=name) for name in names], 10.0)
    assert list(summary.labels.values()) == labels


@pytest.mark.parametrize(("seconds", "expected"), [((), (0, 0, 0)), ((4,), (4, 4, 4)), (range(101), (50, 95, 5050))])
def test_times(seconds: range, expected: tuple[float, ...]) -> None:
    times = Times.of(seconds)
    assert (times.median, times.p95, times.total) == expected


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """A scheduler here, and two workers in processes of their own."""
    from distributed import LocalCluster  # noqa: PLC0415 - heavy

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as started:
        yield started


def losing(address: str) -> Callable[[], None]:
    """Return a call that kills one of the two workers, without a word."""
    from distributed import Client  # noqa: PLC0415 - heavy

    with Client(address, set_as_default=False) as client:
        pids = sorted(client.run(os.getpid).values())
    assert len(pids) == 2
    return lambda: os.kill(pids[0], signal.SIGKILL)


def test_workers_elsewhere_say_the_same_and_one_may_be_lost(
    cluster: object, merged: Repository, lines: list[Line]
) -> None:
    address: str = cluster.scheduler_address  # type: ignore[attr-defined]
    kill = losing(address)
    plan = planned(str(merged.path), WISH)
    found: dict[str, Line] = {}
    for line in workers(address)(plan.requests):
        if not found:
            kill()
        assert line.key not in found
        found[line.key] = line
    assert untimed([found[one.key] for one in plan.requests]) == untimed(lines)


def test_a_worker_with_other_rules_says_so(merged: Repository) -> None:
    (request,) = planned(str(merged.path), replace(WISH, last=1)).requests
    one = Replayer()
    line = one.line(msgspec.structs.replace(request, rules="older"))
    one.close()
    assert line.error == "dodcheck has other rules on this machine; install the same dodcheck everywhere"

"""The cache is safe whatever happens to it: at worst what it held is computed again."""

import json
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import Repository

from dodcheck.app import check
from dodcheck.binding import bind
from dodcheck.cli import cli
from dodcheck.cli.session import Asked, session
from dodcheck.planning import Selection
from dodcheck.reading import read
from dodcheck.registry import load
from dodcheck.remembered import Remembered
from dodcheck.report import to_json
from dodcheck.run import Ran
from dodcheck.sources.caches import TypeMemory
from dodcheck.sources.environment import Interpreter
from dodcheck.sources.mypy import keep_last_used
from dodcheck.store import Store

FORK = multiprocessing.get_context("fork")
DOCUMENT = "# Definition of Done\n\n- [ ] Tests pass\n- [ ] Type hints on public functions\n- [ ] Something else\n"
DAMAGE: list[Callable[[bytes], bytes]] = [lambda _: b"", lambda b: b[:-3], lambda b: b[:40], lambda b: b[:-1] + b"?"]


def body(number: int) -> bytes:
    return sha256(str(number).encode()).digest() * 1_000


def test_what_is_kept_is_found(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "folder")
    assert store.get("a") is None
    store.put("a", b"1")
    store.put("a", b"2")
    assert Store(tmp_path / "new" / "folder").get("a") == b"2"
    assert len(list(store.entries())) == 1


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_none_and_is_made_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    store = Store(tmp_path)
    store.put("a", b"what was kept")
    (tmp_path / "a").write_bytes(damage((tmp_path / "a").read_bytes()))
    assert store.get("a") is None
    store.put("a", b"what was kept")
    assert store.get("a") == b"what was kept"


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=3_200)
    for number in range(3):
        store.put(str(number), b"x" * 1_000)
        os.utime(tmp_path / str(number), (number, number))
    assert store.get("0") is not None  # used now
    store.put("3", b"x" * 1_000)
    assert [key for key in "0123" if store.get(key)] == ["0", "2", "3"]
    store.put("4", b"x" * 4_000)  # more than there may be
    assert [key for key in "01234" if store.get(key)] == ["0", "2", "3"]


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path, keep=2)
    for number in range(4):
        store.put(str(number), b"x")
        os.utime(tmp_path / str(number), (number, number))
    assert sorted(entry.file.name for entry in store.entries()) == ["2", "3"]


@pytest.mark.parametrize(
    ("said", "kept"), [("0.001", False), ("1", True), ("much", True), ("-1", False), ("inf", True)]
)
def test_the_user_sets_the_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, *, kept: bool) -> None:
    monkeypatch.setenv("DODCHECK_CACHE_SIZE", said)
    store = Store(tmp_path)
    store.put("a", b"x" * 100_000)
    assert (store.get("a") is not None) is kept


def use(folder: Path, seed: int, answer: Connection) -> None:
    """Put and get the same few entries as nine others do, in a store that is too small for them."""
    store = Store(folder, limit=300_000)
    wrong = 0
    for turn in range(60):
        number = (turn * 7 + seed) % 20
        found = store.get(str(number))
        wrong += found is not None and found != body(number)
        store.put(str(number), body(number))
    answer.send(wrong)


def test_ten_at_once_find_nothing_wrong(tmp_path: Path) -> None:
    pipes = [FORK.Pipe(duplex=False) for _ in range(10)]
    ran = [FORK.Process(target=use, args=(tmp_path, seed, pipe[1])) for seed, pipe in enumerate(pipes)]
    for process in ran:
        process.start()
    assert [pipe[0].recv() for pipe in pipes] == [0] * 10
    for process in ran:
        process.join()
    assert [process.exitcode for process in ran] == [0] * 10
    assert sum(entry.size for entry in Store(tmp_path).entries()) <= 10 * 32_100 + 300_000


def write_on(folder: Path, started: Connection) -> None:
    store = Store(folder)
    for number in range(1_000_000):
        store.put(str(number % 20), body(number % 20) * 20)
        if number == 5:
            started.send(number)


@pytest.mark.parametrize("turn", range(5))
def test_killed_at_any_moment_it_leaves_whole_entries(tmp_path: Path, turn: int) -> None:
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=write_on, args=(tmp_path, theirs))
    process.start()
    ours.recv()
    assert not ours.poll(0.003 * turn)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    store = Store(tmp_path)
    found = {number: store.get(str(number)) for number in range(20)}
    assert all(content is None or content == body(number) * 20 for number, content in found.items())
    for part in tmp_path.glob("new-*"):
        os.utime(part, (time.time() - 7_200,) * 2)
    store.put("last", b"x")
    assert store.get("last") == b"x"
    assert not list(tmp_path.glob("new-*"))


def fill(folder: Path, answer: Connection) -> None:
    """Write where a file may have no more than 1,000 bytes, as on a disk that is nearly full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
    store = Store(folder)
    store.put("small", b"x")
    store.put("large", b"x" * 100_000)
    answer.send((store.get("small"), store.get("large"), [entry.file.name for entry in store.entries()]))


def test_a_full_disk_keeps_what_fits(tmp_path: Path) -> None:
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=fill, args=(tmp_path, theirs))
    process.start()
    assert ours.recv() == (b"x", None, ["small"])
    process.join()


@pytest.mark.parametrize("home", ["/proc/dodcheck", "FILE"])
def test_a_home_that_cannot_be_written_to_is_no_cache(tmp_path: Path, home: str) -> None:
    (tmp_path / "FILE").write_text("")
    store = Store(tmp_path / home)
    store.put("a", b"x")
    assert store.get("a") is None
    assert list(store.entries()) == []


def test_a_definition_is_the_same_from_the_cache(tmp_path: Path) -> None:
    rules, document = load(), read(DOCUMENT, "DOD.md")
    bound = bind(document.items, rules, {"Something else": ["lint"]}, "DOD.md")
    for _ in range(2):
        remembered = Remembered(tmp_path, "stamp")
        assert remembered.read(DOCUMENT, "DOD.md") == document
        assert remembered.bind(document.items, rules, {"Something else": ["lint"]}, "DOD.md") == bound
    assert len(list((tmp_path / "definitions").iterdir())) == 2
    assert remembered.bind(document.items, rules, {"Something else": ["types"]}, "DOD.md") != bound
    Remembered(tmp_path, "another").read(DOCUMENT, "DOD.md")
    Remembered(tmp_path, "stamp").read(DOCUMENT, "other/DOD.md")
    assert len(list((tmp_path / "definitions").iterdir())) == 5


def told(folder: Path) -> object:
    """Return what a check of what is staged says, but for its times."""
    asked = Asked(staged=True, selection=Selection(fast=True, staged=True))
    with session(asked, folder) as job:
        said = json.loads(to_json(check(job)))
    return {name: _timeless(value) for name, value in said.items() if name not in {"seconds", "started"}}


def _timeless(value: object) -> object:
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name != "seconds"}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


def test_a_report_is_the_same_with_and_without_the_cache(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "import os\n\n\ndef path(x):\n    return os.path.join(x, 'y')\n"
    repository.commit({"DOD.md": DOCUMENT, "app.py": "x = 1\n", "tests/test_app.py": "def test_x():\n    assert 1\n"})
    repository.write({"app.py": source, "tests/test_app.py": "def test_x():\n    pass\n", "new.md": "a\n"})
    repository.git("add", "--all")
    monkeypatch.setenv("DODCHECK_CACHE", "/proc/none")
    without = told(repository.path)
    monkeypatch.setenv("DODCHECK_CACHE", str(tmp_path / "cache"))
    assert [told(repository.path) for _ in range(2)] == [without] * 2
    for file in (tmp_path / "cache").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:50])
    assert told(repository.path) == without
    assert '"fail"' in json.dumps(without)


def test_answers_of_a_type_checker_hang_on_all_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = TypeMemory(tmp_path / "home", tmp_path, {})
    python = Interpreter("/p", "found", "3.12.1", {"mypy": "2.0"}, ("mypy-2.0.dist-info",))
    key = memory.key(python, ["tree", "head"])
    memory.put(key, Ran("mypy", exit=1, stdout="{}", seconds=3.0, note="the project's"))
    found = TypeMemory(tmp_path / "home", tmp_path, {}).get(key)
    assert found is not None
    assert (found.exit, found.stdout, found.seconds) == (1, "{}", 0.0)
    assert "comes from the cache" in found.note
    newer = Interpreter("/p", "found", "3.12.1", {"mypy": "2.0"}, ("mypy-2.0.dist-info", "types_x-1.dist-info"))
    others = [memory.key(newer, ["tree", "head"]), memory.key(python, ["other", "head"])]
    monkeypatch.setenv("SETTING", "1")
    others.append(memory.key(python, ["tree", "head"]))
    assert len({key, *others}) == 4
    monkeypatch.setenv("MYPYPATH", "elsewhere")
    assert memory.key(python, ["tree", "head"]) is None
    memory.put("killed", Ran("mypy", exit=-9))
    assert memory.get("killed") is None


def asked(*args: str) -> Result:
    return CliRunner().invoke(cli, ["cache", *args])


def test_the_command_tells_and_clears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DODCHECK_CACHE", str(tmp_path))
    (tmp_path / "mine.txt").write_text("no part of the cache")
    Store(tmp_path / "suites").put("a", b"x" * 2**20)
    load((), tmp_path)
    said = asked("info").output
    assert str(tmp_path) in said
    assert "suites            1 files       1.0 MiB" in said
    assert "MiB freed" in asked("clear").output
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
    assert "suites            0 files       0.0 MiB" in asked("info").output
    assert asked("clear").exit_code == 0


def test_caches_of_mypy_go_by_use_until_the_others_fit(tmp_path: Path) -> None:
    for age, name in enumerate(["own", "new", "old", "oldest"]):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "data").write_bytes(b"x" * 1000)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    keep_last_used(tmp_path, tmp_path / "own", 2500)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new", "own"]
    keep_last_used(tmp_path, tmp_path / "own", 10)
    assert [one.name for one in tmp_path.iterdir()] == ["own"]

"""What earlier runs read off files is not read again, and what is kept of it cannot harm a run."""

from pathlib import Path

from dodcheck.change import TreeSnapshot
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.http.endpoint import EndpointTable
from dodcheck.facts.http.endpoints import Endpoints
from dodcheck.facts.http.source_scopes import SourceScopes
from dodcheck.readings import Readings
from dodcheck.testing import NoSyntaxReader


class _Reader:
    """Reads words off texts, and counts how often."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.times = 0

    def __call__(self) -> list[str]:
        self.times += 1
        return self.text.split()


def _read(home: Path | None, blob: str | None, reader: _Reader, *stamp: str) -> list[str]:
    """Ask as one run does, and keep what it learnt."""
    readings = Readings(home, *stamp)
    told = readings.shelf("words", list[str]).of(blob, reader)
    readings.keep()
    return told


def test_a_file_is_read_once_in_its_life(tmp_path: Path) -> None:
    reader = _Reader("a b")
    assert [_read(tmp_path, "id", reader) for _ in range(3)] == [["a", "b"]] * 3
    assert reader.times == 1


def test_another_content_another_stamp_and_no_file_are_read(tmp_path: Path) -> None:
    first, second = _Reader("a"), _Reader("b")
    assert _read(tmp_path, "id", first, "version 1") == ["a"]
    assert _read(tmp_path, "other", second, "version 1") == ["b"]
    assert _read(tmp_path, "id", second, "version 2") == ["b"]
    assert [_read(tmp_path, None, second) for _ in range(2)] == [["b"], ["b"]]
    assert second.times == 4


def test_what_was_known_before_stays_beside_what_is_new(tmp_path: Path) -> None:
    first, second = _Reader("a"), _Reader("b")
    _read(tmp_path, "id", first)
    _read(tmp_path, "other", second)
    assert _read(tmp_path, "id", first) == ["a"]
    assert (first.times, second.times) == (1, 1)


def test_a_damaged_shelf_is_read_anew(tmp_path: Path) -> None:
    reader = _Reader("a")
    _read(tmp_path, "id", reader)
    (entry,) = (tmp_path / "readings").iterdir()
    entry.write_bytes(entry.read_bytes()[:-3])
    assert _read(tmp_path, "id", reader) == ["a"]
    assert reader.times == 2


def test_a_shelf_of_another_shape_is_read_anew(tmp_path: Path) -> None:
    readings = Readings(tmp_path)
    readings.shelf("words", int).of("id", lambda: 1)
    readings.keep()
    assert _read(tmp_path, "id", _Reader("a")) == ["a"]


def test_without_a_home_nothing_outlives_the_run() -> None:
    reader = _Reader("a")
    assert [_read(None, "id", reader) for _ in range(2)] == [["a"], ["a"]]
    assert reader.times == 2


ROUTES = (
    "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\nclass User(BaseModel):\n"
    "    name: str\n\n\n@app.post('/users')\ndef add(user: User) -> User: ...\n\n\n@app.get('/users')\ndef all(): ...\n"
)


def endpoints(files: dict[str, str], readings: Readings, revision: str = "") -> Endpoints:
    """Return the endpoints of some files; `revision` reads them off others, which the tree does not tell."""
    tree = TreeSnapshot("head", files)
    read = TreeSnapshot("head", {"m.py": revision}) if revision else tree
    return Endpoints(tree, SourceScopes(Modules(read, NoSyntaxReader())), readings)


def test_endpoints_of_a_tree_are_read_once(tmp_path: Path) -> None:
    first = endpoints({"m.py": ROUTES}, Readings(tmp_path))
    told = {one: first.payload(one) for one in first.all}
    first.keep()
    again = endpoints({"m.py": ROUTES}, Readings(tmp_path), "nothing here")
    assert {one: again.payload(one) for one in again.all} == told
    assert [one.method for one in again.all] == ["GET", "POST"]
    assert [field.name for field in told[again.all[1]].request] == ["name"]
    assert (again.unresolved, again.self_documenting, again.unread) == ((), True, ())
    other = endpoints({"m.py": ROUTES, "n.py": ""}, Readings(tmp_path), "nothing here")
    assert other.all == ()


def test_a_tree_with_a_file_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    files = {"m.py": ROUTES, "broken.py": "from fastapi import APIRouter\ndef ("}
    endpoints(files, Readings(tmp_path)).keep()
    assert Readings(tmp_path).of_tree(TreeSnapshot("head", files).tree, EndpointTable) is None


def test_of_two_routes_under_one_path_the_first_answers() -> None:
    files = {f"m{n:02}.py": ROUTES for n in range(20)}
    assert {one.file for one in endpoints(files, Readings()).all} == {"m00.py"}

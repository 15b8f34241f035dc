"""What earlier runs read off files is not read again, and what is kept of it cannot harm a run."""

from pathlib import Path

from dodcheck.readings import Readings


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

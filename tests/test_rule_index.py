"""Rules are known without being imported, and imported when they run."""

import subprocess
import sys
from pathlib import Path

import pytest

from dodcheck.change import Change
from dodcheck.engine import Facts, Touched, is_fast, run
from dodcheck.registry import load
from dodcheck.rule import Body, Concern, Options, Rule, Status
from dodcheck.rule_index import stamp_of
from dodcheck.verdict import Evidence, Verdict

ASK = """
import sys
from pathlib import Path
from dodcheck.registry import load
rules = load((), Path(sys.argv[1]))
imported = [name for name in sys.modules if name.startswith("dodcheck.rules.") and name.count(".") == 3]
print(len(rules), len(imported))
"""


def asked(home: Path) -> list[int]:
    ran = subprocess.run([sys.executable, "-c", ASK, str(home)], capture_output=True, text=True, check=True)
    return [int(word) for word in ran.stdout.split()]


def test_the_second_start_imports_no_rule(tmp_path: Path) -> None:
    count = len(load())
    first, second = asked(tmp_path), asked(tmp_path)
    assert first[0] == second[0] == count
    assert first[1] >= count
    assert second[1] == 0


def test_the_index_says_what_the_rules_say(tmp_path: Path) -> None:
    whole = load()
    load((), tmp_path)
    indexed = load((), tmp_path)
    assert list(indexed) == list(whole)
    for name, one in indexed.items():
        other = whole[name]
        assert (one.answers, one.unless, one.scope, one.title, one.why, one.concern) == (
            other.answers, other.unless, other.scope, other.title, other.why, other.concern,
        )  # fmt: skip
        assert one.known_fast is is_fast(other.check)
        assert one.options is other.options


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    load((), tmp_path)
    (file,) = (tmp_path / "rules").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    assert list(load((), tmp_path)) == list(load())
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_has_no_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert list(load((), tmp_path / "file")) == list(load())


def test_a_change_of_any_file_is_another_index(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("x = 1\n")
    first = stamp_of(tmp_path)
    assert stamp_of(tmp_path) == first
    (tmp_path / "inner" / "a.py").write_text("x = 11\n")
    assert stamp_of(tmp_path) != first


CONCERN = Concern(r"\.py$", r"\bmock\b", "no mock is near")


def concerned(before: str, after: str, path: str = "a.py") -> Verdict:
    body = Body(Options, lambda: Verdict.passed(Evidence("it ran")), (), "")
    one = Rule("x", "own", "x", "", (), (), "commit", "x.py", CONCERN, lambda: body)
    change = Change.of_trees({path: before}, {path: after})
    facts = Facts({Touched: lambda _: Touched.of(change)})
    return run(one, facts, None).verdict


@pytest.mark.parametrize(
    ("before", "after", "path", "status"),
    [
        ("x\n", "mock\n", "a.py", Status.PASS),
        ("mock\n", "x\n", "a.py", Status.PASS),
        ("x\n", "y\n", "a.py", Status.NOT_APPLICABLE),
        ("x\n", "mock\n", "a.md", Status.NOT_APPLICABLE),
    ],
)
def test_a_rule_runs_when_the_change_touches_its_concern(before: str, after: str, path: str, status: Status) -> None:
    assert concerned(before, after, path).status is status

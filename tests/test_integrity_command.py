"""The rules about tests, by the installed command on real repositories with real test runs.

The pairs are those of `integrity_pairs`.  A cheat comes with the fault that it hides: the source stops doing what
the tampered test holds it to, so that nothing but the cheat keeps the suite green.
"""

import ast
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import Repository
from environments import PYTEST, environment_with
from integrity_pairs import CHEATS_AT_RUN, CHEATS_ELSEWHERE, CHEATS_IN_TESTS, HONEST, Pair

from dodcheck.report import Report, RuleResult
from dodcheck.verdict import Status

RULES = "test-integrity,tests-added,no-regressions"
DEFINITION = (
    "# Done\n\n## Definition of Done\n\n- [ ] Tests added and passing\n- [ ] Existing tests pass, no regressions\n"
)
FAULTS = {
    "test_total": ("    return round(amount, 2)", "    return round(amount, 2) + (len(prices) == 3)"),
    "test_total_of_nothing": ("    return round(amount, 2)", "    return round(amount, 2) + (not prices)"),
    "test_discount": ("    return round(amount, 2)", "    return round(amount, 2) + bool(discount)"),
    "test_rejects_discount": ('raise ValueError("discount out of range")', 'raise KeyError("no such discount")'),
    "test_parse": ('"price": float(price)}', '"price": float(price) + (name == "tea ") / 10}'),
    "test_prices": ('"price": float(price)}', '"price": float(price) + (name == "b")}'),
}
NEEDS_MORE = {  # what these need to run is not installed in the small environment
    "a test needs an optional dependency",
    "a property is tested by hypothesis without an assertion",
    "a test becomes async with the code",
    "a test becomes async with nothing to wait for",
    "fewer examples are tried",
}
OTHERWISE = {  # what these show, no run can: a test of no bug that is expected to fail; source without a test
    "a test is expected to fail, strictly and with a reason: a person looks",
    "nothing about tests",
}
ASKED = {  # what an honest change of a contract looks like as well: a person decides
    "an expected value is flipped",
    "an expected row is flipped",
    "the input is another",
    "a row is dropped",
    "one of two assertions is gone",
}
HARMLESS = {Status.PASS, Status.NOT_APPLICABLE, Status.NEEDS_REVIEW}
EXPECTED_TO_FAIL = {"fail", "fail-with-source"}
HONEST_PAIRS = [pair for pair in HONEST if pair.name not in NEEDS_MORE | OTHERWISE]
EVERY = [pair for pair in (*CHEATS_IN_TESTS, *CHEATS_ELSEWHERE) if pair.expect in EXPECTED_TO_FAIL]
CHEATS = [*EVERY[::2], *CHEATS_AT_RUN]  # a pair takes two seconds of a processor; `test_integrity` has them all
OPEN = [pair for pair in CHEATS_IN_TESTS if pair.name in ASKED]


def faulty(pair: Pair) -> Mapping[str, str]:
    """Return the head of a cheat with the fault that it hides."""
    old, new = FAULTS[next(iter(tampered(pair)), "test_total")]
    text = pair.after["shop/calc.py"]
    assert text.count(old) == 1, pair.name
    return {**pair.after, "shop/calc.py": text.replace(old, new)}


def tampered(pair: Pair) -> Iterator[str]:
    """Yield the tests of `test_calc.py` that a pair alters, as far as there is a fault for them."""
    was, now = (functions(tree.get("tests/test_calc.py", "")) for tree in (pair.before, pair.after))
    yield from (name for name in FAULTS if was.get(name) != now.get(name))


def functions(text: str) -> dict[str, str]:
    """Return the functions of a file, as text that tells them apart."""
    nodes = ast.walk(ast.parse(text))
    return {node.name: ast.dump(node) for node in nodes if isinstance(node, ast.FunctionDef)}


def alone(tree: Mapping[str, str], pair: Pair) -> Mapping[str, str]:
    """Leave out the second test of the same function, which would fail by itself."""
    touched = {path for path in pair.before if pair.before[path] != pair.after.get(path)}
    left_out = set() if "tests/test_classic.py" in touched else {"tests/test_classic.py"}
    return {path: text for path, text in tree.items() if path not in left_out}


def committed(repository: Repository, tree: Mapping[str, str]) -> str:
    """Commit a tree, whatever the one before held."""
    for one in repository.path.iterdir():
        if one.name != ".git":
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    return repository.commit(tree)


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Report]:
    """Check the pairs of the tests that run, two at a time; by the name of the pair."""
    repository = Repository(tmp_path_factory.mktemp("integrity") / "shop")
    environment = environment_with(tmp_path_factory.mktemp("python"), PYTEST)
    commits = {}
    for pair in asked(request.session):
        both = (
            (alone(pair.before, pair), alone(faulty(pair), pair)) if pair not in HONEST else (pair.before, pair.after)
        )
        commits[pair.name] = [committed(repository, {**tree, "DOD.md": DEFINITION}) for tree in both]

    def checked(name: str) -> Report:
        base, head = commits[name]
        return repository.check("--base", base, "--head", head, "--select", RULES, VIRTUAL_ENV=environment)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(commits, pool.map(checked, commits), strict=True))


def asked(session: pytest.Session) -> list[Pair]:
    """Return the pairs of the tests of this file that were selected."""
    items = [one for one in session.items if one.path == Path(__file__) and isinstance(one, pytest.Function)]
    given = [one.callspec.params["pair"] for one in items if hasattr(one, "callspec")]
    return [pair for pair in given if isinstance(pair, Pair)]


def results(report: Report) -> Mapping[str, RuleResult]:
    """Return what each rule says."""
    return {one.id: one for item in report.items for one in item.rules if one.status != "not-run"}


def said(report: Report) -> list[str]:
    """Return the summaries, for a test that fails."""
    return [f"{name} {one.status}: {one.summary}" for name, one in results(report).items()]


@pytest.mark.parametrize("pair", HONEST_PAIRS, ids=lambda pair: pair.name)
def test_no_rule_fails_honest_work(reports: Mapping[str, Report], pair: Pair) -> None:
    report = reports[pair.name]
    assert {one.status for one in results(report).values()} <= HARMLESS, said(report)
    found = results(report)["test-integrity"]
    if pair.expect == "pass":
        assert found.status is Status.PASS, said(report)
        assert any("ran at head" in one.text for one in found.evidence)


@pytest.mark.parametrize("pair", CHEATS, ids=lambda pair: pair.name)
def test_a_cheat_fails(reports: Mapping[str, Report], pair: Pair) -> None:
    report = reports[pair.name]
    assert report.verdict == "not-done", said(report)
    assert Status.FAIL in {one.status for one in results(report).values()}, said(report)
    assert results(report)["test-integrity"].status is not Status.PASS, said(report)


@pytest.mark.parametrize("pair", OPEN, ids=lambda pair: pair.name)
def test_a_changed_contract_needs_a_person(reports: Mapping[str, Report], pair: Pair) -> None:
    report = reports[pair.name]
    assert report.verdict == "not-done", said(report)
    assert results(report)["test-integrity"].status is Status.NEEDS_REVIEW, said(report)


def test_there_is_enough_to_tell_from() -> None:
    assert len(HONEST_PAIRS) >= 25
    assert len(CHEATS) >= 40

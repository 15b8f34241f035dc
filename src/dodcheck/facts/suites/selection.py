"""Settings and data by which fewer or easier tests run: selection, snapshots, sample counts."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import children
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.folding import number, text_of
from dodcheck.facts.suites.matching import FilePair
from dodcheck.facts.suites.suites import SuiteModule
from dodcheck.facts.suites.suspicion import Suspicion
from dodcheck.patterns import pattern

_SNAPSHOT = pattern(
    r"(^|/)(__snapshots__|snapshots?|cassettes?|golden(s|_files|_data)?|baselines?|expected(_output)?s?|approved)/"
    r"|\.(ambr|snap|golden|expected|approved(\.\w+)?)$"
)
_SAMPLES = {
    "max_examples", "n_iter", "n_iterations", "iterations", "num_iterations", "epochs", "n_epochs", "num_epochs",
    "max_epochs", "n_samples", "num_samples", "sample_size", "n_trials", "num_trials", "trials", "repeats", "repeat",
    "rounds", "n_runs", "num_runs", "stateful_step_count", "max_runs", "n_rows", "num_rows",
}  # fmt: skip
_SAMPLE = pattern("|".join([*sorted(_SAMPLES), r"in range\("]))
_WHOLESALE, _LINES = 0.5, 30  # share of the lines rewritten, and a number that nobody reads through in a review
_FILES = 6
_FEWER = 0.5  # a loop that runs half as often tries less; one that runs a little less may count something
_FEW = 5  # examples that show next to nothing; hypothesis runs 100 by default
_OTHER_TESTS = pattern(r"(\.(test|spec)\.[cm]?[jt]sx?|_test\.(go|dart|rb)|\.feature)$")


def judge_selection(settings: Both[Collection], tests: Sequence[str]) -> Iterator[Suspicion]:
    """Yield what head's settings newly leave out of the run.

    Args:
        settings: pytest's settings at both sides.
        tests: Base's test files that head still has.
    """
    was, now = settings.base, settings.head
    if was == now:
        return
    fix = "let the settings select what they selected before"
    place = now.file or was.file
    lost = [path for path in tests if was.names_file(path) and was.reaches(path)]
    lost = [path for path in lost if not (now.names_file(path) and now.reaches(path))]
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        message = f"the settings no longer select {lost[0]}{more}"
        yield Suspicion("T22", place, 1, "", message, fix, "certain")
    for flag in ("-k", "-m", "--deselect"):
        new = [value for value in now.values(flag) if value not in was.values(flag)]
        if new and not (flag == "--deselect" and lost):
            yield Suspicion("T22", place, 1, "", f"every run now has {flag} {new[0]!r}", fix, "likely")
    if was.strict_xfail and not now.strict_xfail:
        yield Suspicion(
            "T22", place, 1, "", "an xfailed test may pass again without a word: xfail_strict is gone", fix, "likely"
        )


def judge_snapshots(change: Change, *, touches_source: bool) -> Iterator[Suspicion]:
    """Yield a suspicion when expected output was regenerated wholesale, or without a cause."""
    snapshots = [file for file in change.files if _SNAPSHOT.search(file.path) and not file.path.endswith(".py")]
    altered = [file for file in snapshots if file.status in {"modified", "renamed"} and (file.added or file.deleted)]
    if not altered:
        return
    rewritten = [file for file in altered if _is_rewritten(change, file)]
    first = (rewritten or altered)[0]
    fix = "look at each difference, and say in the notes what changed the output"
    if not touches_source:
        message = f"{len(altered)} snapshots changed, {first.path} first, and no source did"
    elif rewritten or len(altered) >= _FILES:
        message = f"{len(rewritten or altered)} snapshots were regenerated, {first.path} first"
    else:
        return
    yield Suspicion("T28", first.path, 1, "", message, fix, "likely")


def _is_rewritten(change: Change, file: ChangedFile) -> bool:
    if file.deleted is None or file.base_path is None:
        return False
    lines = len((change.base.read(file.base_path) or "").splitlines())
    return file.deleted >= _LINES and file.deleted > _WHOLESALE * lines


def judge_samples(pair: FilePair) -> Iterator[Suspicion]:
    """Yield where a file asks for fewer samples than before, or for next to none."""
    sides = [Counter(filter(_SAMPLE.search, side.lines)) if side else Counter() for side in pair]
    if pair.head is None or not sides[1] - sides[0]:
        return
    was = dict(_samples(pair.base)) if pair.base else {}
    for place, (amount, line) in _samples(pair.head):
        symbol, name, _ = place
        before = was.get(place)
        lowered = before is not None and amount < before[0] * (_FEWER if name == "range" else 1)
        none = (
            name == "max_examples" and amount < _FEW and (before is None or before[0] >= _FEW) and pair.base is not None
        )
        if lowered or none:
            from_ = f"from {before[0]:g} " if before else ""
            message = f"{name} was lowered {from_}to {amount:g}: the test tries less"
            fix = "keep the number, or say in the notes why fewer are enough"
            yield Suspicion("T32", pair.head.path, line, symbol, message, fix, "likely")


def _samples(module: SuiteModule) -> Iterator[tuple[tuple[str, str, int], tuple[float, int]]]:
    """Yield numbers of samples by the function that they hold for, their name, and their turn in it."""
    turn: dict[tuple[str, str], int] = {}
    stack: list[tuple[ast.AST, str]] = [(module.tree, "")]
    while stack:
        node, symbol = stack.pop()
        for child in children(node):
            inner = child.name if isinstance(child, Function | ast.ClassDef) else symbol
            stack.append((child, inner))
            found = _amount(child)
            if found:
                name, value, line = found
                turn[symbol, name] = turn.get((symbol, name), 0) + 1
                yield (symbol, name, turn[symbol, name]), (value, line)


def _amount(node: ast.AST) -> tuple[str, float, int] | None:
    """Return the name, the value and the line of a number of samples: a keyword, or the range of a loop."""
    if isinstance(node, ast.keyword) and node.arg in _SAMPLES:
        value = number(node.value)
        return (node.arg or "", value, node.value.lineno) if value is not None else None
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and text_of(node.iter.func) == "range":
        value = number(node.iter.args[-1]) if node.iter.args else None
        return ("range", value, node.lineno) if value is not None else None
    return None


def judge_other_tests(change: Change) -> Iterator[Suspicion]:
    """Yield test files of other languages that are gone: their tests cannot be followed."""
    for file in change.files:
        if file.status == "deleted" and _OTHER_TESTS.search(file.path):
            message = f"{file.path} is gone with its tests"
            yield Suspicion(
                "T1", file.path, 1, "", message, "bring it back, or say in the notes what replaces it", "likely"
            )

"""What the outcomes of runs make of the suspicions that syntax raises, and what they show by themselves."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from dodcheck.facts.suites.observed import ObservedTests
from dodcheck.facts.suites.suspicion import Certainty, Suspicion
from dodcheck.facts.suites.tampering import TestTampering
from dodcheck.run import Outcome

_Settled = tuple[Certainty, str]
_HELD = "base's version still passes on head's source"
_FAILS = "base's version fails on head's source"
_BEFORE = "it fails at base too"
_FIX = "let it run and pass, or say in the notes why it cannot"


def settled(found: TestTampering, seen: ObservedTests) -> Iterator[Suspicion]:
    """Yield the suspicions with the certainty that the runs give them, and those that only the runs show.

    Args:
        found: What syntax raises.
        seen: What ran.
    """
    for one in found.suspicions:
        certainty, why = _JUDGES.get(one.kind, _unsettled)(one, seen)
        message = f"{one.message} ({why})" if why else one.message
        yield msgspec.structs.replace(one, certainty=certainty, message=message)
    told = {one.test_at_head for one in found.suspicions if one.kind in {"T1", "T2"}}
    told |= {one.test_at_base for one in found.suspicions if one.kind in {"T1", "T2"}}
    touched = {node.partition("::")[0] for pair in found.pairs for node in pair} | {*found.files}
    same = [(node, node) for node in seen.old if node.partition("::")[0] not in touched]
    for base, head in [*found.pairs, *same]:
        if not {base, head} & told:
            yield from _disabled_unseen(base, head, seen)


def _gone(one: Suspicion, seen: ObservedTests) -> _Settled:
    """A test that is missing; when it has a counterpart at head, it is rows of it that are."""
    if not one.test_at_head and seen.now(one.test_at_base) in {"passed", "failed"}:
        return "harmless", "it still runs under its old name"
    held, before = seen.held(one.test_at_base), seen.before(one.test_at_base)
    if held == "passed":
        return ("harmless" if one.certainty == "explainable" else one.certainty), _HELD
    if one.certainty == "provable" and (held, before) == ("failed", "passed"):
        return "certain", f"{_FAILS}, and passes on base's"
    if held != "failed":
        return _open(one), ""
    return ("likely", _BEFORE) if before == "failed" else (_open(one), _FAILS)


def _disabled(one: Suspicion, seen: ObservedTests) -> _Settled:
    """A test that may be skipped: whether it is, and whether it ran before, the runs know."""
    now = seen.now(one.test_at_head)
    if now == "passed" and one.certainty != "certain":
        return "harmless", "it runs here"
    if now not in {"skipped", "not collected"} or not one.test_at_base:
        return one.certainty, ""
    held, before = seen.held(one.test_at_base), seen.before(one.test_at_base)
    if held == "passed" or before == "passed":
        return "certain", _HELD if held == "passed" else f"{_FAILS}; it passed at base"
    if before == "failed":
        return "likely", _BEFORE
    return ("harmless", "it did not run at base either") if held == "skipped" else (one.certainty, "")


def _weakened(one: Suspicion, seen: ObservedTests) -> _Settled:
    """Assertions that are weaker, fewer or other: what the old ones say of the new source decides."""
    held, before = seen.held(one.test_at_base), seen.before(one.test_at_base)
    if held == "passed":
        return "likely" if one.certainty == "certain" else "harmless", _HELD
    if held != "failed":
        return _open(one), ""
    if before == "failed":  # made green by its own text: the test was wrong, or the source still is
        return "likely" if seen.now(one.test_at_head) == "passed" else "harmless", _BEFORE
    return _open(one), _FAILS


def _open(one: Suspicion) -> Certainty:
    """What may have a reason in the source, and no run says that nothing is lost, a person must look at."""
    return "likely" if one.certainty == "explainable" else one.certainty


def _silent(one: Suspicion, seen: ObservedTests) -> _Settled:
    """A new test without an assertion proves something if it fails without the change."""
    if one.certainty != "explainable":
        return one.certainty, ""
    proves = seen.proves(one.test_at_head)
    if proves:
        return "doubtful", "it fails on base's source"
    return "likely", "it passes on base's source" if proves is False else ""


def _unsettled(one: Suspicion, seen: ObservedTests) -> _Settled:
    """No run says more of it than its text."""
    del seen
    return one.certainty, ""


_JUDGES: Mapping[str, Callable[[Suspicion, ObservedTests], _Settled]] = {
    "T1": _gone,
    "T2": _disabled,
    "T3": _weakened,
    "T4": _weakened,
    "T5": _weakened,
    "T6": _silent,
}


def _disabled_unseen(base: str, head: str, seen: ObservedTests) -> Iterator[Suspicion]:
    """Yield a test of both sides that base has passing, and that does not run at head."""
    held = seen.held(base)
    if held != "passed" and (held, seen.before(base)) != ("failed", "passed"):
        return
    path, name = head.partition("::")[0], head.partition("::")[2].replace("::", ".")
    was = f"{name.rpartition('.')[2]} {'passes' if held == 'passed' else 'fails'} as it stood at base, and is"
    now = seen.now(head)
    if now == "not collected" or path in seen.silent:
        how = "taken out of the run" if head in seen.dropped else "not collected"
        certainty: Certainty = "certain" if now == "not collected" else "likely"
        yield Suspicion("T1", path, 1, name, f"{was} {how} now", _FIX, certainty, base, head)
        return
    ran = {one.id.partition("[")[2] for one in seen.old[base] if not _is_idle(one)}
    idle = [one for one in seen.head.get(head, ()) if _is_idle(one) and one.id.partition("[")[2] in ran]
    if idle:
        message = f"{was} {idle[0].outcome} now: {idle[0].message or 'no reason given'}"
        yield Suspicion("T2", path, idle[0].line or 1, name, message, _FIX, "certain", base, head)


def _is_idle(one: Outcome) -> bool:
    return one.outcome in {"skipped", "xfailed"}

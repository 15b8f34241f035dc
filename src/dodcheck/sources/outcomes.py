"""Read the plugin's channel: what was collected, what ran, and how it ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from dodcheck.run import Outcome, OutcomeKind, Ran, Suite

_ORDER: tuple[OutcomeKind, ...] = ("error", "failed", "xpassed", "xfailed", "skipped", "passed")


def read_suite(ran: Ran, channel: Path, nonce: str, tree: Path, executed: Mapping[str, frozenset[int]] | None) -> Suite:
    """Put the events of one run together.

    Args:
        ran: The process.
        channel: The file that the plugin wrote.
        nonce: What every event of this run carries; others are not ours.
        tree: The scratch tree, whose path is taken out of every message.
        executed: Lines that ran, where coverage was measured.
    """
    session = _Session()
    for event in _events(channel, nonce, tree):
        session.take(event)
    session.distrust()
    return Suite(
        ran=ran,
        outcomes=tuple(session.outcomes.values()),
        collected=tuple(session.collected),
        dropped=tuple(sorted(session.dropped.keys() - session.collected.keys())),
        broken=tuple(session.broken.items()),
        finished=session.finished and not ran.timed_out,
        running=None if session.finished else session.running,
        foreign=tuple(session.foreign),
        executed=executed,
    )


@dataclass
class _Session:
    """What the events say so far."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    collected: dict[str, None] = field(default_factory=dict)
    dropped: dict[str, None] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    foreign: dict[str, None] = field(default_factory=dict)
    made: dict[tuple[str, str], str] = field(default_factory=dict)
    reported: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    running: str | None = None
    finished: bool = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Read one event."""
        match event["event"]:
            case "collected":
                self.collected.update(dict.fromkeys(event["ids"]))
                self.dropped.update(dict.fromkeys(event["dropped"]))
            case "broken":
                self.broken[event["id"]] = event["message"]
            case "start":
                self.running = event["id"]
            case "report":
                self._report(event)
            case "made":
                self.made[event["id"], event["when"]] = event["outcome"]
            case "rewritten":
                self._refute(event["id"], f"a plugin reported this as passed: {event['message']}")
            case "imported":
                self.foreign.update(dict.fromkeys(event["foreign"]))
            case "finish":
                self.finished = True

    def distrust(self) -> None:
        """Take a phase that failed when its report was made, and was told as something else, for failed."""
        for (node, when), outcome in self.made.items():
            told = self.reported.get((node, when), set())
            if outcome == "failed" and told and not told & {"failed", "rerun"}:
                self._refute(node, f"it failed, and a plugin reported it as {min(told)}")

    def _report(self, event: Mapping[str, Any]) -> None:
        node = event["id"]
        self.running = None if event["when"] == "teardown" else self.running
        self.reported.setdefault((node, event["when"]), set()).add(event["outcome"])
        if event["outcome"] != "rerun" and not (event["part"] and event["outcome"] == "skipped"):
            self.outcomes[node] = _worse(self.outcomes.get(node), _outcome(event))

    def _refute(self, node: str, words: str) -> None:
        failed = Outcome(node, "failed", words, node.partition("::")[0])
        self.outcomes[node] = _worse(self.outcomes.get(node), failed)


def _events(channel: Path, nonce: str, tree: Path) -> Iterator[dict[str, Any]]:
    for line in channel.read_bytes().replace(f"{tree}/".encode(), b"").splitlines():
        try:
            event = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.DecodeError:  # the run was killed while it wrote
            continue
        if event.get("nonce") == nonce:
            yield event


def _outcome(event: Mapping[str, Any]) -> Outcome:
    kind: OutcomeKind
    if event["xfail"]:
        kind = "xpassed" if event["outcome"] == "passed" else "xfailed"
    elif event["outcome"] == "failed":
        kind = "failed" if event["when"] == "call" else "error"
    else:
        kind = "skipped" if event["outcome"] == "skipped" else "passed"
    path = str(event["path"] or event["id"].partition("::")[0])
    return Outcome(event["id"], kind, event["message"], path, event["line"], float(event["seconds"]))


def _worse(known: Outcome | None, new: Outcome) -> Outcome:
    """Merge the phases of one test: the worst outcome stands, the times add up."""
    if known is None:
        return new
    worst = min(known, new, key=lambda one: _ORDER.index(one.outcome))
    return msgspec.structs.replace(worst, seconds=known.seconds + new.seconds)


def unstarted(folder: str, why: str, ran: Ran) -> Suite:
    """Return the run of a suite that never started: its folder could not be collected."""
    return Suite(ran, broken=((folder, why),))


def merged(suites: Sequence[Suite]) -> Suite:
    """Put the suites of one repository together: the first trouble stands for the whole."""
    if not suites:
        return Suite(Ran("pytest", ("python", "-m", "pytest")))
    ran = next((one.ran for one in suites if one.ran.timed_out or not one.finished), suites[0].ran)
    measured = [one.executed for one in suites if one.executed is not None]
    lines: dict[str, frozenset[int]] = {}
    for executed in measured:
        for path, numbers in executed.items():
            lines[path] = lines.get(path, frozenset()) | numbers
    return Suite(
        ran=msgspec.structs.replace(ran, seconds=sum(one.ran.seconds for one in suites)),
        outcomes=tuple(outcome for one in suites for outcome in one.outcomes),
        collected=tuple(node for one in suites for node in one.collected),
        dropped=tuple(node for one in suites for node in one.dropped),
        broken=tuple(broken for one in suites for broken in one.broken),
        finished=all(one.finished for one in suites),
        running=next((one.running for one in suites if one.running), None),
        foreign=tuple(name for one in suites for name in one.foreign),
        executed=lines if measured else None,
    )

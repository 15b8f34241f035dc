"""Read the plugin's channel: what was collected, what ran, and how it ended."""

from collections.abc import Iterator, Mapping
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
    finish = session.finish
    return Suite(
        ran=ran,
        outcomes=tuple(session.outcomes.values()),
        collected=tuple(session.collected),
        dropped=tuple(session.dropped),
        broken=tuple(session.broken),
        finished=finish is not None and not ran.timed_out,
        running=session.running if finish is None else None,
        foreign=tuple(finish["foreign"]) if finish else (),
        executed=executed,
    )


@dataclass
class _Session:
    """What the events say so far."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    collected: dict[str, None] = field(default_factory=dict)
    dropped: dict[str, None] = field(default_factory=dict)
    broken: list[tuple[str, str]] = field(default_factory=list)
    running: str | None = None
    finish: Mapping[str, Any] | None = None

    def take(self, event: Mapping[str, Any]) -> None:
        """Read one event."""
        match event["event"]:
            case "collected":
                self.collected.update(dict.fromkeys(event["ids"]))
                self.dropped.update(dict.fromkeys(event["dropped"]))
            case "broken":
                self.broken.append((event["id"], event["message"]))
            case "start":
                self.running = event["id"]
            case "report":
                self.outcomes[event["id"]] = _worse(self.outcomes.get(event["id"]), _outcome(event))
                self.running = None if event["when"] == "teardown" else self.running
            case "rewritten":
                words = f"a plugin reported this as passed: {event['message']}"
                rewritten = Outcome(event["id"], "failed", words, event["id"].partition("::")[0])
                self.outcomes[event["id"]] = _worse(self.outcomes.get(event["id"]), rewritten)
            case "finish":
                self.finish = event


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

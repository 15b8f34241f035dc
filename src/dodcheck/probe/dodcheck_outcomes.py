"""A pytest plugin that tells dodcheck what became of each test.

Events go, one JSON object a line with the run's nonce, to a file.  Its name and the nonce are
read from an inherited pipe when the plugin is imported: neither the environment nor /proc holds
them, so that the tests and their children do not find them there.  Workers of pytest-xdist get
both from the controller, and tell what only they see: what was collected and left out, outcomes
before other plugins had them, and which modules were imported.

Ids are relative to the repository, whatever pytest's rootdir is.
"""

import json
import os
import sys
from typing import Any, List, Set, Tuple

import pytest

_ROOT = os.path.realpath(os.environ.get("DODCHECK_ROOT", os.sep))
_TREE = os.path.realpath(os.environ.get("DODCHECK_TREE", os.sep))
_SOURCES = [entry for entry in os.environ.get("DODCHECK_SOURCES", "").split(os.pathsep) if entry]


class Channel:
    """Where events go; closed to every process but the one that opened it."""

    def __init__(self) -> None:
        self.handed = []  # type: List[str]
        self.prefix = ""
        self._process = os.getpid()
        self._out = -1
        pipe = os.environ.pop("DODCHECK_HANDED", "")
        if pipe:
            with os.fdopen(int(pipe), "rb") as reading:
                self.open(json.loads(reading.read().decode()))

    def open(self, handed: List[str]) -> None:
        self.handed = handed
        self._out = os.open(handed[0], os.O_WRONLY | os.O_APPEND)

    def tell(self, event: str, **fields: Any) -> None:
        if self._out >= 0 and os.getpid() == self._process:
            line = json.dumps(dict(fields, event=event, nonce=self.handed[1]))
            os.write(self._out, line.encode("ascii") + b"\n")

    def name(self, nodeid: str) -> str:
        return self.prefix + nodeid


_channel = Channel()
_seen = []  # type: List[str]
_failed = set()  # type: Set[Tuple[str, str]]


def pytest_configure(config: Any) -> None:
    handed = getattr(config, "workerinput", {}).pop("dodcheck", None)
    if handed:
        _channel.open(handed)
    top = os.path.realpath(str(config.rootdir if not hasattr(config, "rootpath") else config.rootpath))
    if top.startswith(_TREE + os.sep):
        _channel.prefix = os.path.relpath(top, _TREE).replace(os.sep, "/") + "/"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the channel to a worker of pytest-xdist."""
    node.workerinput["dodcheck"] = _channel.handed


def pytest_itemcollected(item: Any) -> None:
    _seen.append(_channel.name(item.nodeid))


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Any:
    """See the report after every other plugin has had it: a raised exception is no pass."""
    result = yield
    report = result.get_result()
    phase = (item.nodeid, call.when)
    if call.excinfo is not None and report.outcome == "passed" and not hasattr(report, "wasxfail"):
        _channel.tell("rewritten", id=_channel.name(item.nodeid), when=call.when, message=str(call.excinfo.value)[:300])
    elif report.outcome == "failed" or phase in _failed:  # what a retry mends is no failure
        _failed.add(phase)
        _channel.tell("made", id=_channel.name(item.nodeid), when=call.when, outcome=report.outcome)


def pytest_collection_finish(session: Any) -> None:
    kept = [_channel.name(item.nodeid) for item in session.items]
    _channel.tell("collected", ids=kept, dropped=sorted(set(_seen) - set(kept)))


def pytest_collectreport(report: Any) -> None:
    if report.failed:
        _channel.tell("broken", id=_channel.name(report.nodeid), message=_last_line(report.longreprtext))


def pytest_runtest_logstart(nodeid: str) -> None:
    if not _is_worker():
        _channel.tell("start", id=_channel.name(nodeid))


def pytest_runtest_logreport(report: Any) -> None:
    if _is_worker():  # the controller gets it as well, and sees the end of workers that are killed
        return
    message, path, line = _crash(report)
    _channel.tell(
        "report",
        id=_channel.name(report.nodeid),
        when=report.when,
        outcome=report.outcome,
        seconds=getattr(report, "duration", 0.0),
        xfail=hasattr(report, "wasxfail"),
        part=type(report).__name__.lower() == "subtestreport",
        message=message,
        path=path,
        line=line,
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus: int) -> None:
    _channel.tell("imported", foreign=_foreign())
    if not _is_worker():
        _channel.tell("finish", exit=int(exitstatus))


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _crash(report: Any) -> Tuple[str, str, int]:
    """Return the message of a failure or skip, and where in the tree it happened."""
    path, line = _channel.name(report.location[0]), (report.location[1] or 0) + 1
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        inside = _inside(crash.path)
        return crash.message.splitlines()[0] if crash.message else "", inside or path, crash.lineno if inside else line
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]), path, line
    return (_last_line(str(report.longrepr)) if report.longrepr else ""), path, line


def _inside(path: str) -> str:
    real = os.path.realpath(path)
    return os.path.relpath(real, _TREE).replace(os.sep, "/") if real.startswith(_TREE + os.sep) else ""


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:400] if lines else ""


def _foreign() -> List[str]:
    """Name the project's modules that were loaded from anywhere but the tree under test."""
    found = []
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or "." in name:
            continue
        real = os.path.realpath(file)
        if real.startswith(_TREE + os.sep) or _TREE == os.sep:
            continue
        if os.path.dirname(real) == os.path.dirname(os.path.realpath(__file__)):
            continue
        in_work_tree = real.startswith(_ROOT + os.sep) and not real.startswith(os.path.realpath(sys.prefix) + os.sep)
        if in_work_tree or _ours(name):
            found.append("%s (%s)" % (name, file))
    return found


def _ours(name: str) -> bool:
    return any(os.path.isfile(os.path.join(at, name, "__init__.py")) for at in _SOURCES)

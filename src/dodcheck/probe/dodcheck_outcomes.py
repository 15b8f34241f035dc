"""A pytest plugin that tells dodcheck what became of each test.

Events go, one JSON object a line with the run's nonce, to the file that the environment
names; both variables are taken out of the environment when the plugin is imported, so
that workers and children of the tests do not find them.
"""

import json
import os
import sys
from typing import Any, Callable, List, Optional, Tuple

import pytest

_ROOT = os.path.realpath(os.environ.get("DODCHECK_ROOT", os.sep))
_TREE = os.path.realpath(os.environ.get("DODCHECK_TREE", os.sep))
_seen = []  # type: List[str]


def _open_channel() -> Callable[..., None]:
    """Take the channel out of the environment, so that the tests and their children find none."""
    channel = os.environ.pop("DODCHECK_CHANNEL", "")
    nonce = os.environ.pop("DODCHECK_NONCE", "")
    process = os.getpid()
    out = os.open(channel, os.O_WRONLY | os.O_APPEND) if channel else -1

    def tell(event: str, **fields: Any) -> None:
        if out >= 0 and os.getpid() == process:
            line = json.dumps(dict(fields, event=event, nonce=nonce))
            os.write(out, line.encode("ascii") + b"\n")

    return tell


_tell = _open_channel()


def pytest_itemcollected(item: Any) -> None:
    _seen.append(item.nodeid)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Any:
    """See the report after every other plugin has had it: a raised exception is no pass."""
    result = yield
    report = result.get_result()
    if call.excinfo is not None and report.outcome == "passed" and not hasattr(report, "wasxfail"):
        _tell("rewritten", id=item.nodeid, when=call.when, message=str(call.excinfo.value)[:300])


def pytest_collection_finish(session: Any) -> None:
    kept = [item.nodeid for item in session.items]
    _tell("collected", ids=kept, dropped=sorted(set(_seen) - set(kept)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids: Any) -> None:
    _tell("collected", ids=list(ids), dropped=[])


def pytest_collectreport(report: Any) -> None:
    if report.failed:
        _tell("broken", id=report.nodeid, message=_last_line(report.longreprtext))


def pytest_runtest_logstart(nodeid: str) -> None:
    _tell("start", id=nodeid)


def pytest_runtest_logreport(report: Any) -> None:
    message, path, line = _crash(report)
    _tell(
        "report",
        id=report.nodeid,
        when=report.when,
        outcome=report.outcome,
        seconds=report.duration,
        xfail=hasattr(report, "wasxfail"),
        message=message,
        path=path,
        line=line,
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus: int) -> None:
    _tell("finish", exit=int(exitstatus), foreign=_foreign())


def _crash(report: Any) -> Tuple[str, str, int]:
    """Return the message of a failure or skip, and where in the tree it happened."""
    path, line = report.location[0], (report.location[1] or 0) + 1
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        inside = _inside(crash.path)
        return crash.message.splitlines()[0] if crash.message else "", inside or path, crash.lineno if inside else line
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]), path, line
    return (_last_line(str(report.longrepr)) if report.longrepr else ""), path, line


def _inside(path: str) -> Optional[str]:
    real = os.path.realpath(path)
    return os.path.relpath(real, _TREE).replace(os.sep, "/") if real.startswith(_TREE + os.sep) else None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:400] if lines else ""


def _foreign() -> Any:
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
    return any(os.path.isfile(os.path.join(_TREE, at, name, "__init__.py")) for at in ("", "src"))

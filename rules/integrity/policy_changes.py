"""Policy is not loosened by the change that it judges: settings, thresholds, CI, hooks, the definition itself.

The cheapest way to pass a check is to ask less of it: 10 to 14 % of coding agents' changes touch a lint or test
setting, of human ones 1.4 % (own measurement on reviewed changes).  Every setting has a direction, so this rule
compares what both sides mean, not how they are written.  A lower threshold, an exit status that no longer counts,
an older checker, tests that are no longer selected and an exception made for the new file alone fail; a weaker
setting of a linter, of the type checker or of coverage is for a person, and so is any change of the Definition of
Done or of dodcheck's own configuration, which fails when it is weaker and comes together with sources.  What is
stricter, moved or only newer passes, with a line that says so.  Settings are looked up where each tool looks, and
patterns are weighed by the files that they hide.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from dodcheck.facts import Change
from dodcheck.facts.policy.documents import documents_weighed
from dodcheck.facts.policy.hooks import hooks_weighed
from dodcheck.facts.policy.lists import lists_weighed
from dodcheck.facts.policy.policy_files import HeadFiles, is_ci
from dodcheck.facts.policy.policy_settings import PolicySettings
from dodcheck.facts.policy.weighed_checks import checks_weighed, runs_at_head
from dodcheck.facts.policy.weighed_settings import settings_weighed
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_SHOWN = 12
_COMMANDS = {".pre-commit-config.yaml", "tox.ini", "noxfile.py", "Makefile", "justfile"}


@rule(
    answers=[],
    cases="_policy_changes_cases",
    scope="commit",
    concern=Concern(
        r"^(?!.*\.pyi?$)|^\.|(^|/)(noxfile|setup)\.py$|baseline",
        "",
        "no setting, threshold, check or policy document changed",
    ),
)
def check(change: Change, settings: PolicySettings, files: HeadFiles) -> Verdict:
    """Gather what became of every piece of policy; the worst of it decides."""
    found = list({one.message: one for one in _all(change, settings, files)}.values())
    if not found:
        return Verdict.not_applicable("no setting, threshold, check or policy document changed")
    failing, review, notes = ([one for one in found if one.level == level] for level in ("error", "warning", "note"))
    seen = [Evidence(one.message, "setting", one.path, one.line) for one in notes][:_SHOWN]
    findings = [*failing, *review]
    summary = (findings or notes)[0].message + (f" (and {len(findings) - 1} more)" if len(findings) > 1 else "")
    if failing:
        return Verdict.failed(*findings, summary=summary, evidence=seen)
    if review:
        return Verdict.needs_review(summary, *seen, findings=findings)
    words = f"{len(notes)} changes of policy, none of them weaker" if len(notes) > 1 else f"not weaker: {summary}"
    return Verdict.passed(*seen, summary=words)


def _all(change: Change, settings: PolicySettings, files: HeadFiles) -> Iterator[Finding]:
    for path, why in settings.unreadable.items():
        words = f"base's {why}: there is nothing to compare head's with"
        yield Finding(words, path, fix="have a person read the file", code="unreadable", level="warning")
    readable = replace(change, files=tuple(file for file in change.files if file.path not in settings.unreadable))
    everywhere = cache(lambda: runs_at_head(readable))
    heads = dict.fromkeys(_configured(readable), False) | {p.tool: p.base is None for p in settings.pairs if p.head}
    for pair in settings.pairs:
        yield from settings_weighed(pair, files, heads, lambda tool: _ran(readable, tool), everywhere)
    yield from checks_weighed(readable, files, everywhere)
    yield from hooks_weighed(readable, everywhere)
    yield from documents_weighed(readable, files)
    yield from lists_weighed(readable, files)


def _configured(change: Change) -> set[str]:
    text = change.head.read("pyproject.toml") or ""
    return {tool for tool in ("ruff", "mypy", "pyright") if f"[tool.{tool}" in text}


def _ran(change: Change, tool: str) -> bool:
    """Tell whether base names a tool where commands stand, so that it ran with its defaults."""
    named = re.compile(rf"(^|[\s/\"'])(id: )?{tool}([\s\"']|$)", re.MULTILINE)
    places = [path for path in change.base.paths() if is_ci(path) or path in _COMMANDS]
    return any(named.search(change.base.read(path) or "") for path in places)

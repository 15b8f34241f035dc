"""Breaking changes are flagged with a migration path.

Who upgrades must learn what no longer works and what to do about it.  A break of a declared surface (what a
library exports and the schema of its models, endpoints and payloads, commands and options, environment variables,
entry points, the Python version) needs a record that names it and says what to do: the notes' section "Breaking
changes", a `BREAKING CHANGE:` footer or `!`, the changelog or a fragment of it.  A deprecation that named its version
and whose version has come is such a record as well; an old name that still works needs none.

A comparison of signatures alone is no verdict: of 3,256 labelled commits of ansible it finds a third of the
breaking ones, and nine of ten of what it finds is internal.  So re-exports, aliases and module `__getattr__` are
followed first, and nobody passes the parameters of what a decorator registers (a command, a route, a fixture, a
hook, an entry of the project's own registry); what is not declared, a default, a narrower annotation, a dependency
that must be newer, and old tests that fail on the new code are for a person.  Kinds of breaks: griffe's,
https://mkdocstrings.github.io/griffe/guide/users/checking/.
"""

from collections.abc import Iterator, Sequence

import msgspec
from packaging.version import Version

from dodcheck.facts import Both
from dodcheck.facts.breaking.all_breaks import Breaks
from dodcheck.facts.breaking.breaks import Break
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.breaking.records import BreakRecords, Record
from dodcheck.facts.runs.at_base import AtBase
from dodcheck.facts.runs.matrix import BaseTestsOnHead
from dodcheck.rule import Evidence, Finding, Options, Verdict, rule

_SHOWN = 5
_LISTED = 3
_WIDTH = 120
_WHERE = 'the changelog, the notes\' section "Breaking changes", or a `BREAKING CHANGE:` footer'
_CALENDAR = 1990  # a first part from here on is a year


class BreakingChangesOptions(Options, frozen=True):
    """Settings of `breaking-changes`.

    Args:
        api_modules: Dotted names of the modules that others may import, wildcards allowed ("shop", "shop.api.*").
            By default the project says so itself: it is packaged, and what it exports or documents counts.
    """

    api_modules: tuple[str, ...] = ()


_BREAK = r"\b(breaking|backward[- ]?incompatib\w+|incompatible|api[- ]breaking)[- ](api |interface )?chang(e|es)\b"
_TOLD = (
    r"\b(flag\w*|document\w*|migrat\w+|upgrade|announc\w+|noted|listed|called out|mark\w*|described|highlight\w*"
    r"|changelog|communicat\w+|version\w*|deprecat\w+|mention\w*|record\w*|no|without|avoid\w*|introduc\w+|identif\w+"
    r"|justif\w+)\b"
)
_KEPT = r"\b(preserved|maintained|kept|broken|ensured|or|unless|documented|checked)\b"


@rule(
    answers=[
        rf"{_BREAK}[^.;]*{_TOLD}",
        rf"{_TOLD}[^.;]*{_BREAK}",
        rf"\b(backwards?|api)[- ]compatib(le|ility)\b[^.;]*{_KEPT}",
        r"\bmigration (path|guide|notes?)\b(?=[^.;]*\b(break\w*|incompatib\w*|user|consumer|remov\w*|deprecat\w*))",
        (
            r"\b(removed|deprecated) (apis?|functions?|features?|options?)\b[^.;]*"
            r"\b(migration|replacement|alternative|flagged)\b"
        ),
    ],
    unless=[r"\bbreaking news\b", r"\bdata(base)? migration"],
    cases="_breaking_changes_cases",
    scope="change",
    options=BreakingChangesOptions,
)
def check(
    breaks: Breaks,
    records: BreakRecords,
    projects: Both[Projects],
    old_tests: BaseTestsOnHead | None,
    at_base: AtBase | None,
    options: BreakingChangesOptions,
) -> Verdict:
    """Look for the record of every break, and for a person where there is doubt."""
    found = breaks.found(options.api_modules)
    judge = _Judge(records, projects)
    said = list(_merged([(one, judge.judged(one)) for one in found]))
    findings = [one for one in said if isinstance(one, Finding)]
    evidence = [one for one in said if isinstance(one, Evidence)]
    findings += judge.unbumped(found)
    findings += _failing(old_tests, at_base, evidence, records)
    blocking = [one for one in findings if one.level == "error"]
    doubts = [one for one in findings if one.level == "warning"]
    if blocking:
        return Verdict.failed(*blocking, *doubts, summary=_summary(blocking), evidence=evidence)
    if doubts:
        return Verdict.needs_review(_summary(doubts), *evidence, findings=doubts)
    if evidence:
        return Verdict.passed(*evidence, findings=findings)
    if flag := next(filter(_is_claim, records.flags), None):
        return Verdict.passed(Evidence(f"a break is flagged, and none was found: {_short(flag)}", "file", _path(flag)))
    if breaks.compared:
        words = f"{' and '.join(breaks.compared)} of changed files compared: none breaks"
        return Verdict.passed(Evidence(words, "symbol"))
    return Verdict.not_applicable("no surface that others rely on changed")


def _merged(said: Sequence[tuple[Break, Evidence | Finding]]) -> Iterator[Evidence | Finding]:
    """Yield one for what happened alike to several things: a parameter that ten functions lose is one decision."""
    alike: dict[tuple[str, ...], list[tuple[Break, Evidence | Finding]]] = {}
    for one, result in said:
        code = f"{result.code} {result.level}" if isinstance(result, Finding) else result.kind
        alike.setdefault((code, one.code, one.message.replace(one.symbol, "")), []).append((one, result))
    for (_, first), *others in alike.values():
        listed = ", ".join(f"`{one.symbol}`" for one, _ in others[:_LISTED]) + (", …" if others[_LISTED:] else "")
        more = f"; the same of {listed}" if others else ""
        if isinstance(first, Finding):
            yield msgspec.structs.replace(first, message=first.message + more)
        else:
            yield msgspec.structs.replace(first, text=first.text + more)


class _Judge:
    def __init__(self, records: BreakRecords, projects: Both[Projects]) -> None:
        self._records = records
        self._projects = projects

    def judged(self, one: Break) -> Evidence | Finding:
        """Return what speaks for a break, or what is missing."""
        certain = one.certain and one.declared
        found = self._records.of_break(one)
        if found and (found[0].leads_on(one) or one.announced):
            return _told(one, found[0])
        if not certain:
            spoken_of = next((record for record in self._records.all if record.names(one)), None)
            return _told(one, spoken_of) if spoken_of else self._announced(one) or _doubt(one)
        if found:
            text = f"{one.message}; {found[0].place} says so, and not what to do instead"
            return _finding(one, text, _fix(one, "add to that record"), "no-migration-path")
        return self._announced(one) or self._untold(one)

    def _untold(self, one: Break) -> Finding:
        if near := next((record for record in self._records.flags if record.names_owner(one)), None):
            text = f"{one.message}; {near.place} speaks of `{one.owner}`: does it tell of this?"
            return _finding(one, text, _fix(one, f"name `{one.symbol}` there"), "not-named", "warning")
        if flag := next(filter(_is_claim, self._records.flags), None):
            text = f"{one.message}; {flag.place} flags a break, and does not name this one"
            return _finding(one, text, _fix(one, f"name `{one.symbol}` there"), "not-named")
        return _finding(one, f"{one.message}, and nothing tells users", _fix(one, f"say so in {_WHERE}"), one.code)

    def _announced(self, one: Break) -> Evidence | Finding | None:
        said, now = one.announced, self._projects.head.at(one.path).version
        if said is None:
            return None
        place = f"{said.path}:{said.line}"
        if said.version is None or now is None:
            text = f"{one.message}; {place} announced it, " + (
                f"for {said.version}: is this that version?" if said.version else "for no version in particular"
            )
            return _finding(one, text, _fix(one, f"say so in {_WHERE}"), "announced", "warning")
        if now.release >= Version(said.version).release:
            text = f"{one.message}, as announced for {said.version} at {place}; this is {now}"
            return Evidence(text, "symbol", said.path, said.line, one.symbol, "base")
        text = f"{one.message} before the announced version: {place} says {said.version}, this is {now}"
        return _finding(one, text, f"keep it until {said.version}, or say so in {_WHERE}", "too-early")

    def unbumped(self, found: Sequence[Break]) -> Iterator[Finding]:
        """Yield a finding when the change gives a new version to users whom it breaks, and not a major one."""
        broken = [one for one in found if one.certain and one.declared and not one.announced]
        broken = [one for one in broken if one.surface != "python version"]
        place = broken[0].path if broken else ""
        was, now = self._projects.base.at(place).version, self._projects.head.at(place).version
        if not broken or was is None or now is None or now <= was or was.major >= _CALENDAR or now.is_prerelease:
            return
        stays = was.release[:1] == now.release[:1] if was.major else was.release[:2] == now.release[:2]
        if stays and was.release != now.release:
            wanted = f"{was.major + 1}.0" if was.major else f"0.{was.minor + 1}.0"
            text = f"the version goes from {was} to {now}, and {broken[0].message}"
            yield _finding(
                broken[0], text, f"release it as {wanted}, or keep the old way working", "version-not-bumped"
            )


def _failing(
    old_tests: BaseTestsOnHead | None, at_base: AtBase | None, evidence: Sequence[Evidence], records: BreakRecords
) -> Iterator[Finding]:
    """Yield old tests that fail on the new code, when nothing else of the change accounts for them."""
    if old_tests is None or at_base is None or evidence or any(map(_is_claim, records.flags)):
        return
    for one in [one for one in old_tests.failing if not at_base.failed(one.id)][:_SHOWN]:
        yield Finding(
            f"an old test fails on the new code: {one.id}" + (f" ({one.message})" if one.message else ""),
            path=one.path or None,
            line=one.line,
            symbol=one.id,
            fix=f"if users see the difference, say so in {_WHERE}; explain it otherwise",
            code="behaviour",
            level="warning",
        )


def _is_claim(record: Record) -> bool:
    """Tell whether a record says by its form, not by its words alone, that something breaks."""
    return record.line is None


def _told(one: Break, record: Record) -> Evidence:
    return Evidence(f"{one.message}; told: {_short(record)}", "file", _path(record), record.line, one.symbol)


def _short(record: Record) -> str:
    text = " ".join(record.text.split())
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"


def _path(record: Record) -> str | None:
    return record.path if record.line else None


def _fix(one: Break, what: str) -> str:
    remedy = one.remedy or "what to use or do instead"
    return f"{what}: {remedy}; or keep the old way working, with a DeprecationWarning"


def _doubt(one: Break) -> Finding:
    why = "" if one.declared else " (nothing says that others may use it)"
    fix = f"if others rely on it, say so in {_WHERE}; explain it otherwise"
    return _finding(one, f"{one.message}{why}", fix, one.code, "warning")


def _finding(one: Break, message: str, fix: str, code: str, level: str = "error") -> Finding:
    return Finding(
        message,
        path=one.path or None,
        line=one.line,
        symbol=one.symbol,
        fix=fix,
        code=code,
        level="warning" if level == "warning" else "error",
    )


def _summary(findings: Sequence[Finding]) -> str:
    more = f" (and {len(findings) - 1} more)" if findings[1:] else ""
    return f"{findings[0].message}{more}"

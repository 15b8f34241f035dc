"""JUnit XML, as CI servers read it: the definition is the suite, each of its items a test case.

Source: the schema that Jenkins checks with, junit-10.xsd of https://github.com/jenkinsci/xunit-plugin.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dodcheck.report import ItemResult, Report
from dodcheck.verdict import Status

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production Char
_SKIPPED = {Status.NOT_APPLICABLE, Status.WAIVED, Status.NOT_RUN, Status.NEEDS_REVIEW}


def junit(report: Report) -> str:
    """Render every item as a test case, in one suite for each section of the definition.

    An item that blocks is a failure: it fails, or waits for a person and nobody has explained it.  One whose check
    could not run is an error.  What is not applicable, waived, left out or explained is skipped, and says why.
    """
    cases = [(item.section, item, name) for item, name in zip(report.items, _names(report.items), strict=True)]
    root = Element("testsuites", {"name": "dodcheck"} | _counted(report.items, with_skipped=False))
    for section, group in groupby(cases, key=lambda case: case[0]):
        of_section = list(group)
        items = [item for _, item, _ in of_section]
        suite = _add(root, "testsuite", name=section or report.definition.title, timestamp=report.started)
        suite.attrib |= _counted(items, with_skipped=True)
        _describe(suite, report)
        for _, item, name in of_section:
            _add_case(suite, item, name)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _names(items: Sequence[ItemResult]) -> list[str]:
    """Return a name for each item that no other of its section has: readers know a test case by section and name."""
    often = Counter((item.section, item.text) for item in items)
    return [f"{item.text} ({item.id})" if often[item.section, item.text] > 1 else item.text for item in items]


def _counted(items: Sequence[ItemResult], *, with_skipped: bool) -> dict[str, str]:
    kinds = Counter(_kind(item) for item in items)
    counts = {"tests": str(len(items)), "failures": str(kinds["failure"]), "errors": str(kinds["error"])}
    return counts | ({"skipped": str(kinds["skipped"])} if with_skipped else {}) | {"time": _time(items)}


def _time(items: Sequence[ItemResult]) -> str:
    return f"{sum(rule.seconds for item in items for rule in item.rules):.3f}"


def _kind(item: ItemResult) -> str | None:
    """Return the element that says how a test case ended; None for a pass."""
    if item.blocks or item.status is Status.FAIL:
        return "failure"
    if item.status is Status.ERROR:
        return "error"
    return "skipped" if item.status in _SKIPPED else None


def _describe(suite: Element, report: Report) -> None:
    properties = SubElement(suite, "properties")
    told = {
        "verdict": report.verdict,
        "definition": f"{report.definition.path} ({report.definition.revision})",
        "base": report.change.base.commit or report.change.base.ref,
        "head": report.change.head.commit or report.change.head.ref,
    }
    for name, value in told.items():
        _add(properties, "property", name=name, value=value)


def _add_case(suite: Element, item: ItemResult, name: str) -> None:
    case = _add(suite, "testcase", classname=item.section, name=name, time=_time([item]))
    kind = _kind(item)
    if kind:
        ended = _add(case, kind, type=item.status, message=_summary(item))
        ended.text = _legal("\n".join(_found(item)))
    evidence = "\n".join([*_seen(item), *(() if kind else _found(item))])
    if evidence:
        SubElement(case, "system-out").text = _legal(evidence)


def _summary(item: ItemResult) -> str:
    why = f" (the author: {item.explanation})" if item.explanation else ""
    return f"{item.status}: {item.summary}{why}"


def _found(item: ItemResult) -> Iterator[str]:
    for rule in item.rules:
        for one in rule.findings:
            place = f"{one.path}:{one.line or 1}: " if one.path else ""
            yield f"{place}{one.level}: {one.message} [{rule.id}]"
            if one.fix:
                yield f"  fix: {one.fix}"


def _seen(item: ItemResult) -> Iterator[str]:
    for rule in item.rules:
        for one in rule.evidence:
            place = f"{one.path}:{one.line}: " if one.path and one.line else f"{one.path}: " if one.path else ""
            yield f"{rule.id}: {place}{one.text}" + (f" ({one.command})" if one.command else "")


def _add(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, tag, {name: _legal(value) for name, value in attributes.items()})


def _legal(text: str) -> str:
    """Return text without the characters that no XML may hold, written as Python writes them."""
    return _ILLEGAL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)

"""SARIF 2.1.0, the OASIS format for results of static analysis, as code scanning services read it.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html, and what
GitHub asks for on top: a location for each result, and `primaryLocationLineHash` to know a result again
(https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning).
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from dodcheck.formats.issues import NO_RULE, Issue, fallback, issues
from dodcheck.report import EXIT, UNBOUND, ItemResult, Report
from dodcheck.rule import Rule
from dodcheck.verdict import Status

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")

_Object = dict[str, object]


def sarif(report: Report, rules: Mapping[str, Rule]) -> str:
    """Render the issues as results, and the checklist as properties of the run.

    Nothing in it changes from run to run over the same change: times are left out.

    Args:
        report: What to render.
        rules: Rules by id, for their help texts; one that is not there has its id alone.
    """
    found = issues(report)
    used = sorted({one.rule for one in found} | {rule.id for item in report.items for rule in item.rules})
    run: _Object = {
        "tool": {
            "driver": {
                "name": "dodcheck",
                "version": report.version,
                "rules": [_descriptor(name, rules.get(name)) for name in used],
            }
        },
        "automationDetails": {"id": f"dodcheck/{report.definition.path}/"},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "results": [_result(one, used, fallback(report)) for one in found],
        "properties": {
            "verdict": report.verdict,
            "base": report.change.base.commit,
            "head": report.change.head.commit,
            "items": [_checked(item) for item in report.items],
        },
    }
    log: _Object = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _invocation(report: Report) -> _Object:
    ran = all(item.status is not Status.ERROR for item in report.items)
    return {"executionSuccessful": ran, "exitCode": EXIT[report.verdict]}


def _descriptor(name: str, rule: Rule | None) -> _Object:
    if rule is None:
        title, why, tags = UNBOUND if name == NO_RULE else f"A rule of the team's own: {name}", "", []
    else:
        title, why, tags = rule.title, rule.why, [rule.group.replace("_", "-")]
    more = f"`dodcheck explain {name}` shows examples and settings." if rule else "See the definition of done."
    told = [f"{title}.", *([why] if why else []), more]
    return {
        "id": name,
        "shortDescription": {"text": f"{title}."},
        "fullDescription": {"text": why or f"{title}."},
        "help": {"text": "\n\n".join(told).replace("`", ""), "markdown": "\n\n".join([f"**{title}.**", *told[1:]])},
        "properties": {"tags": tags},
    }


def _result(one: Issue, used: Sequence[str], instead: str) -> _Object:
    result: _Object = {
        "ruleId": one.rule,
        "ruleIndex": used.index(one.rule),
        "level": one.level,
        "message": {"text": _LINK.sub(r"\\[", one.said)},
        "locations": [_location(one, instead)],
        "partialFingerprints": {"primaryLocationLineHash": f"{one.fingerprint}:1", "dodcheck/v1": one.fingerprint},
        "properties": {"items": [item.id for item in one.items]} | ({"code": one.code} if one.code else {}),
    }
    if one.waived:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": one.waived}]
    return result


def _location(one: Issue, instead: str) -> _Object:
    region = {"startLine": one.line} | ({"endLine": one.end_line} if one.end_line else {})
    artifact = {"uri": quote(one.path or instead, safe="/"), "uriBaseId": _ROOT}
    location: _Object = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if one.symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": one.symbol}]
    return location


def _checked(item: ItemResult) -> _Object:
    said: _Object = {
        "id": item.id,
        "kind": item.kind,
        "section": item.section,
        "text": item.text,
        "status": item.status,
        "blocks": item.blocks,
        "summary": item.summary,
        "rules": [rule.id for rule in item.rules],
    }
    return said | ({"explanation": item.explanation} if item.explanation else {})

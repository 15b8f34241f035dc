"""GitLab's Code Quality report: a subset of the Code Climate format, as its documentation names the required keys.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import msgspec

from dodcheck.formats.issues import Issue, fallback, issues
from dodcheck.report import Report
from dodcheck.verdict import Level

_SEVERITIES: dict[Level, str] = {"error": "blocker", "warning": "minor", "note": "info"}


def gitlab(report: Report) -> str:
    """Render the issues as GitLab reads them; what is waived is for information.

    GitLab wants a file for each: an issue of the whole change stands at its item in the definition, or, when the
    definition is not in the repository, at the first changed file.
    """
    listed = [_entry(one, fallback(report)) for one in issues(report)]
    return msgspec.json.format(msgspec.json.encode(listed), indent=2).decode() + "\n"


def _entry(one: Issue, instead: str) -> dict[str, object]:
    lines = {"begin": one.line} | ({"end": one.end_line} if one.end_line else {})
    return {
        "description": one.said,
        "check_name": f"{one.rule} {one.code}" if one.code else one.rule,
        "fingerprint": one.fingerprint,
        "severity": "info" if one.waived else _SEVERITIES[one.level],
        "location": {"path": one.path or instead, "lines": lines},
    }

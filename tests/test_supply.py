"""What dodcheck is made of: each dependency has a lower bound, and is asked after in the indexes of vulnerabilities."""

import json
import sys

import pytest
from audit_dependencies import audit
from lower_bounds import constraints, lower_bound, requirements
from packaging.requirements import Requirement


def test_every_requirement_has_a_lower_bound() -> None:
    assert all(lower_bound(one) for one in requirements())
    assert {"click==8.2", "mcp==2.1"} <= set(constraints())


def test_a_requirement_without_a_lower_bound_is_named() -> None:
    with pytest.raises(LookupError, match="click"):
        lower_bound(Requirement("click<9"))


_GOOD = {"name": "click", "version": "8.2.0", "vulns": []}
_BAD = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "CVE-2024-1", "fix_versions": ["3.1.6"]}]}
_UNKNOWN = {"name": "rich", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("dependencies", "code", "words"),
    [
        ([_GOOD], 0, "1 packages audited, 0 vulnerabilities"),
        ([_GOOD, _UNKNOWN], 0, "1 packages audited, 0 vulnerabilities; not audited: rich"),
        ([_GOOD, _BAD], 1, "jinja2 3.1.0: CVE-2024-1, fixed in 3.1.6\n2 packages audited, 1 vulnerabilities"),
        ([_UNKNOWN], 0, "not audited: the index tells of none of 1 packages"),
    ],
)
def test_what_was_not_audited_is_never_said_to_be_safe(
    dependencies: list[dict[str, object]], code: int, words: str
) -> None:
    answer = json.dumps({"dependencies": dependencies, "fixes": []})
    assert audit([sys.executable, "-c", f"print({answer!r})"]) == (code, words)


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        ("sys.exit('requests.exceptions.ConnectionError: Max retries exceeded')", 0, "not audited: no index"),
        ("sys.exit('no such folder')", 1, "pip-audit failed: no such folder"),
        ("pass", 1, "pip-audit failed: exit 0"),
    ],
)
def test_only_want_of_a_network_stops_nobody(script: str, code: int, words: str) -> None:
    exited, said = audit([sys.executable, "-c", f"import sys; {script}"])
    assert exited == code
    assert said.startswith(words)

"""What dodcheck is made of: each dependency has a lower bound, and is asked after in the indexes of vulnerabilities."""

import sys

import pytest
from audit_dependencies import audit
from lower_bounds import constraints, lower_bound, requirements
from packaging.requirements import Requirement


def test_every_requirement_has_a_lower_bound() -> None:
    assert all(lower_bound(one) for one in requirements())
    assert "click==8.2" in constraints()


def test_a_requirement_without_a_lower_bound_is_named() -> None:
    with pytest.raises(LookupError, match="click"):
        lower_bound(Requirement("click<9"))


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        ("print('No known vulnerabilities found')", 0, "No known vulnerabilities"),
        ("print('jinja2 3.1.0 CVE-2024-1'); sys.exit(1)", 1, "CVE-2024-1"),
        ("sys.exit('requests.exceptions.ConnectionError: Max retries exceeded')", 0, "not audited: no index"),
        ("sys.exit('no such folder')", 1, "no such folder"),
        ("print('jinja2 3.1.0 CVE-2024-1'); sys.exit('ConnectionError')", 1, "CVE-2024-1"),
    ],
)
def test_only_want_of_a_network_stops_nobody(
    script: str, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit([sys.executable, "-c", f"import sys; {script}"]) == code
    assert words in capsys.readouterr().out

"""What a team configures: waivers, bindings, rules of its own, settings of rules."""

import msgspec
import pytest
from conftest import Repository, item
from test_check import PROJECT

from dodcheck.config import load
from dodcheck.errors import ConfigError
from dodcheck.report import Report
from dodcheck.verdict import Status

UNUSED = {"app.py": "import os\n" + PROJECT["app.py"]}
WAIVER = """
[[tool.dodcheck.waivers]]
rule = "lint"
path = "app.py"
reason = "goes with the next release"
expires = {day}
"""
OWN_RULE = '''"""Every module says whose it is.

Somebody must answer for it.
"""

from dodcheck.facts import Change
from dodcheck.rule import Case, Evidence, Finding, Status, Verdict, rule

OWNED = {"a.py": "# owner: ada\\n"}


@rule(
    answers=[r"\\bowner\\b"],
    cases=[
        Case("an owner is named", Status.PASS, {}, OWNED),
        Case("nobody is named", Status.FAIL, {}, {"a.py": "x = 1\\n"}),
        Case("no module changed", Status.NOT_APPLICABLE, OWNED, OWNED),
    ],
)
def check(change: Change) -> Verdict:
    """Look at the changed modules."""
    files = change.at_head(".py")
    if not files:
        return Verdict.not_applicable("no module changed")
    bad = [f for f in files if "# owner:" not in (change.head.read(f.path) or "")]
    findings = [Finding("names no owner", path=f.path, fix="add `# owner: NAME`") for f in bad]
    return Verdict.of_findings(findings, Evidence("every module names its owner"))
'''


def settings(extra: str) -> dict[str, str]:
    return PROJECT | {"pyproject.toml": PROJECT["pyproject.toml"] + extra}


def linted(repository: Repository) -> Report:
    return repository.check("--base", "HEAD", "--select", "lint")


def test_a_waiver_holds_until_it_expires(repository: Repository) -> None:
    repository.commit(settings(WAIVER.format(day="2999-01-01")))
    repository.write(UNUSED)
    found = item(linted(repository), "Linting")
    assert found.status is Status.WAIVED
    assert "goes with the next release" in found.summary
    repository.commit(settings(WAIVER.format(day="2001-01-01")))
    repository.write({"app.py": "import re\n" + PROJECT["app.py"]})
    assert item(linted(repository), "Linting").status is Status.FAIL


def test_a_waiver_of_the_change_itself_does_not_count(repository: Repository) -> None:
    repository.commit(settings("[tool.dodcheck]\n"))
    repository.write(settings(WAIVER.format(day="2999-01-01")) | UNUSED)
    assert item(linted(repository), "Linting").status is Status.FAIL


@pytest.mark.parametrize("missing", ["reason", "expires", "path", "rule"])
def test_every_part_of_a_waiver_is_required(missing: str) -> None:
    text = "\n".join(line for line in WAIVER.format(day="2999-01-01").splitlines() if not line.startswith(missing))
    with pytest.raises(ConfigError, match=r"^pyproject\.toml:\d+: "):
        load({"pyproject.toml": text}.get)


def test_an_item_can_be_waived(repository: Repository) -> None:
    waiver = WAIVER.format(day="2999-01-01").replace('rule = "lint"', 'item = "Linting passes"').replace("app.py", "**")
    repository.commit(settings(waiver))
    repository.write(UNUSED)
    assert item(linted(repository), "Linting").status is Status.WAIVED


def test_an_item_can_be_bound_by_hand(repository: Repository) -> None:
    definition = {"DOD.md": PROJECT["DOD.md"] + "- [ ] Ada is happy\n- [ ] Bob is <!-- dodcheck: lint --> happy\n"}
    repository.commit(settings('[tool.dodcheck.bind]\n"Ada is happy" = ["lint"]\n') | definition)
    repository.write(UNUSED)
    report = linted(repository)
    assert [item(report, name).status for name in ("Ada", "Bob")] == [Status.FAIL, Status.FAIL]


def test_a_rule_of_the_team_s_own(repository: Repository) -> None:
    definition = {"DOD.md": "# Done\n\n- [ ] Every module has an owner\n", "checks/owner.py": OWN_RULE}
    repository.commit(settings('[tool.dodcheck]\nrule-folders = ["checks"]\n') | definition)
    repository.write({"app.py": PROJECT["app.py"] + "\n"})
    ran = repository.run("check", "--base", "HEAD", "--fast", "--format", "json")
    found = item(msgspec.json.decode(ran.stdout, type=Report), "owner")
    assert found.status is Status.FAIL
    assert found.rules[0].findings[0].path == "app.py"
    assert "→ owner" in repository.run("rules", "--definition", "DOD.md").stdout


def test_a_change_cannot_alter_the_rule_that_judges_it(repository: Repository) -> None:
    definition = {"DOD.md": "# Done\n\n- [ ] Every module has an owner\n", "checks/owner.py": OWN_RULE}
    repository.commit(settings('[tool.dodcheck]\nrule-folders = ["checks"]\n') | definition)
    softer = OWN_RULE.replace("if not files:", "if True:")
    repository.write({"app.py": PROJECT["app.py"] + "\n", "checks/owner.py": softer})
    assert item(repository.check("--base", "HEAD", "--fast"), "owner").status is Status.FAIL


def test_a_crash_in_a_rule_is_an_error_of_that_rule_alone(repository: Repository) -> None:
    broken = OWN_RULE.replace(
        "    files = change.at_head", '    raise RuntimeError("boom")\n    files = change.at_head'
    )
    definition = {"DOD.md": PROJECT["DOD.md"] + "- [ ] Every module has an owner\n", "checks/owner.py": broken}
    repository.commit(settings('[tool.dodcheck]\nrule-folders = ["checks"]\n') | definition)
    repository.write({"app.py": PROJECT["app.py"] + "\n\nX = 1\n"})
    report = repository.check("--base", "HEAD", "--fast")
    found = item(report, "owner")
    assert found.status is Status.ERROR
    assert "rule owner crashed: RuntimeError: boom" in found.summary
    assert item(report, "Linting").status is Status.PASS
    assert report.verdict == "undecided"

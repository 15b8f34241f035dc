"""One run of ruff a side serves the code standards, and leaves out what the team leaves out."""

from conftest import Repository

from dodcheck.report import Report
from dodcheck.verdict import Status

DOD = "# Definition of Done\n\n- [ ] No `print()`, use logging\n- [ ] Prefer `pathlib` over `os.path`\n"
SETTINGS = "[lint]\nselect = ['E']\nignore = ['T20', 'PTH']\n[lint.per-file-ignores]\n'app/old/*' = ['T20']\n"
BASE = {"DOD.md": DOD, "ruff.toml": SETTINGS, "app/__init__.py": "", "app/old/__init__.py": ""}
JOIN = "import os\n\n\ndef at(d):\n    return os.path.join(d, 'x')\n"
PRINT = "def work(x):\n    print(x)\n"
FAST = ("--base", "HEAD", "--select", "logging,pathlib", "--fast")


def _told(report: Report) -> list[tuple[str | None, int | None, str | None]]:
    found = [one for item in report.items for rule in item.rules for one in rule.findings]
    return [(one.path, one.line, one.code) for one in found if one.level == "error"]


def _runs(report: Report) -> list[str]:
    return [run.cwd for run in report.runs if run.name == "ruff conventions"]


def test_the_document_goes_before_what_the_settings_select(repository: Repository) -> None:
    repository.commit(BASE)
    repository.write({"app/say.py": PRINT, "app/at.py": JOIN})
    report = repository.check(*FAST)
    assert _told(report) == [("app/say.py", 2, "T201"), ("app/at.py", 5, "PTH118")]
    assert sorted(_runs(report)) == ["head"]


def test_base_is_asked_once_and_only_for_findings(repository: Repository) -> None:
    repository.commit(BASE | {"app/at.py": JOIN, "app/say.py": PRINT})
    repository.write({"app/at.py": JOIN.replace("'x'", "'y'"), "app/say.py": PRINT + "    print(x)\n"})
    report = repository.check(*FAST)
    assert _told(report) == [("app/say.py", 3, "T201")]
    assert sorted(_runs(report)) == ["base", "head"]


def test_files_and_lines_that_the_team_leaves_out_stay_out(repository: Repository) -> None:
    repository.commit(BASE)
    excused = "def work(x):\n    print(x)  # noqa: T201 - what the notebook shows\n"
    repository.write({"app/old/say.py": PRINT, "app/new.py": excused})
    report = repository.check(*FAST)
    assert _told(report) == []
    assert [item.status for item in report.items if item.rules][:1] == [Status.PASS]


def test_a_change_without_a_telling_word_starts_no_run(repository: Repository) -> None:
    repository.commit(BASE | {"app/at.py": JOIN})
    repository.write({"app/at.py": JOIN + "\n\nX = 1\n"})
    report = repository.check(*FAST)
    assert _told(report) == []
    assert _runs(report) == []

"""Linting passes: ruff finds nothing in the changed files that base does not have.

A linter's findings are cheap to mend on the day they are made and never again.  ruff runs
with the settings of base, so that a change cannot loosen them for itself, and only what the
change brought counts: findings are matched by file (renames followed), symbol, code and
source line, never by line number.  The formatter blocks where the document names it or the
project configures it, and only for files that were formatted at base or are new.
"""

import json

from dodcheck.facts import Both, Change
from dodcheck.facts.runs.diagnostics import introduced
from dodcheck.facts.runs.lint_run import FormatRun, LintRun
from dodcheck.phrases import OTHER_LINTERS
from dodcheck.rule import Case, Evidence, Finding, Options, Status, Verdict, rule
from dodcheck.run import Ran


class LintOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        formatting: The formatter blocks even where the project does not configure it.
    """

    formatting: bool = False


def _said(path: str, line: int, code: str, message: str) -> Ran:
    place = {"row": line, "column": 1}
    found = {"filename": path, "location": place, "end_location": place, "code": code, "message": message, "fix": None}
    return Ran("ruff check", ("ruff", "check"), stdout=json.dumps([found]))


_UNUSED = ("F401", "`os` imported but unused")
_OLD = {"app.py": "import os\nx = 1\n"}
_MOVED = {"core/app.py": "\n\nimport os\nx = 1\n"}
_CLEAN = {"app.py": "x = 1\n"}
_UGLY = Ran("ruff format", ("ruff", "format", "--check"), exit=1, stdout="Would reformat: app.py\n")
_CONCISE = "{}: unformatted: File would be reformatted\n1 file would be reformatted\n"
_UGLY_NOW = Ran("ruff format", ("ruff", "format", "--check"), exit=1, stdout=_CONCISE.format("app.py:2:1"))
_UGLY_CELL = Ran("ruff format", ("ruff", "format", "--check"), exit=1, stdout=_CONCISE.format("a b.ipynb:cell 1:2:2"))
_UNREAD = Ran("ruff format", ("ruff", "format", "--check"), exit=1, stdout="1 file would be reformatted\n")
_SETTINGS = {"pyproject.toml": "[tool.ruff.format]\nquote-style = 'double'\n"}


_LINT = r"\blint(?:ing|er|ers|s)?\b"
_AND = r"(?:,| and| or|/| &| \+) ?"
_CONVENTIONS = r"\b(?:conventions|standards|style|guidelines)\b"


@rule(
    answers=[
        _LINT + r"(?:(?!\. |; ).)*\b(?:pass(?:es|ing|ed)?|clean|green|succeeds?)\b",
        r"\bpass(?:es|ing)? (?:the |all |our )*" + _LINT,
        _LINT + r"(?:(?!\. |; ).)*\bno (?:new )?(?:errors?|warnings?|issues?)\b",
        r"\b(?:no|zero) (?:new |open )?" + _LINT + r"[^.;]*\b(?:errors?|warnings?|issues?|violations?|findings?)\b",
        r"\bruff\b.*\b(?P<formatting>format(?:ting|ted|s)?)\b",
        _LINT + _AND + r"(?P<formatting>format(?:ting|ted)?)\b.*\b(?:pass(?:es)?|clean|green)\b",
        r"\b(?P<formatting>format(?:ting|ted)?)" + _AND + _LINT + r".*\b(?:pass(?:es)?|clean|green)\b",
        r"\bruff\b.*\b(?:pass(?:es)?|clean|lint(?:ing)?|check)\b",
        r"\blint(?:ing|ed)?\b[^.;]* (?:with|by|using) ruff\b",
        r"^(?:code (?:is )?)?(?:linted|lints? clean)\b",
        r"\bcode follows (?:the |our |all |agreed )*(?:project|team|coding|code|style|established)\b.*" + _CONVENTIONS,
    ],
    unless=[OTHER_LINTERS, r"\bnot\b"],
    cases=[
        Case(
            "a finding that the change brings fails",
            Status.FAIL,
            _CLEAN,
            _OLD,
            {"head ruff check": _said("app.py", 1, *_UNUSED)},
        ),
        Case("nothing found", Status.PASS, _OLD, _CLEAN),
        Case("no Python file changed", Status.NOT_APPLICABLE, _OLD, _OLD | {"README.md": "# app\n"}),
        Case(
            "an old finding in a file that moved is not the change's",
            Status.PASS,
            _OLD,
            _MOVED,
            {"base ruff check": _said("app.py", 1, *_UNUSED), "head ruff check": _said("core/app.py", 3, *_UNUSED)},
        ),
        Case(
            "a second finding of the same kind is new",
            Status.FAIL,
            _OLD,
            {"app.py": "import os\nimport sys\nx = 1\n"},
            {
                "base ruff check": _said("app.py", 1, *_UNUSED),
                "head ruff check": _said("app.py", 2, "F401", "`sys` imported but unused"),
            },
        ),
        Case(
            "an unformatted new file fails where the project formats with ruff",
            Status.FAIL,
            _SETTINGS,
            _SETTINGS | _CLEAN,
            {"head ruff format": _UGLY},
        ),
        Case(
            "an unformatted new file fails, in the words of ruff 0.17",
            Status.FAIL,
            _SETTINGS,
            _SETTINGS | _CLEAN,
            {"head ruff format": _UGLY_NOW},
        ),
        Case(
            "an unformatted cell of a new notebook fails",
            Status.FAIL,
            _SETTINGS,
            _SETTINGS | {"a b.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'},
            {"head ruff format": _UGLY_CELL},
        ),
        Case(
            "a formatter that would change files and names none is an error",
            Status.ERROR,
            _SETTINGS,
            _SETTINGS | _CLEAN,
            {"head ruff format": _UNREAD},
        ),
        Case(
            "an unformatted new file passes where nothing asks for formatting",
            Status.PASS,
            {},
            _CLEAN,
            {"head ruff format": _UGLY},
        ),
        Case(
            "an unformatted new file fails where the document asks for formatting",
            Status.FAIL,
            {},
            _CLEAN,
            {"head ruff format": _UGLY},
            {"formatting": True},
        ),
        Case(
            "a file that was never formatted may stay so",
            Status.PASS,
            _SETTINGS | _OLD,
            _SETTINGS | _CLEAN,
            {"head ruff format": _UGLY, "base ruff format": _UGLY},
        ),
    ],
    options=LintOptions,
)
def check(change: Change, lint: Both[LintRun], formats: Both[FormatRun], options: LintOptions) -> Verdict:
    """Compare what ruff says of both sides; base is asked only when head has findings."""
    ran = lint.head.ran
    if ran is None:
        return Verdict.not_applicable("no Python file changed")
    findings = _lint_findings(change, lint) + _format_findings(change, formats, options)
    count = len(change.at_head(".py", ".pyi", ".ipynb"))
    old = len(lint.head.diagnostics) - sum(f.code != "format" for f in findings)
    words = f"ruff finds nothing new in {count} changed file{'s' * (count != 1)}" + (f" ({old} older)" if old else "")
    note = (Evidence(ran.note, "setting"),) if ran.note else ()
    return Verdict.of_findings(
        findings, Evidence(words, "command", command=" ".join(ran.command[:3]) + f" (ruff {ran.version})"), *note
    )


def _lint_findings(change: Change, lint: Both[LintRun]) -> list[Finding]:
    if not lint.head.diagnostics:
        return []
    return [
        Finding(
            f"{new.code}: {new.message}",
            path=new.path,
            line=new.line,
            end_line=new.end_line,
            symbol=new.symbol,
            fix=new.fix or f"see `ruff rule {new.code}`",
            code=new.code,
        )
        for new in introduced(change, lint.base.diagnostics, lint.head.diagnostics)
    ]


def _format_findings(change: Change, formats: Both[FormatRun], options: LintOptions) -> list[Finding]:
    ugly = formats.head.unformatted
    if not ugly:
        return []
    enforced = options.formatting or formats.head.configured
    before = formats.base.unformatted
    return [
        Finding(
            "not formatted as `ruff format` does",
            path=file.path,
            fix=f"ruff format {file.path}",
            code="format",
            level="error" if enforced and file.base_path not in before else "note",
        )
        for file in change.files
        if file.path in ugly
    ]

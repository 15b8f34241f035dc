"""Type checking passes: mypy reports nothing at head that it does not report at base.

mypy runs over the whole project, not over the changed files, because a changed signature
breaks its callers elsewhere.  It runs with the settings of base.  A module that mypy cannot
find or that has no stubs is a matter of the environment and only a warning; so is a kind of
error that a file has already, in a project whose settings do not say what mypy checks.
"""

import json

from dodcheck.facts import Both, Change
from dodcheck.facts.runs.diagnostics import introduced
from dodcheck.facts.runs.lint_run import SUFFIXES
from dodcheck.facts.runs.type_run import TypeRun, TypeSettings
from dodcheck.phrases import OTHER_TYPE_CHECKERS
from dodcheck.rule import Case, Evidence, Finding, Options, Status, Verdict, rule
from dodcheck.run import Ran

_ENVIRONMENT = {"import-untyped", "import-not-found", "import"}


class TypesOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        stated: The document names type checking, so that it runs without settings of the project.
    """

    stated: bool = False


def _said(path: str, line: int, code: str, message: str) -> Ran:
    found = {"file": path, "line": line, "column": 0, "message": message, "hint": None, "code": code}
    return Ran("mypy", ("mypy",), exit=1, stdout=json.dumps(found | {"severity": "error"}) + "\n")


_SETTINGS = {"pyproject.toml": "[tool.mypy]\nstrict = true\n"}
_OLD = _SETTINGS | {"app.py": "x: int = 1\n"}
_NEW = _SETTINGS | {"app.py": "x: int = 2\n"}
_CALLER = {"user.py": "from app import x\ny: str = x\n"}
_WRONG = ("assignment", "Incompatible types in assignment")


_CLEAN = r"\b(?:pass(?:es|ing)?|clean|green|succeeds?|(?:no|zero) (?:new )?errors?)\b"


@rule(
    answers=[
        r"\b(?P<stated>mypy|type[- ]?check(?:s|ing|er|ed)?)\b.*" + _CLEAN,
        r"\b(?:no|zero) (?:new )?(?P<stated>mypy|type[- ]?check(?:ing|er)?|typing|type)[ -]errors?\b",
        r"\b(?:use|run)\b.*\b(?P<stated>mypy)\b",
        r"^(?:code (?:is )?)?(?P<stated>type[- ]?checked)\b",
        r"\bcode follows (?:the )?(?:project|team|our|coding)\b.*\b(?:conventions|standards|style)\b.*\blint",
    ],
    unless=[OTHER_TYPE_CHECKERS],
    cases=[
        Case(
            "an error that the change brings fails", Status.FAIL, _OLD, _NEW, {"head mypy": _said("app.py", 1, *_WRONG)}
        ),
        Case("no error at head", Status.PASS, _OLD, _NEW),
        Case("no Python file changed", Status.NOT_APPLICABLE, _OLD, _OLD | {"README.md": "# app\n"}),
        Case(
            "an error that base has too is not the change's",
            Status.PASS,
            _OLD,
            _NEW,
            {"head mypy": _said("app.py", 1, *_WRONG), "base mypy": _said("app.py", 1, *_WRONG)},
        ),
        Case(
            "an error in an unchanged importer fails",
            Status.FAIL,
            _OLD | _CALLER,
            _NEW | _CALLER,
            {"head mypy": _said("user.py", 2, *_WRONG)},
        ),
        Case(
            "a missing stub package only warns",
            Status.PASS,
            _OLD,
            _NEW,
            {"head mypy": _said("app.py", 1, "import-untyped", "no stubs")},
        ),
        Case(
            "a project without mypy settings is left alone",
            Status.NOT_APPLICABLE,
            {"app.py": "x = 1\n"},
            {"app.py": "x = 2\n"},
        ),
        Case(
            "a document that names mypy has it run without settings",
            Status.PASS,
            {"app.py": "x = 1\n"},
            {"app.py": "x = 2\n"},
            {},
            {"stated": True},
        ),
    ],
    options=TypesOptions,
)
def check(change: Change, types: Both[TypeRun], settings: TypeSettings, options: TypesOptions) -> Verdict:
    """Compare what mypy says of both sides; base is asked only when head has errors."""
    if not any(file.path.endswith(SUFFIXES) for file in change.files):
        return Verdict.not_applicable("no Python file changed")
    if settings.file is None and not options.stated:
        return Verdict.not_applicable("the project has no mypy settings")
    ran = types.head.ran
    new = introduced(change, types.base.diagnostics, types.head.diagnostics) if types.head.diagnostics else []
    usual = set() if settings.names_targets else {(old.path, old.code) for old in types.base.diagnostics if new}
    findings = [
        Finding(
            one.message,
            path=one.path,
            line=one.line,
            symbol=one.symbol,
            fix=one.fix or f"see mypy's error code `{one.code}`",
            code=one.code,
            level="warning" if one.code in _ENVIRONMENT or (one.path, one.code) in usual else "error",
        )
        for one in new
    ]
    old = len(types.head.diagnostics) - len(new)
    words = "mypy reports no error" + (" that base has not" if old else "") + (f" ({old} older)" if old else "")
    note = (Evidence(ran.note, "setting"),) if ran.note else ()
    shown = " ".join(ran.command) + f" (mypy {ran.version})"
    return Verdict.of_findings(findings, Evidence(words, "command", command=shown), *note)

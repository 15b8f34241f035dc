"""Which way a number of a tool's settings is weaker: limits of length and complexity, floors of coverage."""

import re
from collections.abc import Iterator, Mapping

from dodcheck.facts.policy.weighing import FLOORS, Level, Weighing, selection, stated
from dodcheck.verdict import Finding

_DEFAULTS: Mapping[str, float] = {
    "ruff.line_length": 88, "flake8.max_line_length": 79, "pylint.max_line_length": 100, "threshold": 0,
    "coverage.report.fail_under": 0, "interrogate.fail_under": 80, "ruff.mccabe.max_complexity": 10, "max_args": 5,
    "max_branches": 12, "max_returns": 6, "max_statements": 50, "max_locals": 15, "max_bool_expr": 5,
    "max_nested_blocks": 5, "max_positional_args": 5, "max_public_methods": 20,
}  # fmt: skip
# What measures a limit of ruff: where base selects no such code, the limit steers the formatter, or nothing.
_MEASURED = {
    "line_length": "E501", "max_line_length": "E501", "max_doc_length": "W505", "max_complexity": "C901",
    "max_args": "PLR0913", "max_branches": "PLR0912", "max_returns": "PLR0911", "max_statements": "PLR0915",
    "max_locals": "PLR0914", "max_bool_expr": "PLR0916", "max_nested_blocks": "PLR1702",
    "max_positional_args": "PLR0917", "max_public_methods": "PLR0904",
}  # fmt: skip


def limit_weighed(weighing: Weighing, key: str, *, sign: int, level: Level = "error") -> Iterator[Finding]:
    """Compare a number.

    Args:
        weighing: The settings on both sides.
        key: The setting.
        sign: 1 where more is weaker, -1 where less is.
        level: How grave a weaker one is.
    """
    was, now = (_number(side.get(key, _default(weighing, side, key))) for side in (weighing.base, weighing.head))
    if was == now:
        return
    last = key.rpartition(".")[2]
    measured = _MEASURED.get(last) if weighing.tool == "ruff" else None
    if measured and not selection("ruff", weighing.base).takes(measured):
        words = f"{weighing.moved(key)}; base selects nothing that measures it ({measured})"
        yield weighing.said("note", key, words, code="threshold")
    elif was is None:
        yield weighing.said("note", key, f"{weighing.moved(key)}, a limit that base did not have", code="threshold")
    elif _stands_elsewhere(weighing, last, was, now, sign):
        yield weighing.said("note", key, f"{weighing.moved(key)}, as stated elsewhere", code="threshold")
    elif now is None:
        yield weighing.said(level, key, f"the limit of {was:g} is gone", code="threshold")
    else:
        weaker = (now - was) * sign > 0
        words = f"{was:g} → {now:g} is a {'weaker' if weaker else 'stricter'} limit"
        yield weighing.said(level if weaker else "note", key, words, f"{now:g}", code="threshold")


def _default(weighing: Weighing, values: Mapping[str, object], key: str) -> object:
    last = key.rpartition(".")[2]
    if (weighing.tool, last) == ("ruff", "max_line_length"):
        return values.get("line_length", _DEFAULTS["ruff.line_length"])
    return next((_DEFAULTS[name] for name in (f"{weighing.tool}.{key}", last) if name in _DEFAULTS), None)


def _number(value: object) -> float | None:
    found = re.match(r"-?\d+(\.\d+)?", str(value))
    return float(found[0]) if found and not isinstance(value, bool) else None


def _stands_elsewhere(weighing: Weighing, key: str, was: float, now: float | None, sign: int) -> bool:
    """Tell whether a floor is still asked for in another place, or a ceiling was that high in a command of base."""
    if sign < 0:
        covers = weighing.tool in {"coverage", "codecov"} and was > 0
        return covers and any(one >= was for one in stated(weighing.files.policy_texts(), *FLOORS))
    option = f"--{key.replace('_', '-')}"
    return now is not None and now > was and now in stated(weighing.files.policy_texts(base=True), option)

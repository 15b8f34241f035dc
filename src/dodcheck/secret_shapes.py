r"""Secrets that a report must not show: by their well-known shapes, by what they are assigned to, by their variables.

Shapes: the rules of gitleaks (https://github.com/gitleaks/gitleaks, config/gitleaks.toml) for services that Python
projects use, as far as a shape alone is certain, and detect-secrets' keyword rule for assignments
(https://github.com/Yelp/detect-secrets).  A report is searched at each run, so every shape has a mark, a part that
stands in each of its matches: a pattern is compiled where its mark is found.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from dodcheck.patterns import pattern

HIDDEN = "***"
_LEAST = 8  # characters of a variable's value that is looked for
_WORDS = "secret|passw(?:or)?d|token|api_?key|access_?key|private_?key|credential"
_NAMED = pattern(_WORDS, re.IGNORECASE)
_NAME = rf"[\w.-]{{0,40}}(?:{_WORDS})[\w.-]{{0,40}}"


class _Shape(NamedTuple):
    """Marks in lower case, one of which stands in each match; its group `secret` is hidden, or else all of it."""

    marks: tuple[str, ...]
    found: re.Pattern[str]


_TOKENS = (  # how one begins, and how it goes on
    ("AKIA", r"[A-Z2-7]{16}\b"),
    ("ASIA", r"[A-Z2-7]{16}\b"),
    ("ghp_", "[A-Za-z0-9]{36,}"),
    ("gho_", "[A-Za-z0-9]{36,}"),
    ("ghs_", "[A-Za-z0-9]{36,}"),
    ("ghu_", "[A-Za-z0-9]{36,}"),
    ("ghr_", "[A-Za-z0-9]{36,}"),
    ("github_pat_", r"\w{36,}"),
    ("glpat-", r"[\w-]{20,}"),
    ("xox", r"[abeoprs]-[\w-]{10,}"),
    ("xapp-", r"[\w-]{10,}"),
    ("hooks.slack.com/", r"(?:services|workflows|triggers)/(?P<secret>[\w/+-]{20,})"),
    ("sk_", "(?:live|test|prod)_[A-Za-z0-9]{10,}"),
    ("rk_", "(?:live|test|prod)_[A-Za-z0-9]{10,}"),
    ("sk-", r"(?:proj-|ant-|svcacct-|admin-)?(?=[\w-]*\d)[\w-]{20,}"),
    ("AIza", r"[\w-]{35}"),
    ("GOCSPX-", r"[\w-]{28}"),
    ("hf_", "[A-Za-z]{34,}"),
    ("pypi-AgE", r"[\w-]{50,}"),
    ("npm_", "[A-Za-z0-9]{36}"),
    ("SG.", r"[\w-]{22}\.[\w-]{43}"),
    ("dapi", "[a-f0-9]{32}"),
    ("dop_v1_", "[a-f0-9]{64}"),
    ("eyJ", r"[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
)
_ASSIGNED = ("secret", "passw", "token", "api_key", "apikey", "access_key", "accesskey", "private_key", "credential")
_KEY = r"-----BEGIN[ A-Z0-9]*PRIVATE KEY(?: BLOCK)?-----(?P<secret>.+?)(?:-----END|\Z)"
_IN_CODE = (  # letters and digits in quotation marks
    rf"\b{_NAME}\\?['\"]?(?:\s*:[^=\n'\"]*=|\s*[:=])\s*[bru]?(?P<quote>['\"])"
    r"(?=[^'\"\s]*\d)(?=[^'\"\s]*[A-Za-z])(?P<secret>[^'\"\s<>{}\[\]$]{12,})(?P=quote)"
)
_IN_SETTINGS = (  # all of a line, and neither a call nor a name
    rf"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?{_NAME}[ \t]*[:=][ \t]*"
    r"(?=\S*[\d/+!-])(?![\d_.e+-]+[ \t]*$)(?P<secret>[^\s'\"()<>{}\[\]$,;#]{8,})[ \t]*$"
)
_SHAPES = (
    *(_Shape((start.lower(),), pattern(rf"\b{re.escape(start)}{rest}")) for start, rest in _TOKENS),
    _Shape(("://",), pattern(r"[a-z][a-z0-9+.-]*://[^\s/:@'\"]*:(?P<secret>[^\s/@'\"{}]+)@", re.IGNORECASE)),
    _Shape(("://",), pattern(r"[a-z][a-z0-9+.-]*://(?P<secret>[^\s/:@'\"{}]{20,})@", re.IGNORECASE)),
    _Shape(("private key",), pattern(_KEY, re.DOTALL)),
    _Shape(_ASSIGNED, pattern(_IN_CODE, re.IGNORECASE)),
    _Shape(_ASSIGNED, pattern(_IN_SETTINGS, re.IGNORECASE | re.MULTILINE)),
)


def hidden(text: str, variables: Mapping[str, str] = os.environ) -> str:
    """Return a text with `***` for what looks like a secret in it, or is the value of a secret variable.

    Its lines stay where they are.

    Args:
        text: Any text.
        variables: Those of the environment.
    """
    hide = hiding(text, variables)
    return hide(text) if hide else text


def hiding(whole: str, variables: Mapping[str, str] = os.environ) -> Callable[[str], str] | None:
    """Return what hides secrets in each part of a text as `hidden` does; None where there can be none.

    Args:
        whole: The parts, for instance as JSON.
        variables: Those of the environment.
    """
    low = whole.lower()
    shapes = [one.found for one in _SHAPES if any(mark in low for mark in one.marks)]
    values = [
        one for one in _values(variables) if one in whole or one.replace("\\", r"\\").replace('"', r"\"") in whole
    ]

    def hide(text: str) -> str:
        for shape in shapes:
            text = shape.sub(_without, text)
        for value in values:
            text = text.replace(value, HIDDEN)
        return text

    return hide if shapes or values else None


def _without(match: re.Match[str]) -> str:
    name = "secret" if "secret" in match.re.groupindex else 0
    start, end = match.start(name) - match.start(), match.end(name) - match.start()
    lines = "\n".join([HIDDEN] * (match[name].count("\n") + 1))
    return f"{match[0][:start]}{lines}{match[0][end:]}"


def _values(variables: Mapping[str, str]) -> Iterator[str]:
    """Yield the values of variables that are called like a secret; a path or a word is none."""
    for name, value in variables.items():
        if len(value) >= _LEAST and not value.startswith(("/", "~")) and not value.isalpha() and _NAMED.search(name):
            yield value

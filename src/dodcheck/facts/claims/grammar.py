"""The words by which authors claim something."""

import re
from typing import Literal

ClaimKind = Literal[
    "path",
    "test",
    "tests-pass",
    "test-count",
    "tests-added",
    "docs-updated",
    "no-dependencies",
    "compatible",
    "coverage",
]
Manner = Literal["added", "changed", "removed", "cited", "named"]

_SUFFIX = (
    r"(?:py|pyi|pyx|ipynb|md|rst|adoc|toml|ya?ml|json|cfg|ini|txt|sh|sql|html|css|scss|jsx?|tsx?|vue|go|rs|java|kt|rb|c|h"
    r"|cc|cpp|hpp|feature|proto|j2|xml|log|csv|lock)"
)
PATH = re.compile(rf"(?<![\w/.:@~$<{{*-])(?:\.{{0,2}}/)?(?:[\w.+-]+/)*[\w.+-]*\w\.{_SUFFIX}(?![\w/*{{]|\.\w)")
TWO_FILES = re.compile(rf"\.{_SUFFIX}/")  # "pyproject.toml/uv.lock" names two files
TEST = re.compile(r"(?<![\w./])((?:[\w./-]+\.py::)?(?:\w+::)?test_\w+)\b(?!\.\w|/|\(|\*)")
UNSAID = re.compile(r"^(```|~~~).*?^\1.*?$|^\s*>.*?$|\b[a-z]+://\S+|\bwww\.\S+", re.MULTILINE | re.DOTALL)


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


MANNERS: tuple[tuple[Manner, re.Pattern[str]], ...] = (
    ("removed", _any_case(r"\b(?:remov|delet|dropp?|renam|mov|replac|gone|no longer|instead of|obsolete|old)\w*\b")),
    ("added", _any_case(r"\b(?:add(?:s|ed)?|creat(?:e|es|ed)|new|introduc(?:e|es|ed)|wrote|written)\b")),
    (
        "changed",
        _any_case(r"\b(?:updat(?:e|es|ed)|modif(?:y|ies|ied)|chang(?:e|es|ed)|edit(?:s|ed)?|extend(?:s|ed)?)\b"),
    ),
    (
        "cited",
        _any_case(r"\b(?:see|proof|evidence|results? (?:in|are in)|shown (?:by|in)|attached|log(?:s|ged)? in)\b"),
    ),
)
_COUNT = r"(?P<number>\d{1,6})"
_SOME = r"(?:new |unit |integration |regression |more |some |\d+ )*"
_WHOLE = r"(?:all|every|the (?:whole|full|entire|existing)|existing)"
STATEMENTS: tuple[tuple[ClaimKind, re.Pattern[str]], ...] = (
    (
        "test-count",
        _any_case(rf"\b{_COUNT}(?: unit| integration)? tests? (?:are )?(?:pass(?:ed|es|ing)?|green)\b"),
    ),
    ("test-count", _any_case(rf"(?<![\w.]){_COUNT} passed\b")),
    (
        "tests-pass",
        _any_case(
            rf"\b{_WHOLE} (?:\w+ ){{0,2}}(?:tests?|suite)(?: suite)? (?:(?:still|now|are|is) )*"
            r"(?:pass(?:es|ed|ing)?|green|succeeds?)\b"
        ),
    ),
    ("tests-added", _any_case(rf"\b(?:add(?:s|ed)?|wrote|includes?|with) {_SOME}tests?\b(?! suite)")),
    (
        "docs-updated",
        _any_case(
            r"\b(?:updat(?:es|ed)|extend(?:s|ed)|wrote|adds?|added) (?:the )?"
            r"(?:docs?|documentation|readme|user guide)\b"
        ),
    ),
    ("no-dependencies", _any_case(r"\b(?:no|without) (?:any )?(?:new|additional|added|extra) dependenc(?:y|ies)\b")),
    ("compatible", _any_case(r"\b(?:fully )?backwards?[- ]compatible\b|\bno breaking changes?\b|\bnon-breaking\b")),
    ("coverage", _any_case(r"\bcoverage\b[^.\n]{0,30}?\b(?P<number>\d{1,3}(?:\.\d+)?) ?%")),
)
UNSURE = _any_case(
    r"\b(?:not|n't|cannot|should|will|would|todo|must|may|might|if|unless|until|when|once|need(?:s|ed)? to|want|plan"
    r"|could|make sure|ensure|so that)\b[^.;]*$"
)
BY_HEADING: tuple[tuple[str, Manner], ...] = (("modified", "changed"), ("changed", "changed"), ("created", "added"))

"""No auto-generated mocks: the change builds no mock from the real object; fakes are written by hand.

A mock that is generated from the object it replaces repeats the interface, never the behaviour,
and lets a test pass that proves nothing.  Coding agents reach for mocks more often than people
do (36 % against 26 % of the commits that touch tests, arXiv:2602.00409).  Names are resolved
through imports, aliases, functools.partial, pytest fixtures and re-exports of the project;
Dart is read without its strings and comments.  Mocks that base already has are left alone,
wherever the change moves them.
"""

from collections.abc import Mapping
from typing import Literal

from dodcheck.facts import Both, Change
from dodcheck.facts.mocks.mock_use import AUTOSPECS, Kind, MockUse, MockUses, introduced
from dodcheck.roles import TESTS
from dodcheck.rule import Concern, Evidence, Finding, Options, Verdict, rule


class AutoMockOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        level: `autospec` refuses mocks built from the real object; `auto` also asks a person
            about mocks that invent every attribute (MagicMock, patch without `new`).
    """

    level: Literal["autospec", "auto"] = "autospec"


_BAN = r"\b(?:no|not|never|avoid\w*|forbid\w*|ban(?:s|ned)?|don't|doesn't|mustn't|cannot|instead of|rather than)\b"
_ON = r"(?:(?!\b(?:without|unless|except|missing|lacking)\b)(?:[^.;]|\.(?=\w))){0,120}?"  # inside the sentence
_DOUBLE = r"\b(?:mock|fake|stub|spy|spies|double)"
_AUTO = r"(?:\bauto(?:matically)?[- ]?(?:generat|creat|built|made|mock)\w*|\b(?:generat|creat)ed automatically)"
_AUTOSPEC = r"(?:\bcreate_|\b)auto[- ]?spec\w*(?!\s*=\s*(?:false|none))"
_HAND = r"hand[- ]?(?:written|made|rolled)"
_FIX = (
    "write a fake by hand with what the test needs; put it in place by argument, monkeypatch or patch(..., new=FakeX())"
)
_DART_FIX = "write the mock or fake class by hand (class FakeFoo implements Foo), and drop the generated file"


@rule(
    answers=[
        rf"{_BAN}{_ON}{_AUTO}(?<=mock)",
        rf"{_BAN}{_ON}{_AUTO}(?<=mocks)",
        rf"{_BAN}{_ON}{_AUTO}{_ON}{_DOUBLE}",
        rf"{_DOUBLE}\w*\b{_ON}{_BAN}{_ON}{_AUTO}",
        rf"{_BAN}{_ON}{_AUTOSPEC}",
        rf"{_BAN}{_ON}(?:generate(?:nice)?mocks\b|\bgenerated (?:test )?{_DOUBLE})",
        rf"^(?!.*{_BAN}).*\bwithout {_AUTOSPEC}",
        rf"{_AUTOSPEC}{_ON}\b(?:forbidden|banned|prohibited|disallowed)\b",
        rf"^(?!.*{_BAN}.*\b(?:hand|manual)).*\b(?:{_HAND}|manual(?:ly written)?) {_ON}{_DOUBLE}",
        rf"{_DOUBLE}s?\b{_ON}\b(?:are|is|must be) (?:{_HAND}|(?:written|made) (?:by hand|manually))",
    ],
    cases="_no_auto_mocks_cases",
    concern=Concern(
        r"\.py$",
        r"autospec|[mM]ock|\bspec(_set)?\b",
        "no changed file has to do with mocks",
        whole=rf"\.dart$|{TESTS}",
    ),
    options=AutoMockOptions,
)
def check(change: Change, uses: Both[MockUses], options: AutoMockOptions) -> Verdict:
    """Match the mocks of head with those of base; base is read only when head has any."""
    if not uses.head.read:
        return Verdict.not_applicable("the change leaves no Python or Dart file that could hold a mock")
    kinds: tuple[Kind, ...] = (*AUTOSPECS, "auto") if options.level == "auto" else AUTOSPECS
    found = introduced(change, uses, kinds)
    certain = [_finding(use, "error") for use in found.new if use.kind in {"autospec", "generated"}]
    unclear = [_finding(use, "warning") for use in found.new if use.kind in {"unclear", "auto"}]
    first = {(use.path, use.form): use for use in reversed(found.new) if use.kind == "wrapped"}  # one for all users
    mild = [_finding(use, "warning") for use in reversed(first.values())]
    mild += [_altered(use) for use in found.altered]
    seen = _seen(uses.head, sum(use.kind in AUTOSPECS for use in found.new))
    if certain:
        words = certain[0].message if len(certain) == 1 else f"{len(certain)} new auto-generated mocks"
        return Verdict.failed(*certain, *unclear, summary=words, evidence=[seen])
    if unclear:
        return Verdict.needs_review(f"a person must judge: {unclear[0].message}", seen, findings=[*unclear, *mild])
    return Verdict.passed(seen, findings=mild)


def _finding(use: MockUse, level: Literal["error", "warning"]) -> Finding:
    messages: Mapping[Kind, str] = {
        "autospec": f"{use.form} generates {_of(use)} from the real object",
        "generated": f"{use.form}: {use.target}",
        "unclear": f"{use.form} may generate {_of(use)} from the real object: only a run can tell",
        "wrapped": f"{use.form} returns a mock that is generated from the real object",
        "auto": f"{use.form} invents whatever is asked of {_of(use)}",
    }
    return Finding(
        messages[use.kind],
        path=use.path,
        line=use.line,
        end_line=use.end_line,
        symbol=use.symbol or None,
        fix=_DART_FIX if use.path.endswith(".dart") else _FIX,
        code=use.kind,
        level=level,
    )


def _of(use: MockUse) -> str:
    return f"a mock of {use.target}" if use.target else "a mock"


def _altered(use: MockUse) -> Finding:
    return Finding(
        f"{use.form} still generates a mock here, now {_of(use)}",
        path=use.path,
        line=use.line,
        end_line=use.end_line,
        symbol=use.symbol or None,
        fix=_FIX,
        code="retargeted",
        level="warning",
    )


def _seen(head: MockUses, new: int) -> Evidence:
    uses = head.uses()
    old = sum(use.kind in AUTOSPECS for use in uses) - new
    files, mocks = len(head.read), len(uses)
    words = f"{files} changed file{'s' * (files != 1)} read, {mocks} mock construction{'s' * (mocks != 1)} seen"
    return Evidence(words + (f", {old} of them generated at base already" if old > 0 else ""), "file")

"""Public functions that are new or changed have type hints.

Callers of a library, their editors and their type checkers see what the signature says and nothing else; a
function without hints is `Any` to all of them, and mypy does not even look into its body.  So every parameter
and the return of a public function need an annotation, a `# type:` comment or an entry in a stub.

Public is what `__all__` lists, else what has no underscore on the way to it, and whatever a public package
or module imports for others (pyright's `--verifytypes` draws the same line).  What was missing at base
does not block: of 667 public functions that people added in reviewed changes 61 % lack hints, so old code is
full of it.  Whether the hints are true is for the type checker (rules `types` and `lint`).
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Literal

from dodcheck.facts import Both
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.parsing import expression
from dodcheck.facts.code.public_functions import PublicFunction, PublicFunctions, PublicLambda
from dodcheck.facts.code.type_gaps import RETURN, TypeGaps, carried_over
from dodcheck.rule import Concern, Evidence, Finding, Options, Verdict, rule

_ANYTHING = {"Any", "object"}
_OTHER_LANGUAGES = r"(?!.*\b(typescript|javascript|flow|jsdoc|php|ruby|dart|kotlin|swift)\b)"
_SHAPES = r"(?!.*\b(tensors?|shapes?)\b)"  # hints in docstrings are another rule's
_CALLABLES = r"(functions?|methods?|signatures?|(public|exported) (apis?|interfaces?|code|modules?|classes|surface))"
_SIGNATURE_IS_GIVEN = {"override", "field_validator", "model_validator", "validator", "field_serializer"}
_SHOWN = 3
_WIDTH = 160


class TypeHintsOptions(Options, frozen=True):
    """Settings of `type-hints`.

    Args:
        public: `exported` reads `__all__` and what public modules import; `underscore` looks at names alone.
    """

    public: Literal["exported", "underscore"] = "exported"


@rule(
    answers=[
        rf"^{_OTHER_LANGUAGES}{_SHAPES}.*\b(type|typing)[ -]?(hint(s|ed|ing)?|annotat(ed|ions?))\b",
        rf"^{_OTHER_LANGUAGES}(?!.*\bdoc).*\b{_CALLABLES}\b[^.;]*\b(is|are|be|been|stays?|remains?) (\w+ )?typed\b",
        rf"^{_OTHER_LANGUAGES}(?!.*\bdoc).*\b{_CALLABLES}\b[^.;]*\bannotated\b(?! with (?!types?\b))",
        (
            rf"^{_OTHER_LANGUAGES}(?!.*\bdoc).*\b{_CALLABLES} (have|has|carry|declare|state)\b[^.;]*"
            r"\b(parameter|argument|input|return|explicit|full|complete|precise|static)\b[^.;]*\btypes?\b(?!-)"
        ),
        rf"^{_OTHER_LANGUAGES}.*\btypes? (on|for) ((all|every|each|any|new|changed|the) )*(public )?{_CALLABLES}",
        rf"^{_OTHER_LANGUAGES}.*\b(fully|completely|statically)[ -](typed|annotated)\b(?! with)",
    ],
    cases="_type_hints_cases",
    scope="commit",
    concern=Concern(r"\.pyi?$", "", "no public function is new or changed"),
    options=TypeHintsOptions,
)
def check(public: PublicFunctions, gaps: Both[TypeGaps], options: TypeHintsOptions) -> Verdict:
    """Judge what lacks a hint at head and was no gap of a public function at base."""
    by_name_alone = options.public == "underscore"
    found = list(public.all(by_name_alone=by_name_alone))
    judged = [one for one in found if one.change.altered or not one.was_public or _new_gaps(one, gaps)]
    lambdas = [_lambda(one) for one in public.lambdas(by_name_alone=by_name_alone)]
    doubts = list(_anything(judged))
    findings = [*_untyped(judged, gaps), *_unparsable(judged), *doubts, *lambdas]
    left_out = [Evidence(f"not judged: {path} says that a program wrote it", "file", path) for path in public.generated]
    if not judged:
        return Verdict.not_applicable("no public function is new or changed", *left_out, findings=findings)
    shown = [_seen(one.change.head) for one in judged[:_SHOWN]]
    if doubts and len(doubts) + len(lambdas) == len(findings):
        return Verdict.needs_review(doubts[0].message, *shown, *left_out, findings=findings)
    debts = [one for one in judged if gaps.head.of_function(one.change.head)]
    words = f"{len(judged)} public function{'s' * (len(judged) != 1)} new or changed, none lacks a hint that it owes"
    words += f" ({len(debts)} lacked some at base already)" if debts else ""
    return Verdict.of_findings(findings, Evidence(words, "symbol"), *shown, *left_out)


def _seen(function: Function) -> Evidence:
    text = next(line for line in function.signature.text.split("\n") if "def " in line)
    return Evidence(text[:_WIDTH].rstrip(":"), "symbol", function.path, function.line, function.name)


def _new_gaps(one: PublicFunction, gaps: Both[TypeGaps]) -> list[str]:
    head = one.change.head
    missing = gaps.head.of_function(head)
    base = one.change.base if missing else None
    if base is None or not one.was_public:
        return list(missing)
    known = carried_over(gaps.base.of_function(base), base, head)
    return [name for name in missing if name not in known]


def _untyped(judged: Sequence[PublicFunction], gaps: Both[TypeGaps]) -> Iterator[Finding]:
    for one in judged:
        missing = _new_gaps(one, gaps)
        if missing:
            words = [f"`{name}`" for name in missing if name != RETURN]
            words += ["the return value"] if RETURN in missing else []
            listed = " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
            problem = f"has no type hint for {listed}: callers and type checkers take it for Any"
            yield _finding(one.change.head, problem, _fix(one.change.head, missing), "untyped")


def _fix(function: Function, missing: Sequence[str]) -> str:
    result = "`-> None`"
    if function.is_generator:
        result = "`-> AsyncIterator[…]`" if function.is_async else "`-> Iterator[…]`"
    elif function.returns_value or function.is_placeholder:
        result = "`-> …`"
    parameters = [f"`{name}: …`" for name in missing if name != RETURN]
    return "annotate " + ", ".join([*parameters, *([result] if RETURN in missing else [])])


def _unparsable(judged: Sequence[PublicFunction]) -> Iterator[Finding]:
    for one in judged:
        head = one.change.head
        texts = [*(p.annotation for p in head.arguments), head.signature.returns]
        for text in filter(None, texts):
            if text[0] in "'\"" and not _is_expression(text) and one.change.signature_changed:
                yield _finding(head, f"has a hint that is no type: {text}", "write the type as Python", "unparsable")


def _is_expression(quoted: str) -> bool:
    try:
        expression(ast.literal_eval(expression(quoted)).strip())
    except (SyntaxError, ValueError):
        return False
    return True


def _anything(judged: Sequence[PublicFunction]) -> Iterator[Finding]:
    for one in judged:
        head = one.change.head
        if _takes_anything(head) and not _took_anything(one):
            fix = "name the types, or explain why the function takes anything"
            yield _finding(head, "takes Any for every parameter: hints in name only?", fix, "any", "warning")


def _took_anything(one: PublicFunction) -> bool:
    base = one.change.base
    return base is not None and one.was_public and _takes_anything(base)


def _takes_anything(function: Function) -> bool:
    """Tell whether all hints are Any; one Any in and a real type out is an honest converter or check."""
    given = {name.rpartition(".")[2] for name in function.decorators}
    fixed = function.node.name.startswith("__") or bool(given & _SIGNATURE_IS_GIVEN)
    plain = [p for p in function.arguments if not p.kind.startswith("var-")]
    telling = len(plain) > 1 or _is_anything(function.signature.returns)
    return bool(plain) and telling and not fixed and all(_is_anything(p.annotation) for p in function.arguments)


def _is_anything(hint: str | None) -> bool:
    return (hint or "").rpartition(".")[2] in _ANYTHING


def _lambda(one: PublicLambda) -> Finding:
    return Finding(
        f"public `{one.name}` is a lambda, which cannot carry type hints",
        path=one.path,
        line=one.line,
        symbol=one.name,
        fix="write it as a `def` with hints, or annotate the name with `Callable[…]`",
        code="lambda",
        level="warning",
    )


def _finding(
    function: Function, problem: str, fix: str, code: str, level: Literal["error", "warning"] = "error"
) -> Finding:
    return Finding(
        f"public `{function.name}` {problem}",
        path=function.path,
        line=function.line,
        symbol=function.name,
        fix=fix,
        code=code,
        level=level,
    )

"""Machine-learning code has type hints, and says what shape its tensors and arrays have.

`torch.Tensor` tells a caller nothing: whether batches come first, whether there is a channel axis, whether a result
was averaged.  A wrong guess often broadcasts into a number instead of an error.  So every tensor and array that a new
or changed public function of a module with machine-learning code takes or gives has its shape in the docstring, of the
function or of its class (`(B, T, C)`, `[N, 3]`, "scalar", NumPy's "of shape (n_samples,)"), or in its type, as
jaxtyping, nptyping and `Annotated` write it; and every parameter has a type hint (PEP 484), or nobody knows that it is
a tensor.

Shapes that stand in comments alone are where no caller looks; whether they are enough is for a person to judge, and so
is a method that may override one of another project.  What base left open too does not block, and neither do methods
that override the project's own, private functions, tests, examples and the columns of tables.
"""

from collections.abc import Iterator, Sequence

from dodcheck.facts.code.type_gaps import RETURN
from dodcheck.facts.ml.frameworks import Frameworks
from dodcheck.facts.ml.tensor_shapes import TensorFunction, TensorFunctions
from dodcheck.rule import Concern, Evidence, Finding, Verdict, rule

_SHOWN = 3


@rule(
    answers=[
        r"\b(?:tensors?|arrays?)\b[^.;]*\b(?:shapes?|dimensions?)\b",
        r"\b(?:shapes?|dimensions?)\b[^.;]*\b(?:tensors?|arrays?|ndarrays?)\b",
        r"\bjaxtyping\b|\bshape annotations?\b",
    ],
    unless=[r"\bdocstrings? for\b"],
    cases="_tensor_shapes_cases",
    concern=Concern(r"\.py$", Frameworks.shipped().mention.pattern, "no machine-learning code is touched"),
)
def check(functions: TensorFunctions) -> Verdict:
    """Judge hints and shapes that new and changed public functions of machine-learning modules owe."""
    judged = list(functions.all())
    if not judged:
        return Verdict.not_applicable("no public function of machine-learning code is new or changed")
    findings = [finding for one in judged for finding in (*_shapes(one), *_untyped(one))]
    told = [one for one in judged if one.tells and not one.open_shapes]
    seen = [_seen(one) for one in told[:_SHOWN]]
    if findings and not any(one.level == "error" for one in findings):
        return Verdict.needs_review(findings[0].message, *seen, findings=findings)
    words = f"{len(judged)} public functions of machine-learning code new or changed, hints and shapes as they owe them"
    return Verdict.of_findings(findings, Evidence(words, "symbol"), *seen)


def _seen(one: TensorFunction) -> Evidence:
    made = one.function
    return Evidence(f"`{made.name}` tells the shapes that it owes", "symbol", made.path, made.line, made.name)


def _shapes(one: TensorFunction) -> Iterator[Finding]:
    if not one.open_shapes:
        return
    named = _listed(one.open_shapes)
    where = "in comments alone" if one.commented else "nowhere"
    where += " (unless what it overrides does)" if one.inherits else ""
    yield Finding(
        f"public `{one.function.name}` tells the shape of {named} {where}",
        path=one.function.path,
        line=one.function.line,
        symbol=one.function.name,
        fix=f"say in the docstring what shape {named} has, such as `(batch, time)`, or use jaxtyping",
        code="commented-shape" if one.commented else "shape",
        level="warning" if one.commented or one.inherits else "error",
    )


def _untyped(one: TensorFunction) -> Iterator[Finding]:
    if not one.untyped:
        return
    words = [f"`{name}`" for name in one.untyped if name != RETURN] + ["the result"] * (RETURN in one.untyped)
    yield Finding(
        f"public `{one.function.name}` has no type hint for {_listed(words)}",
        path=one.function.path,
        line=one.function.line,
        symbol=one.function.name,
        fix=f"annotate {_listed(words)}; for a tensor give its shape in the docstring as well",
        code="untyped",
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)

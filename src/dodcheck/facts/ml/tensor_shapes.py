"""Tensors and arrays of public functions whose shape nobody tells."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from typing import Self

import msgspec

from dodcheck.change import Both
from dodcheck.facts.code.array_shapes import tells_shape
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.public_functions import PublicFunction, PublicFunctions
from dodcheck.facts.code.type_gaps import TypeGaps, carried_over
from dodcheck.facts.docstrings.docstring_gaps import shape_gaps
from dodcheck.facts.docstrings.documentation_duty import DocumentationDuty, is_stand_in
from dodcheck.facts.ml.ml_files import MlFiles

_ARRAY = "`shape`"
_RESULT = "the result"
_MAPPING = re.compile(r"\b(dict|\w*mapping|ordereddict|tensordict)\b", re.IGNORECASE)  # many tensors, many shapes


class TensorFunction(msgspec.Struct, frozen=True):
    """One public function of machine-learning code that the change adds or alters.

    Args:
        function: The function at head.
        open_shapes: What it takes or gives that is a tensor or array of untold shape, unless base left it open too.
        untyped: Parameters and results without a type hint, unless base left them so.
        inherits: A class above it, of another project, may tell them.
        commented: Comments in it, though not its docstring, tell shapes.
        tells: It takes or gives a tensor or array at all whose hint says so.
    """

    function: Function
    open_shapes: tuple[str, ...]
    untyped: tuple[str, ...]
    inherits: bool
    commented: bool
    tells: bool


class TensorFunctions:
    """Public functions of machine-learning modules that the change adds or alters.

    Args:
        files: The modules.
        public: Public functions.
        types: Parameters and results without a type hint, of both sides.
        duty: Which of them have the documentation of what they override.
    """

    def __init__(self, files: MlFiles, public: PublicFunctions, types: Both[TypeGaps], duty: DocumentationDuty) -> None:
        self._files = files
        self._public = public
        self._types = types
        self._duty = duty

    @classmethod
    def of(cls, files: MlFiles, public: PublicFunctions, types: Both[TypeGaps], duty: DocumentationDuty) -> Self:
        """Nothing is looked at yet."""
        return cls(files, public, types, duty)

    def all(self) -> Iterator[TensorFunction]:
        """Yield them in the order of files and text.

        Raises:
            ToolError: A module cannot be parsed.
        """
        paths = {file.path for file in self._files.judged if file.path.endswith(".py")}
        for one in self._public.all(docstrings=True) if paths else ():
            change = one.change
            touched = change.altered or change.docstring_changed or not one.was_public
            left_out = change.head.is_overload or is_stand_in(change.head)
            if change.head.path in paths and touched and not left_out:
                yield self._read(one)

    def _read(self, one: PublicFunction) -> TensorFunction:
        head = one.change.head
        gaps, missing = _open(head), self._types.head.of_function(head)
        base = one.change.base if (gaps or missing) and one.was_public else None
        known = {*_open(base), *_unhinted(base)} if base else set()
        duty = self._duty.by_ancestry(head) if gaps else "owed"
        gaps = () if duty == "inherited" else gaps
        of_python = duty == "none" and bool(head.owner and head.owner.bases)  # `__call__` of a class above
        old = carried_over(self._types.base.of_function(base), base, head) if base else set()
        untyped = [name for name in missing if name not in old and not _is_unused(name)]
        texts = [*(p.annotation or "" for p in head.arguments), head.signature.returns or "", head.docstring or ""]
        tells = bool(gaps) or any("Tensor" in text or "ndarray" in text.lower() for text in texts)
        shapes = tuple(gap for gap in gaps if gap not in known)
        return TensorFunction(head, shapes, tuple(untyped), of_python or duty == "unknown", _is_commented(head), tells)


def _open(function: Function) -> Sequence[str]:
    """Name what is of untold shape; a class may tell the shapes of its methods."""
    around = ast.get_docstring(function.owner) or "" if function.owner else ""
    if tells_shape(around):
        return ()
    hints = {one.name: one.annotation for one in function.arguments} | {"": function.signature.returns}
    gaps = (gap for gap in shape_gaps(function) if gap.words.startswith(_ARRAY))
    found = (gap for gap in gaps if not _MAPPING.search(hints.get(gap.name) or ""))
    return [f"`{gap.name}`" if gap.name else _RESULT for gap in found]


def _unhinted(function: Function) -> Iterator[str]:
    """Name what may have been a tensor before somebody wrote its type out: its shape was not told either."""
    file = function.file.text
    yield from (f"`{one.name}`" for one in function.arguments if _says_nothing(one.annotation, file))
    if _says_nothing(function.signature.returns, file):
        yield _RESULT


def _says_nothing(hint: str | None, file: str) -> bool:
    """Tell whether a hint is missing, or a name that the file gives to a type of tensors."""
    return hint is None or (
        hint.isidentifier() and bool(re.search(rf"^{hint}\b[^=\n]*=.*(Tensor|ndarray|Array)", file, re.MULTILINE))
    )


def _is_unused(name: str) -> bool:
    return name.lstrip("*").startswith("_")


def _is_commented(function: Function) -> bool:
    if "#" not in function.text:
        return False
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(function.text).readline))
    except (tokenize.TokenError, SyntaxError):  # a method's lines, out of their class, may not split into tokens
        return any(tells_shape(line.partition("#")[2]) for line in function.text.split("\n"))
    return any(tells_shape(one.string) for one in tokens if one.type == tokenize.COMMENT)

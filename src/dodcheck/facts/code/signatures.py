"""Signatures: parameters and return with their annotations or type comments."""

import ast
import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import msgspec

from dodcheck.facts.code.modules import Function as FunctionNode
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.writing import written
from dodcheck.patterns import pattern

ParameterKind = Literal["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]

_TYPE_COMMENT = pattern(r"#\s*type:\s*(?!ignore\b)(\S.*)")


class Parameter(msgspec.Struct, frozen=True):
    """One parameter.

    Args:
        name: Its name, without stars.
        kind: How it takes its argument.
        line: 1-based line.
        annotation: Text of the annotation or of the type comment; None when there is neither.
        default: Text of the default; None when there is none.
    """

    name: str
    kind: ParameterKind
    line: int
    annotation: str | None
    default: str | None


@dataclass(frozen=True, eq=False)
class FunctionFile:
    """What the functions of one file share.

    Args:
        path: The file.
        tree: Its syntax tree.
        text: Its text.
    """

    path: str
    tree: ast.Module = field(repr=False)
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> Sequence[str]:
        """Its lines, as the parser counts them: `str.splitlines` knows more line ends."""
        return re.split(r"\r\n|\r|\n", self.text)

    @cached_property
    def names(self) -> Names:
        """What names of the file stand for."""
        return names_of(self.tree)

    @cached_property
    def comments(self) -> Mapping[int, str]:
        """Its type comments by 1-based line, `# type: ignore` left out."""
        found = ((number, _TYPE_COMMENT.search(line)) for number, line in enumerate(self.lines, 1) if "type:" in line)
        return {number: match[1].strip() for number, match in found if match}


@dataclass(frozen=True, eq=False)
class Signature:
    """The signature of one function.

    Args:
        node: The function.
        file: Where names and type comments are looked up.
    """

    node: FunctionNode = field(repr=False)
    file: FunctionFile = field(repr=False)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, in the order of the text."""
        args = self.node.args
        plain = [*args.posonlyargs, *args.args]
        kinds: list[ParameterKind] = ["positional-only"] * len(args.posonlyargs)
        kinds += ["positional"] * len(args.args)
        defaults: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults))
        found = [self._parameter(*one) for one in zip(plain, kinds, [*defaults, *args.defaults], strict=True)]
        found += [self._parameter(arg, "var-positional", None) for arg in [args.vararg] if arg]
        found += [self._parameter(a, "keyword-only", d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
        found += [self._parameter(arg, "var-keyword", None) for arg in [args.kwarg] if arg]
        return tuple(found)

    @property
    def returns(self) -> str | None:
        """Text of the return annotation or of the type comment; None when there is neither."""
        if self.node.returns is not None:
            return written(self.node.returns)
        return self._comment.rpartition("->")[2].strip() or None

    @cached_property
    def text(self) -> str:
        """Decorators, name, parameters, annotations and defaults as normalised text."""
        bare = copy.copy(self.node)
        bare.body = []
        return "\n".join(
            [written(bare), *(self.file.comments[line] for line in self._lines if line in self.file.comments)]
        )

    def _parameter(self, arg: ast.arg, kind: ParameterKind, default: ast.expr | None) -> Parameter:
        hint = written(arg.annotation) if arg.annotation else self._commented(arg)
        return Parameter(arg.arg, kind, arg.lineno, hint, written(default) if default else None)

    @property
    def _lines(self) -> range:
        return range(self.node.lineno, max(self.node.body[0].lineno, self.node.lineno + 1))

    @cached_property
    def _comment(self) -> str:
        """`(int, str) -> bool`, where a comment under or behind the signature says it."""
        found = (self.file.comments.get(line, "") for line in self._lines if self.file.comments)
        return next((text for text in found if text.startswith("(") and "->" in text), "")

    def _commented(self, arg: ast.arg) -> str | None:
        own = self.file.comments.get(arg.lineno, "")
        if own and own != self._comment:
            return own
        inside = self._comment.rpartition("->")[0].strip().strip("()").strip()
        return inside if inside not in {"", "..."} else None

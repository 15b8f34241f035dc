"""Why code may drop an error: what a comment beside it says, or what little it guards."""

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from functools import cached_property

from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.handlers.handler_effects import own_nodes
from dodcheck.patterns import pattern

_DIRECTIVE = pattern(
    r"\bnoqa\b(?::\s*[A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)?|\bnosec\b(?:[\s,:]*\bB\d+)*|\bpragma:?\s*no ?(?:cover|branch)"
    r"|\b(?:pylint|pyright|pyre|mypy|ruff|flake8|isort|yapf|fmt|codespell|type):\s*[\w-]+(?:[=:]\s*[\w-]+(?:\s*,\s*[\w-]+)*)?"
    r"(?:\[[^\]]*\])?|\bnosemgrep\b\S*|\bnosonar\b\S*|\bnoinspection\s+\w+",
    re.IGNORECASE,
)
_WORD = pattern(r"[^\W\d_]+(?:'[a-z]+)?")
_UNSPACED = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}")  # scripts that put no space between words
_HOLLOW = frozenset(  # these alone say no more than that errors are ignored
    _WORD.findall(
        "a an the this that these it its it's is are isn't be been to of in on at by and or but not no any all every "
        "some so as if do does did done don't doesn't just simply here there we you let let's lets can will would "
        "should may ignore ignored ignores ignoring swallow swallowed swallows swallowing silently silent silence "
        "suppress suppressed skip skipped pass passing nothing anything everything whatever catch caught catches "
        "catching handle handled handling handler error errors exception exceptions except failure failures fail "
        "fails failed exc err bare broad blind block continue continuing safely properly later proper now todo fixme "
        "xxx hack add implement log logging ok okay fine move go on happen happens wrong intentional intentionally "
        "deliberate deliberately purpose empty i me type types"
    )
)
_WORDS = 3
_SHORT = 5  # statements: what is longer is no clean-up, whatever it is called
_CLOSING = {
    "close", "aclose", "wait_closed", "disconnect", "unlink", "rmtree", "rollback", "terminate", "kill", "release",
    "dispose", "shutdown", "cleanup",
}  # fmt: skip


def without_directives(comment: str) -> str:
    """Return the plain words of a comment: no `#`, nothing that speaks to a linter or type checker."""
    return " ".join(_DIRECTIVE.sub(" ", comment).replace("#", " ").split()).strip(" -:;,.")


def gives_cause(comment: str) -> bool:
    """Tell whether a comment says why: three words at least, directives aside, and more than that errors are ignored.

    Args:
        comment: Its text; `#` may stand in it.
    """
    plain = without_directives(comment)
    if _UNSPACED.search(plain):
        return True
    words = [word.lower() for word in _WORD.findall(plain)]
    return len(words) >= _WORDS and any(word not in _HOLLOW for word in words)


class Comments:
    """The comments of one file.

    Args:
        text: The file; it must be well-formed.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def within(self, first: int, last: int) -> str:
        """Return the comments of some lines, joined."""
        if self._marked.isdisjoint(range(first, last + 1)):
            return ""  # it need not be split into tokens
        return " ".join(self._by_line[line][1] for line in range(first, last + 1) if line in self._by_line)

    def above(self, line: int) -> str:
        """Return the comments that fill the lines directly above a line, joined."""
        first = line
        while first - 1 in self._marked and first - 1 in self._filling:
            first -= 1
        return self.within(first, line - 1)

    def below(self, line: int, column: int) -> str:
        """Return the comments that fill the lines directly below a line, not left of a column, joined."""
        last = line
        while last + 1 in self._marked and last + 1 in self._filling and self._by_line[last + 1][0] >= column:
            last += 1
        return self.within(line + 1, last)

    @cached_property
    def _marked(self) -> frozenset[int]:
        """The lines that hold the sign of a comment, be it in a string."""
        return frozenset(n for n, line in enumerate(self._text.split("\n"), 1) if "#" in line)

    @cached_property
    def _by_line(self) -> Mapping[int, tuple[int, str]]:
        found: dict[int, tuple[int, str]] = {}
        try:
            for token in tokenize.generate_tokens(io.StringIO(self._text).readline):
                if token.type == tokenize.COMMENT:
                    found[token.start[0]] = (token.start[1], token.string)
        except (tokenize.TokenError, SyntaxError):  # an odd end of the file: what was read until there holds
            return found
        return found

    @cached_property
    def _filling(self) -> frozenset[int]:
        lines = self._text.split("\n")
        return frozenset(n for n in self._by_line if n <= len(lines) and lines[n - 1].lstrip().startswith("#"))


def is_short(guarded: Sequence[ast.stmt]) -> bool:
    """Tell whether code is so short that it can be a clean-up."""
    return sum(isinstance(node, ast.stmt) for node in own_nodes(guarded)) <= _SHORT


def only_closes(guarded: Sequence[ast.stmt]) -> bool:
    """Tell whether code does nothing but give something back: it closes, disconnects, removes, rolls back."""
    calls = [stmt.value for stmt in guarded if isinstance(stmt, ast.Expr)]
    bare = [call.value if isinstance(call, ast.Await) else call for call in calls]
    names = [written(call.func).rpartition(".")[2] for call in bare if isinstance(call, ast.Call)]
    return len(names) == len(guarded) > 0 and _CLOSING.issuperset(names)


def optional_import(guarded: Sequence[ast.stmt]) -> str | None:
    """Return the words for an import that may fail; None when the code is something else."""
    imports = [stmt for stmt in guarded if isinstance(stmt, ast.Import | ast.ImportFrom)]
    others = [stmt for stmt in guarded if not isinstance(stmt, ast.Import | ast.ImportFrom)]
    plain = all(isinstance(stmt, ast.Assign) and not any(map(_is_call, walk(stmt))) for stmt in others)
    return "an optional import" if imports and plain else None


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call)


def awaits_cancelled(guarded: Sequence[ast.stmt], earlier: Sequence[ast.stmt]) -> str | None:
    """Return the words for waiting for what the statements before cancelled; None when the code does something else."""
    awaited = {written(node.value) for node in own_nodes(guarded) if isinstance(node, ast.Await)}
    for call in (node for node in own_nodes(earlier) if isinstance(node, ast.Call)):
        name, dot, method = written(call.func).rpartition(".")
        if dot and method == "cancel" and any(re.search(rf"\b{re.escape(name)}\b", one) for one in awaited):
            return f"it waits for {name}, cancelled just before"
    return None

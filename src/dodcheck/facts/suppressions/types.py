"""What the rule `suppressions` says of annotations and calls that tell the type checker to believe anything."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dodcheck.facts import Both, ChangedFile
from dodcheck.facts.code.functions import Function, Functions
from dodcheck.facts.code.modules import Modules, definitions
from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.verdict import Finding

_ANY = {"typing.Any", "typing_extensions.Any"}
_CAST = {"typing.cast", "typing_extensions.cast"}
_OPTIONAL = {"typing.Optional", "typing_extensions.Optional", "typing.Union"}
_UNCHECKED = {"typing.no_type_check", "typing_extensions.no_type_check"}
_TELLING = re.compile(  # Any itself is an annotation, not a part of one
    r"[:>]\s*[\"']?(?:[\w.]+\[)?(?:\w+\.)?Any\b|\bAny\s*\||\|\s*(?:\w+\.)?Any\b|\bno_type_check\b"
)
_CAST_TO_ANY = re.compile(r"\bcast\(\s*[\"']?(?:\w+\.)?Any\b")
_WIDTH = 60
_FIX = "keep the type, or say in a comment why none fits"


def type_findings(
    files: Sequence[ChangedFile], modules: Both[Modules], functions: Both[Functions]
) -> Iterator[Finding]:
    """Yield what replaces a type by Any, casts to Any, or turns the checker off for a function; tests may do so."""
    source = [file for file in files if file.role == "source"]
    yield from _of_casts(source, modules)
    for file in source:
        if file.status != "added" and _tells(modules, file):
            names = names_of(modules.base.tree(file.base_path)), names_of(modules.head.tree(file.head_path))
            yield from _merged([*_of_functions(file, functions, *names), *_of_variables(file, modules, *names)])


def _tells(modules: Both[Modules], file: ChangedFile) -> bool:
    """Only a line that base does not have, with one of the words in it, can tell."""
    texts = modules.head.text(file.head_path), modules.base.text(file.base_path)
    head, base = (Counter(s for s in text.split("\n") if "Any" in s or "no_type_check" in s) for text in texts)
    return any(_TELLING.search(line) for line in head - base)


def _of_casts(files: Sequence[ChangedFile], modules: Both[Modules]) -> Iterator[Finding]:
    texts = [(modules.head.text(file.head_path), modules.base.text(file.base_path)) for file in files]
    if not any(len(_CAST_TO_ANY.findall(head)) > len(_CAST_TO_ANY.findall(base)) for head, base in texts):
        return
    left = Counter(text for file in files for text, _ in _casts(modules.base, file.base_path))
    for file in files:
        for text, line in _casts(modules.head, file.head_path):
            left[text] -= 1
            if left[text] < 0:
                words = f"`{text[:_WIDTH]}` tells the type checker to believe anything"
                yield _finding(file.path, line, None, words, "cast-any")


def _casts(modules: Modules, path: str | None) -> Iterator[tuple[str, int]]:
    if not _CAST_TO_ANY.search(modules.text(path)):
        return
    tree = modules.tree(path)
    names = names_of(tree)
    for node in walk(tree):
        if isinstance(node, ast.Call) and node.args and names.of(node.func) in _CAST and _is_any(node.args[0], names):
            yield written(node), node.lineno


def _of_functions(file: ChangedFile, functions: Both[Functions], base: Names, head: Names) -> Iterator[Finding]:
    before = {one.name: one for one in functions.base.at(file.base_path)}  # of overloads the last, the code
    after = {one.name: one for one in functions.head.at(file.head_path)}
    for name, one in after.items():
        was = before.get(name)
        if was is not None and one.text != was.text:
            yield from _of_function(one, was, base, head)


def _of_function(head: Function, base: Function, old_names: Names, new_names: Names) -> Iterator[Finding]:
    was = dict(_annotations(base))
    for name, now in _annotations(head):
        old = was.get(name)
        if old is not None and _is_replaced(old, old_names, now, new_names):
            what = "the return value" if name == "return" else f"`{name}`"
            words = f"{what} was `{written(old)}` and is Any now"
            yield _finding(head.path, now.lineno, head.name, words, "any")
    if _UNCHECKED & {*head.decorators} and not _UNCHECKED & {*base.decorators}:
        words = "the type checker no longer looks into the function"
        yield _finding(head.path, head.line, head.name, words, "no-type-check")


def _merged(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Say once what happened alike in several functions of a file."""
    same: dict[str, list[Finding]] = {}
    for one in findings:
        same.setdefault(one.message, []).append(one)
    for first, *others in same.values():
        more = f", here and {len(others)} times more in the file" if others else ""
        yield _finding(first.path or "", first.line or 1, first.symbol, first.message + more, first.code or "any")


def _is_replaced(old: ast.expr, base: Names, new: ast.expr, head: Names) -> bool:
    nothing = isinstance(old, ast.Constant) and old.value is None
    return not nothing and _is_any(new, head) and not _is_any(old, base)


def _annotations(function: Function) -> Iterator[tuple[str, ast.expr]]:
    args = function.node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, [args.vararg, args.kwarg])]
    yield from ((arg.arg, arg.annotation) for arg in every if arg.annotation)
    if function.node.returns:
        yield "return", function.node.returns


def _of_variables(file: ChangedFile, modules: Both[Modules], base: Names, head: Names) -> Iterator[Finding]:
    was = _variables(modules.base, file.base_path)
    for (symbol, target), new in _variables(modules.head, file.head_path).items():
        old = was.get((symbol, target))
        if old is not None and _is_replaced(old.annotation, base, new.annotation, head):
            words = f"`{target}` was `{written(old.annotation)}` and is Any now"
            yield _finding(file.path, new.lineno, symbol or None, words, "any")


def _variables(modules: Modules, path: str | None) -> Mapping[tuple[str, str], ast.AnnAssign]:
    tree = modules.tree(path)
    scopes = [("", tree.body), *((name, node.body) for name, node in definitions(tree))]
    return {
        (name, written(node.target)): node for name, body in scopes for node in body if isinstance(node, ast.AnnAssign)
    }


def _is_any(node: ast.expr, names: Names) -> bool:
    """`Any`, also in quotes, and `Any` or None."""
    if isinstance(node, ast.Constant):
        return node.value in {"Any", "typing.Any", "t.Any"}
    if isinstance(node, ast.BinOp):
        return _is_any(node.left, names) or _is_any(node.right, names)
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return names.of(node.value) in _OPTIONAL and any(_is_any(one, names) for one in inner)
    return names.of(node) in _ANY


def _finding(path: str, line: int, symbol: str | None, message: str, code: str) -> Finding:
    return Finding(message, path=path, line=line, symbol=symbol, fix=_FIX, code=code, level="warning")

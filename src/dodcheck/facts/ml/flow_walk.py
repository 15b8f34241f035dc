"""A walk through training code in the order in which it runs, function by function."""

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.walking import children
from dodcheck.facts.ml.flow_calls import Calls
from dodcheck.facts.ml.flow_choices import judged_by
from dodcheck.facts.ml.flow_code import Code, Project
from dodcheck.facts.ml.flow_expressions import Expressions
from dodcheck.facts.ml.flow_frames import Frame
from dodcheck.facts.ml.flow_parts import Parts
from dodcheck.facts.ml.flow_stores import Stores, written_name
from dodcheck.facts.ml.flow_values import NOTHING, Rows, Thing, Value, either, element, mixed
from dodcheck.facts.ml.flow_words import part_named
from dodcheck.facts.ml.leak_ledger import Ledger

_DEPTH = 4  # calls of the project's own functions inside of one another
BUDGET = 8_000  # statements of functions that are followed: from then on calls are looked into no more
_ROUNDS = 3  # loops inside of one another whose second round is walked through


class Walk:
    """The flow through the functions of one module and what they call.

    Args:
        project: The functions of the project.
        ledger: Where splits, fits and leaks are noted.
    """

    def __init__(self, project: Project, ledger: Ledger) -> None:
        self._project = project
        self._ledger = ledger
        self._parts = Parts(ledger)
        self._expressions = Expressions(project, Calls(ledger, self._parts), self._parts, self.run)
        self._stores = Stores(ledger, self._parts, self._expressions)
        self._stack: list[ast.AST] = []
        self._left = BUDGET
        self._loops = 0
        self._readings: Mapping[type[ast.stmt], Callable[[Any, Frame], None]] = {
            ast.Assign: self._assign,
            ast.AnnAssign: self._ann_assign,
            ast.AugAssign: self._aug_assign,
            ast.Expr: self._expr,
            ast.Return: self._return,
            ast.If: self._if,
            ast.For: self._for,
            ast.While: self._while,
            ast.With: self._with,
            ast.Try: self._try,
            ast.Match: self._match,
            ast.FunctionDef: self._function_def,
            ast.AsyncFor: self._for,
            ast.AsyncWith: self._with,
            ast.AsyncFunctionDef: self._function_def,
            ast.ClassDef: self._function_def,
        }

    def module(self, path: str) -> Frame:
        """Walk through the statements of a module.

        Raises:
            ToolError: It cannot be parsed.
        """
        source = self._project.source(path)
        frame = Frame(source, "")
        self._body(source.tree.body, frame)
        return frame

    def function(self, node: Function, symbol: str, frame: Frame, owner: Value | None = None) -> None:
        """Walk through a function whose arguments nobody knows.

        Args:
            node: The function.
            symbol: Its qualified name.
            frame: The module.
            owner: The instance that it is a method of.
        """
        code = Code(node, frame.source, symbol, frame.variables)
        self.run(code, (), {}, owner)

    def run(self, code: Code, given: Sequence[Value], named: Mapping[str, Value], owner: Value | None) -> Value:
        """Return what a function or class of the project gives for its arguments."""
        node = code.node
        if isinstance(node, ast.ClassDef):
            return self._instance(code, given, named)
        self._ledger.cut |= self._left < 0
        if isinstance(node, ast.Lambda) or len(self._stack) >= _DEPTH or node in self._stack or self._left < 0:
            return mixed([*given, *named.values()])
        frame = Frame(code.source, code.symbol, around=code.closure)
        self._arguments(node, frame, given, named, owner)
        self._stack.append(node)
        self._body(node.body, frame)
        self._stack.pop()
        if not frame.returned:
            return NOTHING
        first, *others = frame.returned
        for one in others:
            first = either(first, one)
        return first

    def _instance(self, code: Code, given: Sequence[Value], named: Mapping[str, Value]) -> Value:
        made = Value(thing=Thing(code=code, made=True))
        start = self._project.method(code, "__init__")
        if start:
            self.run(start, given, named, made)
        return made

    def _arguments(
        self, node: Function, frame: Frame, given: Sequence[Value], named: Mapping[str, Value], owner: Value | None
    ) -> None:
        names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        if owner is not None and names and not any(written_name(d) == "staticmethod" for d in node.decorator_list):
            frame.variables[names.pop(0)] = owner
        known = dict(zip(names, given, strict=False)) | {name: value for name, value in named.items() if name}
        literal = not given and not named
        whole = Rows(frame.place(node))
        for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg):
            if one is None or one.arg in frame.variables:
                continue
            part = part_named(one.arg)
            rows = Rows(frame.place(one), part, whole if part else None, named=part is not None, assumed=True)
            whole.parts += [rows] if part else []
            unknown = Value(frozenset({rows}), thing=Thing()) if literal else NOTHING
            frame.variables[one.arg] = known.get(one.arg, unknown)

    def _body(self, body: Sequence[ast.stmt], frame: Frame) -> None:
        for node in body:
            self._left -= len(self._stack) > 1
            reading = self._readings.get(type(node))
            if reading:
                reading(node, frame)
            else:
                for child in children(node):
                    if isinstance(child, ast.expr):
                        self._expressions.value(child, frame)

    def _assign(self, node: ast.Assign, frame: Frame) -> None:
        self._choices(node, node.value, frame)
        value = self._expressions.value(node.value, frame)
        for target in node.targets:
            self._stores.store(target, self._stores.split_by_names(target, node, value, frame), node, frame)

    def _ann_assign(self, node: ast.AnnAssign, frame: Frame) -> None:
        if node.value:
            self._stores.store(node.target, self._expressions.value(node.value, frame), node, frame)

    def _aug_assign(self, node: ast.AugAssign, frame: Frame) -> None:
        whole = ast.BinOp(_loaded(node.target), node.op, node.value)
        ast.copy_location(whole, node)
        self._stores.store(node.target, self._expressions.value(whole, frame), node, frame)

    def _expr(self, node: ast.Expr, frame: Frame) -> None:
        value = self._expressions.value(node.value, frame)
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            inplace = any(k.arg == "inplace" and getattr(k.value, "value", None) is True for k in call.keywords)
            if inplace or call.func.attr in {"append", "extend", "insert"}:
                self._stores.alter(call.func.value, mixed([value, *self._given(call, frame)]), frame)

    def _given(self, call: ast.Call, frame: Frame) -> list[Value]:
        is_list = isinstance(call.func, ast.Attribute) and call.func.attr in {"append", "extend"}
        return [self._expressions.value(one, frame) for one in call.args] if is_list else []

    def _return(self, node: ast.Return, frame: Frame) -> None:
        frame.returned.append(self._expressions.value(node.value, frame))

    def _if(self, node: ast.If, frame: Frame) -> None:
        self._expressions.value(node.test, frame)
        self._choices(node, node.test, frame)
        before = dict(frame.variables)
        self._body(node.body, frame)
        first = dict(frame.variables)
        frame.variables.clear()
        frame.variables.update(before)
        self._body(node.orelse, frame)
        if _leaves(node.body):
            return
        if node.orelse and _leaves(node.orelse):
            frame.variables.update(first)
            return
        for name, value in first.items():
            other = frame.variables.get(name)
            frame.variables[name] = value if other is None else either(value, other)

    def _choices(self, node: ast.If | ast.Assign, told: ast.expr, frame: Frame) -> None:
        for one in judged_by(node) if self._loops else ():
            self._ledger.chosen(self._expressions.value(one.score, frame), frame.place(told), one.doubt)

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> None:
        value = self._expressions.value(node.iter, frame)
        self._loops += 1
        for _ in range(2 if self._loops <= _ROUNDS else 1):  # what a round leaves, the next one finds
            self._expressions.bind(node.target, element(value), frame)
            self._body(node.body, frame)
        self._loops -= 1
        self._body(node.orelse, frame)

    def _while(self, node: ast.While, frame: Frame) -> None:
        self._expressions.value(node.test, frame)
        self._loops += 1
        for _ in range(2 if self._loops <= _ROUNDS else 1):
            self._body(node.body, frame)
        self._loops -= 1
        self._body(node.orelse, frame)

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> None:
        for one in node.items:
            value = self._expressions.value(one.context_expr, frame)
            if one.optional_vars is not None:
                self._expressions.bind(one.optional_vars, value, frame)
        self._body(node.body, frame)

    def _try(self, node: ast.Try, frame: Frame) -> None:
        self._body([*node.body, *node.orelse], frame)
        after = dict(frame.variables)
        for handler in node.handlers:
            self._body(handler.body, frame)
            if not _leaves(handler.body):
                after |= {name: either(value, after.get(name, value)) for name, value in frame.variables.items()}
            frame.variables.clear()
            frame.variables.update(after)
        self._body(node.finalbody, frame)

    def _match(self, node: ast.Match, frame: Frame) -> None:
        self._expressions.value(node.subject, frame)
        for case in node.cases:
            self._body(case.body, frame)

    def _function_def(self, node: Definition, frame: Frame) -> None:
        symbol = f"{frame.symbol}.{node.name}" if frame.symbol else node.name
        around = frame.variables if not frame.around else {**frame.around, **frame.variables}
        frame.variables[node.name] = Value(thing=Thing(code=Code(node, frame.source, symbol, around)))


def _loaded(node: ast.expr) -> ast.expr:
    """Return the same place as something that is read."""
    found = copy.copy(node)
    if isinstance(found, ast.Name | ast.Attribute | ast.Subscript):
        found.ctx = ast.Load()
    return found


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)

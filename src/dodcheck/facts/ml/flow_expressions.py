"""What the expressions of training code hold."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.ml.flow_call import Call
from dodcheck.facts.ml.flow_calls import Calls
from dodcheck.facts.ml.flow_code import Code, Project
from dodcheck.facts.ml.flow_frames import Frame
from dodcheck.facts.ml.flow_parts import Parts
from dodcheck.facts.ml.flow_values import NOTHING, Learned, Part, Rows, Thing, Value, either, element, mixed, spread
from dodcheck.facts.ml.flow_words import BOUNDS, ROWLESS

_BOUNDS = {f"`{name}` of all rows" for name in BOUNDS}
_KEYS: Mapping[str, Part] = {"train": "train", "test": "test", "validation": "validation"}


Run = Callable[[Code, Sequence[Value], Mapping[str, Value], Value | None], Value]


class Expressions:
    """The meaning of expressions.

    Args:
        project: Functions of the project.
        calls: The meaning of calls that lead out of it.
        parts: The parts of splits.
        run: Runs a function of the project, given its arguments and the object that it is a method of.
    """

    def __init__(self, project: Project, calls: Calls, parts: Parts, run: Run) -> None:
        self._project = project
        self._calls = calls
        self._parts = parts
        self._run = run
        self._readings: Mapping[type[ast.expr], Callable[[Any, Frame], Value]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Tuple: self._tuple,
            ast.Dict: self._dict,
            ast.Compare: self._compare,
            ast.BoolOp: self._bool_op,
            ast.BinOp: self._bin_op,
            ast.UnaryOp: self._unary_op,
            ast.IfExp: self._if_exp,
            ast.NamedExpr: self._named_expr,
            ast.Lambda: self._lambda,
            ast.ListComp: self._list_comp,
            ast.Call: self._call,
            ast.List: self._tuple,
            ast.GeneratorExp: self._list_comp,
            ast.SetComp: self._list_comp,
        }

    def value(self, node: ast.expr | None, frame: Frame) -> Value:
        """Return what an expression holds."""
        if node is None:
            return NOTHING
        reading = self._readings.get(type(node))
        return reading(node, frame) if reading else mixed(self._inside(node, frame))

    def _inside(self, node: ast.AST, frame: Frame) -> Iterator[Value]:
        for child in children(node):
            if isinstance(child, ast.expr):
                yield self.value(child, frame)

    def _constant(self, node: ast.Constant, frame: Frame) -> Value:
        del frame
        return Value(constant=node.value)

    def _name(self, node: ast.Name, frame: Frame) -> Value:
        found = frame.look_up(node.id)
        if found is not None:
            return found
        code = self._project.found(node, frame.source)
        own = frame.source.own.get(node.id)
        if own is not None:
            code = Code(own, frame.source, own.name)
        return Value(thing=Thing(code=code)) if code else NOTHING

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        owner = self.value(node.value, frame)
        thing = owner.thing
        if thing is not None and node.attr in thing.attributes:
            return thing.attributes[node.attr]
        if node.attr in ROWLESS:
            return NOTHING
        if node.attr in {"index", "groups"} and owner.rows:
            return replace(owner.flat(), index=True, thing=None)
        if owner.fields is not None and node.attr in owner.fields:
            return owner.fields[node.attr]
        if thing is not None and not thing.name:
            return self._unknown_attribute(owner, thing, node, frame)
        return replace(owner, items=None, thing=None) if owner.rows or owner.told else NOTHING

    def _unknown_attribute(self, owner: Value, thing: Thing, node: ast.Attribute, frame: Frame) -> Value:
        if thing.code is not None and thing.made and self._project.method(thing.code, node.attr):
            return NOTHING
        rows = owner.rows or frozenset({Rows(frame.place(node))})
        thing.attributes[node.attr] = replace(owner, rows=rows, thing=Thing(), items=None)
        return thing.attributes[node.attr]

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        owner, index = self.value(node.value, frame), self.value(node.slice, frame)
        if owner.fields is not None and isinstance(index.constant, str):
            return owner.fields.get(index.constant, NOTHING)
        if owner.items is not None and isinstance(index.constant, int):
            inside = -len(owner.items) <= index.constant < len(owner.items)
            return owner.items[index.constant] if inside else mixed(owner.items)
        flat = replace(owner.flat(), thing=None, index=owner.index, grouped=owner.grouped)
        if isinstance(index.constant, str) and index.constant in _KEYS and flat.rows and not owner.stains:
            return self._parts.of(flat, _KEYS[index.constant], frame.place(node), named=True)
        first = index.items[0] if index.items else index
        if first.index and first.rows and any(one.part for one in first.rows):
            return self._parts.selected(flat, first)
        return flat.stained(index.all_told) if flat.rows else replace(flat, told=flat.told | index.all_told)

    def _tuple(self, node: ast.Tuple | ast.List, frame: Frame) -> Value:
        if any(isinstance(one, ast.Starred) for one in node.elts):
            return mixed(self._inside(node, frame))
        return Value(items=tuple(self.value(one, frame) for one in node.elts))

    def _dict(self, node: ast.Dict, frame: Frame) -> Value:
        values = [self.value(one, frame) for one in node.values]
        names = [one.value if isinstance(one, ast.Constant) else None for one in node.keys]
        fields = {name: value for name, value in zip(names, values, strict=True) if isinstance(name, str)}
        return replace(mixed(values), fields=fields if len(fields) == len(values) else None)

    def _compare(self, node: ast.Compare, frame: Frame) -> Value:
        mixed(self._inside(node, frame))
        return Value(index=True)

    def _bool_op(self, node: ast.BoolOp, frame: Frame) -> Value:
        first, *others = self._inside(node, frame)
        for one in others:
            first = either(first, one)
        return first

    def _bin_op(self, node: ast.BinOp, frame: Frame) -> Value:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        if left.items is not None and right.items is not None and isinstance(node.op, ast.Add):
            return Value(items=(*left.items, *right.items))
        whole = mixed([left, right])
        if left.index and right.index:
            return Value(rows=whole.rows, index=True)
        if isinstance(node.op, ast.Add | ast.Sub):  # a shift to another origin tells nothing of the distribution
            whole = replace(whole, told=frozenset(one for one in whole.told if one.what not in _BOUNDS))
        return replace(whole.stained(whole.told), told=frozenset()) if whole.rows else whole

    def _unary_op(self, node: ast.UnaryOp, frame: Frame) -> Value:
        return self.value(node.operand, frame)

    def _if_exp(self, node: ast.IfExp, frame: Frame) -> Value:
        return either(self.value(node.body, frame), self.value(node.orelse, frame))

    def _named_expr(self, node: ast.NamedExpr, frame: Frame) -> Value:
        value = self.value(node.value, frame)
        frame.variables[node.target.id] = value
        return value

    def _lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        """What a function knows is what the variables know that it reads."""
        return Value(told=self.knowledge(node.body, frame), thing=Thing(code=Code(node, frame.source, frame.symbol)))

    def _list_comp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, frame: Frame) -> Value:
        inner = frame.inner()
        for one in node.generators:
            self.bind(one.target, element(self.value(one.iter, inner)), inner)
        return replace(self.value(node.elt, inner).flat(), thing=None)

    def _call(self, node: ast.Call, frame: Frame) -> Value:
        given = [self.value(one.value if isinstance(one, ast.Starred) else one, frame) for one in node.args]
        starred = [at for at, one in enumerate(node.args) if isinstance(one, ast.Starred)]
        if starred == [len(given) - 1] and given[-1].items is not None:
            given = [*given[:-1], *given[-1].items]
        named = {one.arg or "": self.value(one.value, frame) for one in node.keywords}
        func = node.func if isinstance(node.func, ast.Attribute) else None
        owner = self.value(func.value, frame) if func else None
        name = frame.source.names.of(node.func) or (func.attr if func else "")
        code, bound = self._code(node.func, owner, frame)
        if code is not None:
            return self._run(code, given, named, bound)
        if func and func.attr in {"apply", "pipe"} and owner and owner.rows and len(given) == len(node.args) == 1:
            given = [self._applied(given[0], owner)]
        given = [self._with_knowledge(one, frame) for one in given]
        variable = frame.source.text(func.value) if func else ""
        known = owner is not None and (owner.thing or owner.every_row or owner.told or owner.fields)
        kept = owner if known or (func and self._is_object(func.value, frame)) else None
        return self._calls.value(Call(node, name, kept, variable, given, named, frame.place(node)))

    def _is_object(self, node: ast.expr, frame: Frame) -> bool:
        """Tell whether a dotted name starts at a variable, not at an import."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return not isinstance(node, ast.Name) or node.id not in frame.source.imported

    def _code(self, func: ast.expr, owner: Value | None, frame: Frame) -> tuple[Code | None, Value | None]:
        if isinstance(func, ast.Attribute) and owner is not None and owner.thing and owner.thing.code:
            found = self._project.method(owner.thing.code, func.attr)
            return (found, owner) if found else (None, None)
        if isinstance(func, ast.Name):
            thing = self.value(func, frame).thing
            return (thing.code, None) if thing and not thing.made else (None, None)
        return (self._project.found(func, frame.source), None) if not owner or not owner.rows else (None, None)

    def _applied(self, function: Value, owner: Value) -> Value:
        """Return what a function of the project learns from the columns that it is given, besides plain statistics."""
        code = function.thing.code if function.thing and not function.thing.made else None
        if code is None or not isinstance(code.node, Function):
            return function
        stains = self._run(code, [owner.flat()], {}, None).every_stain - owner.stains
        return replace(function, told=function.told | {one for one in stains if "." in one.what})

    def _with_knowledge(self, value: Value, frame: Frame) -> Value:
        code = value.thing.code if value.thing and not value.thing.made else None
        if code is None or not isinstance(code.node, Function):
            return value
        body = Frame(code.source, code.symbol, around={**frame.around, **frame.variables})
        told = frozenset().union(*(self.knowledge(stmt, body) for stmt in code.node.body))
        return replace(value, told=value.told | told)

    def knowledge(self, node: ast.AST, frame: Frame) -> frozenset[Learned]:
        """Return what the variables know that some code reads."""
        found: set[Learned] = set()
        for one in walk(node):
            value = frame.look_up(one.id) if isinstance(one, ast.Name) else None
            if value is not None:
                found |= value.told if not value.rows else set()
                found |= {*value.thing.fits} if value.thing else set()
        return frozenset(found)

    def bind(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Put a value into the plain names of a target."""
        if isinstance(target, ast.Name):
            frame.variables[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            for one, its in zip(target.elts, spread(value, len(target.elts)), strict=True):
                self.bind(one, its, frame)

"""Which functions owe a docstring of their own."""

import ast
from collections.abc import Iterator
from typing import Literal, Self

import msgspec

from dodcheck.facts.breaking.registrations import Registrations
from dodcheck.facts.breaking.relatives import ClassRelatives
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.scripts import Scripts
from dodcheck.facts.docstrings.docstring_gaps import is_assigned

Duty = Literal["owed", "inherited", "unknown", "mild", "none"]

_NO_DUTY = {
    "override", "overload", "register", "field_validator", "model_validator", "validator", "root_validator",
    "field_serializer", "model_serializer", "validates", "hookimpl", "expression", "comparator", "inherit_doc",
    "copy_doc", "wraps", "doc", "Appender", "Substitution", "add_start_docstrings", "replace_return_docstrings",
    "add_docstr", "set_module_doc", "deprecated",
}  # fmt: skip
_ACCESSORS = {"setter", "deleter"}
_HOOKS = "pytest_"  # pytest documents its hooks
_NOT_INSTALLED = {"ImportError", "ModuleNotFoundError"}
_OWN_CONTRACT = {"forward"}  # torch documents none: only the class itself can say what goes in and what comes out
_KNOWN_BASES = {
    "Module": {
        "add_module", "apply", "bfloat16", "buffers", "children", "compile", "cpu", "cuda", "double", "eval",
        "extra_repr", "float", "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half",
        "load_state_dict", "modules", "named_buffers", "named_children", "named_modules", "named_parameters",
        "parameters", "requires_grad_", "set_extra_state", "state_dict", "to", "to_empty", "train", "type", "zero_grad",
    },
    "BaseEstimator": {"get_params", "set_params", "set_output", "get_metadata_routing"},
    "TransformerMixin": {"fit_transform", "set_output", "transform"},
    "ClassifierMixin": {"score"},
    "RegressorMixin": {"score"},
    "DeclarativeBase": {"metadata", "registry"},
}  # fmt: skip


class DocumentationDuty:
    """Who owes a docstring on one side; a method that overrides another has the other's.

    Args:
        relatives: Ancestors of classes.
        scripts: Which files are scripts.
        registrations: Which functions decorators register.
    """

    def __init__(self, relatives: ClassRelatives, scripts: Scripts, registrations: Registrations) -> None:
        self._relatives = relatives
        self._scripts = scripts
        self._registrations = registrations

    @classmethod
    def of(cls, relatives: ClassRelatives, scripts: Scripts, registrations: Registrations) -> Self:
        """Nothing is looked at yet."""
        return cls(relatives, scripts, registrations)

    def of_function(self, function: Function) -> Duty:
        """Tell whether a public function owes a docstring; `unknown` when a class of another project may have it.

        Overloads, overrides, setters, dunder methods but a constructor with arguments, hooks, validators, and what
        a decorator documents owe none; neither do stubs, and what stands in for a package that is not there. It is
        `mild` where nobody calls it as a function: of properties, of functions of a script, which nobody imports,
        of what the main guard calls, and of what a decorator of the project registers.

        Raises:
            ToolError: The file, or that of an ancestor, cannot be parsed.
        """
        duty = self.by_ancestry(function)
        if duty == "owed" and self._is_called_by_nobody(function):
            return "mild"
        return "mild" if duty in {"owed", "unknown"} and self._scripts.is_script(function.path) else duty

    def by_ancestry(self, function: Function) -> Duty:
        """Tell the same whoever calls the function: never `mild`.

        Raises:
            ToolError: The file, or that of an ancestor, cannot be parsed.
        """
        name = function.node.name
        given = {one.rpartition(".")[2] for one in function.decorators}
        if is_assigned(function) or function.path.endswith(".pyi"):
            return "none"
        if given & _NO_DUTY or function.kind in _ACCESSORS or name.startswith(_HOOKS) or is_stand_in(function):
            return "none"
        if name.startswith("__"):
            return self._of_constructor(function) if name == "__init__" else "none"
        return self._inherited(function)

    def _is_called_by_nobody(self, function: Function) -> bool:
        if function.owner is not None:
            return function.kind == "property"
        if function.name in self._scripts.called_by_guard(function.path):
            return True
        return bool(function.decorators) and self._registrations.holds(function.path, function.name)

    def told_above(self, function: Function) -> frozenset[str] | None:
        """Return the parameters that the methods take which a method of the project overrides; None when there is none.

        A constructor hands some on to that of a base class as well: `super().__init__(size)`.

        Raises:
            ToolError: The file, or that of an ancestor, cannot be parsed.
        """
        if function.owner is None or not function.owner.bases:
            return None
        above = self._relatives.taken_above(function.path, function.owner.name, function.node.name)
        if function.node.name != "__init__":
            return above
        return (above or frozenset()) | frozenset(_handed_up(function))

    def _of_constructor(self, function: Function) -> Duty:
        return self._inherited(function) if function.arguments else "none"

    def _inherited(self, function: Function) -> Duty:
        owner, name = function.owner, function.node.name
        if owner is None or name in _OWN_CONTRACT or not owner.bases:
            return "owed"
        above = self._relatives.above(function.path, owner.name)
        known = {base for one in above.foreign for base in [one.rpartition(".")[2]] if base in _KNOWN_BASES}
        if name in above.members or any(name in _KNOWN_BASES[base] for base in known):
            return "inherited"
        left = frozenset(one for one in above.foreign if one.rpartition(".")[2] not in known)
        found = msgspec.structs.replace(above, foreign=left).inherits(name)
        if found is None:
            return "unknown"
        return "inherited" if found else "owed"


def is_stand_in(function: Function) -> bool:
    """Tell whether a function only says that a package is not installed."""
    if len(function.body) != 1 or not isinstance(function.body[0], ast.Raise):
        return False
    raised = function.body[0].exc
    name = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(name, ast.Name) and name.id in _NOT_INSTALLED


def _handed_up(function: Function) -> Iterator[str]:
    """Yield the names that a constructor gives to that of a base class as they are."""
    for node in function.own_nodes():
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Attribute) and called.attr == "__init__":
            given = [*node.args, *(one.value for one in node.keywords)]
            yield from (one.id for one in given if isinstance(one, ast.Name))

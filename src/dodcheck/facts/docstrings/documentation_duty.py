"""Which functions owe a docstring of their own."""

from typing import Literal, Self

import msgspec

from dodcheck.facts.breaking.relatives import ClassRelatives
from dodcheck.facts.code.functions import Function
from dodcheck.facts.docstrings.docstring_gaps import is_assigned

Duty = Literal["owed", "inherited", "unknown", "none"]

_NO_DUTY = {
    "override", "overload", "register", "field_validator", "model_validator", "validator", "root_validator",
    "field_serializer", "model_serializer", "validates", "hookimpl", "expression", "comparator", "inherit_doc",
    "copy_doc", "wraps", "doc", "Appender", "Substitution", "add_start_docstrings", "replace_return_docstrings",
    "add_docstr", "set_module_doc", "deprecated",
}  # fmt: skip
_ACCESSORS = {"setter", "deleter"}
_HOOKS = "pytest_"  # pytest documents its hooks
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
    """

    def __init__(self, relatives: ClassRelatives) -> None:
        self._relatives = relatives

    @classmethod
    def of(cls, relatives: ClassRelatives) -> Self:
        """Nothing is looked at yet."""
        return cls(relatives)

    def of_function(self, function: Function) -> Duty:
        """Tell whether a public function owes a docstring; `unknown` when a class of another project may have it.

        Overloads, overrides, setters, dunder methods but a constructor with arguments, hooks, validators, and what
        a decorator documents owe none; neither do stubs.

        Raises:
            ToolError: The file, or that of an ancestor, cannot be parsed.
        """
        name = function.node.name
        given = {one.rpartition(".")[2] for one in function.decorators}
        if is_assigned(function) or function.path.endswith(".pyi"):
            return "none"
        if given & _NO_DUTY or function.kind in _ACCESSORS or name.startswith(_HOOKS):
            return "none"
        if name.startswith("__"):
            return self._of_constructor(function) if name == "__init__" else "none"
        return self._inherited(function)

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

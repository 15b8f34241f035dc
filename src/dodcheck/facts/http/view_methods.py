"""Which HTTP methods a view answers: the methods of its class, what its generic bases bring, its decorators."""

import ast
from collections.abc import Iterator

from dodcheck.facts.code.modules import Definition, Function
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.endpoint import ANY
from dodcheck.facts.http.expressions import Expressions, Target

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_SILENT = {"head", "options"}  # answered by every framework whether or not the class says so
_BROUGHT = {
    "ListView": "GET", "DetailView": "GET", "TemplateView": "GET", "ArchiveIndexView": "GET", "RedirectView": "GET",
    "FormView": "GET POST PUT", "CreateView": "GET POST PUT", "UpdateView": "GET POST PUT",
    "DeleteView": "GET POST DELETE", "LoginView": "GET POST PUT", "CreateAPIView": "POST", "ListAPIView": "GET",
    "RetrieveAPIView": "GET", "DestroyAPIView": "DELETE", "UpdateAPIView": "PUT PATCH",
    "ListCreateAPIView": "GET POST", "RetrieveUpdateAPIView": "GET PUT PATCH",
    "RetrieveDestroyAPIView": "GET DELETE", "RetrieveUpdateDestroyAPIView": "GET PUT PATCH DELETE",
}  # fmt: skip
_DECORATORS = {"require_GET": "GET", "require_POST": "POST", "require_safe": "GET"}
_LISTING = {"api_view", "require_http_methods", "action", "route", "list_route", "detail_route"}


class ViewMethods:
    """Methods of views of one side.

    Args:
        expressions: The side.
    """

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def of_view(self, view: Target | None) -> tuple[str, ...]:
        """Return the methods of a function or class; `ANY` where it decides by itself."""
        if view and isinstance(view.node, ast.ClassDef):
            return self.of_class(view) or (ANY,)
        if view and isinstance(view.node, Function):
            return of_decorators(view.node) or (ANY,)
        return (ANY,)

    def of_class(self, view: Target) -> tuple[str, ...]:
        """Return the methods that a class and its bases answer; none when it does not say."""
        found: dict[str, None] = {}
        allowed: list[str] | None = None
        for one in self.lineage(view):
            if isinstance(one.node, ast.ClassDef):
                found.update(dict.fromkeys(n.upper() for n in defined(one.node) if n in _VERBS and n not in _SILENT))
                allowed = allowed if allowed is not None else literal_list(one.node, "http_method_names", "methods")
            else:
                found.update(dict.fromkeys(_BROUGHT.get(one.dotted.rpartition(".")[2], "").split()))
        if allowed is not None:
            kept = {name.upper() for name in allowed}
            return tuple(name for name in found if name in kept) or tuple(sorted(kept))
        return tuple(found)

    def lineage(self, view: Target) -> Iterator[Target]:
        """Yield a class and all that it inherits from."""
        yield view
        if isinstance(view.node, ast.ClassDef) and view.scope:
            yield from self._expressions.bases(view.node, view.scope)


def defined(node: ast.ClassDef) -> dict[str, Function]:
    """Return the methods that a class body defines, by name."""
    return {one.name: one for one in node.body if isinstance(one, Function)}


def literal_list(node: ast.ClassDef, *names: str) -> list[str] | None:
    """Return the words of a list that a class body assigns to one of some names."""
    for one in node.body:
        if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id in names for t in one.targets):
            value = one.value
            if isinstance(value, ast.List | ast.Tuple | ast.Set):
                return [str(e.value) for e in value.elts if isinstance(e, ast.Constant)]
    return None


def of_decorators(node: Definition) -> tuple[str, ...]:
    """Return the methods that decorators of a view name."""
    for mark in node.decorator_list:
        call = mark if isinstance(mark, ast.Call) else None
        name = written(call.func if call else mark).rpartition(".")[2]
        if name in _DECORATORS:
            return (_DECORATORS[name],)
        if name in _LISTING:
            given = [k.value for k in call.keywords if k.arg == "methods"] if call else []
            listed = next(iter([*given, *(call.args[:1] if call else [])]), None)
            elements = listed.elts if isinstance(listed, ast.List | ast.Tuple | ast.Set) else []
            words = [str(e.value).upper() for e in elements if isinstance(e, ast.Constant)]
            return tuple(words) or ("GET",)
    return ()

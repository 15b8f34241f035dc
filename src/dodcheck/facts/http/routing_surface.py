"""Whether a change touches anything that may alter an endpoint, told without reading the rest of the project."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Self

from dodcheck.change import Both, Change, ChangedFile, Side
from dodcheck.facts.code.exports import is_api_file
from dodcheck.facts.code.modules import Function, Modules
from dodcheck.facts.code.writing import written
from dodcheck.facts.http.source_scopes import may_register

_MANIFEST = re.compile(
    r"(^|/)(pyproject\.toml|setup\.(py|cfg)|requirements[^/]*\.(txt|in)|Pipfile|environment\.ya?ml)$"
)
_REQUIREMENTS = re.compile(r"(^|/)requirements/[^/]+\.(txt|in)$")
_FRAMEWORK = re.compile(r"\b(fastapi|starlette|flask|quart|django|djangorestframework|litestar)\b", re.IGNORECASE)
_MAY_MATTER = re.compile(r"^\s*class \w+\(|dataclass|^\s*\w+(: *\w+)? *= *\w?[\"'][^\"'\n]*/", re.MULTILINE)
_CALLS = re.compile(
    r"\b(include_router|register_blueprint|add_url_rule|add_api\w*_route|add_route|add_websocket_route|add_\w*resource"
    r"|api_route|mount|add_namespace|register|urlpatterns|prefix|url_prefix)\b"
)
_Face = tuple[list[str], list[str]]


class RoutingSurface:
    """What of the changed files may matter to endpoints.

    Args:
        change: The change.
        modules: Both sides.
    """

    def __init__(self, change: Change, modules: Both[Modules]) -> None:
        self._change = change
        self._modules = modules

    @classmethod
    def of(cls, change: Change, modules: Both[Modules]) -> Self:
        """Nothing is read yet."""
        return cls(change, modules)

    @cached_property
    def touched(self) -> bool:
        """Some routes, signatures, models or path constants differ, in a project that serves HTTP.

        Raises:
            ToolError: A changed file that may matter cannot be parsed.
        """
        return any(self._differing) and (any(map(self._routes, self._files)) or self._serves)

    @cached_property
    def models_touched(self) -> bool:
        """Some class body differs, so that payloads of endpoints elsewhere may."""
        return any(classes for _, classes in self._differing)

    @property
    def _files(self) -> list[ChangedFile]:
        return [file for file in self._change.files if file.path.endswith(".py") and self._is_code(file)]

    def _is_code(self, file: ChangedFile) -> bool:
        return any(path and is_api_file(path) for path in (file.base_path, file.head_path))

    @cached_property
    def _differing(self) -> list[tuple[bool, bool]]:
        """For each file whose surface differs: whether that is outside of classes, and whether it is in them."""
        found = []
        for file in self._files:
            texts = [self._modules.base.text(file.base_path), self._modules.head.text(file.head_path)]
            if any(may_register(text) or _MAY_MATTER.search(text) for text in texts):
                old = _face(self._modules.base.tree(file.base_path))
                new = _face(self._modules.head.tree(file.head_path))
                if old != new:
                    found.append((old[0] != new[0], old[1] != new[1]))
        return found

    def _routes(self, file: ChangedFile) -> bool:
        sides = ((Side.BASE, file.base_path), (Side.HEAD, file.head_path))
        return any(may_register(self._side(side).text(path)) for side, path in sides)

    def _side(self, side: Side) -> Modules:
        return self._modules.base if side is Side.BASE else self._modules.head

    @cached_property
    def _serves(self) -> bool:
        """The project says that it needs a web framework, or says nothing of what it needs."""
        manifests = [p for p in self._change.head.paths() if _MANIFEST.search(p) or _REQUIREMENTS.search(p)]
        return not manifests or any(_FRAMEWORK.search(self._modules.head.text(path)) for path in manifests)


def _face(tree: ast.Module) -> _Face:
    """Return what of a module may matter, less the classes; and its classes."""
    plain: list[str] = []
    classes: list[str] = []
    for node in tree.body:
        (classes if isinstance(node, ast.ClassDef) else plain).extend(_shown(node))
    return plain, classes


def _shown(node: ast.stmt) -> Iterator[str]:
    """Yield a statement; of a function its decorators, its signature and what its body registers."""
    if isinstance(node, Function):
        yield from map(written, node.decorator_list)
        yield f"{node.name}({written(node.args)}) -> {node.returns and written(node.returns)}"
        yield from filter(_CALLS.search, map(written, node.body))
    elif isinstance(node, ast.ClassDef):
        yield f"class {node.name}({', '.join(map(written, node.bases))})"
        yield from map(written, node.decorator_list)
        for one in node.body:
            yield from _shown(one)
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        yield written(node)

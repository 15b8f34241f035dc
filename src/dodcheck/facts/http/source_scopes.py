"""Scopes of the Python files of one side; a file that the change leaves alone is read once for both sides."""

import re
from threading import RLock
from typing import Self

from dodcheck.change import Both, Change, Side
from dodcheck.errors import ToolError
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.code.scopes import Scope, ScopedModule

_WORDS = (
    "APIRouter", "FastAPI", "starlette", "Starlette", "lask", "Blueprint", "urlpatterns", "include_router(",
    "register_blueprint(", "add_url_rule(", "add_api_route(", "add_route(", "resource(", "api_route(", "rest_framework",
    "Quart", "router.register(",
)  # fmt: skip
_VERBS = tuple(f".{verb}(" for verb in ("get", "post", "put", "patch", "delete", "route", "websocket"))
_DECORATOR = re.compile(r"^[ \t]*@[\w.]+\.(get|post|put|patch|delete|route|websocket)\(", re.MULTILINE)


def may_register(text: str) -> bool:
    """Tell whether a text holds a word of some web framework, or a decorator that may register a route."""
    if any(word in text for word in _WORDS):
        return True
    return "@" in text and any(verb in text for verb in _VERBS) and bool(_DECORATOR.search(text))


class SourceScopes:
    """Scopes by path.

    Args:
        modules: The side.
        shared: The other side, for the files that are the same there; None when there is nothing to share.
        own: The files that differ.
    """

    def __init__(
        self, modules: Modules, shared: "Both[SourceScopes] | None" = None, own: frozenset[str] = frozenset()
    ) -> None:
        self.modules = modules
        self._shared = shared
        self._own = own
        self._known: dict[str, ScopedModule | None] = {}
        self._of_root: dict[Scope, ScopedModule] = {}
        self._registering: dict[str, bool] = {}
        self._unread: dict[str, str] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, side: Side, change: Change, modules: Modules, scopes: "Both[SourceScopes]") -> Self:
        """Nothing is read yet; base takes from head what is the same."""
        own = frozenset(path for file in change.files for path in (file.base_path, file.head_path) if path)
        return cls(modules, scopes if side is Side.BASE else None, own)

    @property
    def unread(self) -> tuple[str, ...]:
        """Why files that the change leaves alone could not be read so far, one line each."""
        shared = self._shared.head.unread if self._shared else ()
        return tuple(dict.fromkeys((*self._unread.values(), *shared)))

    def at(self, path: str) -> ScopedModule | None:
        """Return the scopes of a file; None when it cannot be parsed and the change leaves it alone.

        Raises:
            ToolError: The change touches the file, and it cannot be parsed.
        """
        with self._lock:
            if path not in self._known:
                found = self._read(path)
                self._known[path] = found
                if found:
                    self._of_root[found.root] = found
            return self._known[path]

    def registers(self, path: str) -> bool:
        """Tell, without parsing, whether a file may register routes."""
        if self._shared and path not in self._own:
            return self._shared.head.registers(path)
        with self._lock:
            if path not in self._registering:
                self._registering[path] = self.modules.told(path, bool, may_register)
            return self._registering[path]

    def text(self, path: str) -> str:
        """Return the text of a file."""
        if self._shared and path not in self._own:
            return self._shared.head.text(path)
        return self.modules.text(path)

    def module_of(self, scope: Scope) -> ScopedModule:
        """Return the module that a scope belongs to."""
        while scope.parent is not None:
            scope = scope.parent
        return self._of_root[scope]

    def _read(self, path: str) -> ScopedModule | None:
        if self._shared and path not in self._own:
            return self._shared.head.at(path)
        try:
            return ScopedModule(self.modules.tree(path), path)
        except ToolError as error:
            if path in self._own:
                raise
            self._unread[path] = error.problem
            return None

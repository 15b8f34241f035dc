"""Environment variables that one module reads by calls and subscripts."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.names import names_of
from dodcheck.facts.code.walking import children, walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.reading_context import Strings, Surroundings, fill, filling
from dodcheck.facts.setup.variables import Need, Variable

Template = tuple[str, Need]  # what a wrapper reads, `{}` for its argument, and whether it does without
Wrappers = Callable[[ast.expr], Sequence[Template]]

_METHODS = {"get", "setdefault", "pop"}
_IMPLIED = {  # django-environ's names where the call gives none
    "db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL",
    "email": "EMAIL_URL", "email_url": "EMAIL_URL", "search_url": "SEARCH_URL", "channels_url": "CHANNELS_URL",
}  # fmt: skip
_READERS = {
    "decouple.AutoConfig", "decouple.Config", "starlette.config.Config", "environ.Env", "environ.FileAwareEnv",
    "environs.Env", "environs.FileAwareEnv",
}  # fmt: skip
_CASTS = {
    "str", "bool", "int", "float", "list", "tuple", "dict", "json", "url", "db", "db_url", "dj_db_url", "cache",
    "cache_url", "dj_cache_url", "email", "email_url", "dj_email_url", "search_url", "channels_url", "path", "bytes",
    "decimal", "date", "datetime", "time", "timedelta", "log_level", "enum", "uuid", "get_value", "unicode", "get",
}  # fmt: skip
_WRAPPER = re.compile(
    r"(?!.*(set|del|delete|push|patch|clear|mock|unset|without|update|write|export|remove|pop)_?env)"
    r"(_*(get|parse|read|load)?env(bool|int|str|list|float|secret|path|var|dict)?|(.*_)?(env|environ|environment|env_?vars?)(_.*)?)"
)
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]{2,}")


class _Reads:
    def __init__(self, tree: ast.Module, path: str, imported: Strings, foreign: Wrappers) -> None:
        self.path = path
        self.foreign = foreign
        self.names = names_of(tree)
        self.nodes = list(walk(tree))
        self.around = Surroundings(self.nodes, self.names, imported)
        self.wrappers: dict[str, list[Template]] = {}
        self.opaque: list[tuple[ast.expr, str | None, Need]] = []
        self.readers = {"decouple.config", "environ.Env", "environs.env"}
        self.defaults: set[str] = set()
        self.resolved: set[str | None] = set()
        self.prefixes: dict[str, str] = {}
        self.handed = {name for node in self.nodes if isinstance(node, Function) for name in self._handed(node)}
        self.stand_ins: set[str] = set()  # `env = env or os.environ`
        for node in self.nodes:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
                self._bind(node, node.value)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BoolOp | ast.IfExp):
                either = [part for part in children(node.value) if isinstance(part, ast.expr)]
                if any(self.names.of(part) == "os.environ" for part in either):
                    self.stand_ins.update(map(written, node.targets))

    def _bind(self, node: ast.Assign | ast.AnnAssign, call: ast.Call) -> None:
        if self.names.of(call.func) in _READERS:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            self.readers.update(written(target) for target in targets)
            self.defaults.update(kw.arg for kw in call.keywords if kw.arg and isinstance(kw.value, ast.Tuple))
            given = [text for kw in call.keywords if kw.arg == "env_prefix" for text in self.around.strings(kw.value)]
            self.prefixes.update((written(target), prefix) for target in targets for prefix in given)

    def _handed(self, function: Function) -> Iterator[str]:
        """Yield the parameters that are os.environ unless the caller gives another."""
        args = function.args
        plain = [*args.posonlyargs, *args.args]
        pairs = [*zip(plain[len(plain) - len(args.defaults) :], args.defaults, strict=True)]
        pairs += [(one, value) for one, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value]
        yield from (one.arg for one, value in pairs if self.names.of(value) == "os.environ")

    def variables(self) -> Iterator[Variable]:
        calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        for node in self.nodes:
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and self._is_environ(node.value):
                yield from self._keyed(node.slice, node, "required")
            elif (
                isinstance(node, ast.Compare)
                and isinstance(node.ops[0], ast.In | ast.NotIn)
                and self._is_environ(node.comparators[0])
            ):
                stops = self.around.need(node) == "required"
                yield from self._keyed(node.left, node, "required" if stops else "optional")
            elif isinstance(node, ast.Call):
                yield from self._called(node)
        for call in calls:
            yield from self._wrapped(call)
        yield from self._unresolved()

    def _is_environ(self, node: ast.expr) -> bool:
        if self.names.of(node) == "os.environ":
            return True
        if self.stand_ins and isinstance(node, ast.Name | ast.Attribute) and written(node) in self.stand_ins:
            return True
        if not isinstance(node, ast.Name) or node.id not in self.handed:
            return False
        function = self.around.function(node)
        return function is not None and node.id in self._handed(function)

    def _is_getter(self, func: ast.expr, called: str) -> bool:
        if called == "os.getenv":
            return True
        return isinstance(func, ast.Attribute) and func.attr in _METHODS and self._is_environ(func.value)

    def _called(self, node: ast.Call) -> Iterator[Variable]:
        for kw in node.keywords:
            if kw.arg in {"envvar", "env_var", "auto_envvar"}:
                names = tuple(self.around.strings(kw.value))
                if names:
                    yield Variable(names, "optional", self.path, kw.value.lineno)
        key = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in {"key", "name"}), None)
        called = self.names.of(node.func) or ""
        if key is None:
            yield from self._implied(node, called)
        elif self._is_getter(node.func, called):
            if not self.around.is_dropped(node):  # `os.environ.pop("X")` on its own only takes it away
                yield from self._keyed(key, node, "optional" if len(node.args) + len(node.keywords) > 1 else None)
        elif self._is_reader(node.func, called):
            prefix = self.prefixes.get(written(node.func), "") + self.around.prefix(node)
            for one in self._keyed(key, node, self._default(node, key), literal_only=True):
                name = f"{prefix}{one.names[0]}"
                if _CONSTANT.fullmatch(name.upper()):
                    yield msgspec.structs.replace(one, names=(name,))

    def _implied(self, node: ast.Call, called: str) -> Iterator[Variable]:
        name = _IMPLIED.get(node.func.attr) if isinstance(node.func, ast.Attribute) else None
        if name and self._is_reader(node.func, called):
            preset = any(kw.arg == "default" for kw in node.keywords) or name in self.defaults
            yield Variable((name,), "optional" if preset else "required", self.path, node.lineno)

    def _is_reader(self, func: ast.expr, called: str) -> bool:
        if {called, written(func)} & self.readers:
            return True
        if not isinstance(func, ast.Attribute) or func.attr not in _CASTS:
            return False
        owner = self.names.of(func.value) or ""
        known = {owner, written(func.value)} & self.readers
        return bool(known) or (owner.rpartition(".")[2] in {"env", "ENV"} and func.attr not in {"get", "list", "dict"})

    def _default(self, node: ast.Call, key: ast.expr) -> Need:
        named = any(kw.arg == "default" for kw in node.keywords)
        typed = isinstance(node.func, ast.Attribute) and node.func.attr in _CASTS and len(node.args) > 1
        preset = isinstance(key, ast.Constant) and key.value in self.defaults
        return "optional" if named or typed or preset else "required"

    def _keyed(
        self, key: ast.expr, node: ast.expr, need: Need | None, *, literal_only: bool = False
    ) -> Iterator[Variable]:
        settled = need or self.around.need(node)
        names = self.around.strings(key)
        for name in names:
            spared = isinstance(node, ast.Subscript) and self.around.is_spared(node, name)
            yield Variable((name,), "optional" if spared else settled, self.path, key.lineno)
        if names or literal_only:
            return
        wrapper = self._wrapper(key, node)
        if wrapper:
            self.wrappers.setdefault(wrapper, []).append((_template(key, around=True), settled))
        self.opaque.append((key, wrapper, settled))

    def _wrapper(self, key: ast.expr, node: ast.expr) -> str | None:
        """Return the enclosing function when its parameter is all of the key that is not fixed."""
        function = self.around.function(node)
        open_parts = {one.id for one in walk(key) if isinstance(one, ast.Name)}
        dotted = (one for one in walk(key) if isinstance(one, ast.Attribute))
        if function is None or len(open_parts) != 1 or any(not isinstance(one.value, ast.Constant) for one in dotted):
            return None
        return function.name if open_parts <= _parameters(function) else None

    def _wrapped(self, call: ast.Call) -> Iterator[Variable]:
        called = self.names.of(call.func) or ""
        name = called.rpartition(".")[2]
        if not call.args or self._is_reader(call.func, called) or self._is_getter(call.func, called):
            return
        keys = self.around.strings(call.args[0])
        known = self.wrappers.get(name) or (self.foreign(call.func) if any(map(_CONSTANT.fullmatch, keys)) else ())
        if not keys or (not known and not _WRAPPER.fullmatch(name.lower())):
            return
        strict: Need = "required" if re.search("requir|must|raise", name) else "unknown"
        more = len(call.args) > 1 or any(kw.arg == "default" for kw in call.keywords)
        for key in keys:
            if known or _CONSTANT.fullmatch(key):
                for template, need in known or [("{}", strict)]:
                    names = (template.replace("{}", key),)
                    yield Variable(names, "optional" if more else need, self.path, call.lineno)
                    self.resolved.add(name)

    def _unresolved(self) -> Iterator[Variable]:
        for key, wrapper, need in self.opaque:
            plain = wrapper is not None and isinstance(key, ast.Name)
            if not plain and wrapper not in self.resolved and not self.around.is_written(key):
                yield Variable((_template(key),), need, self.path, key.lineno, dynamic=True)


def _parameters(function: Function) -> set[str]:
    return {arg.arg for arg in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}


def _template(key: ast.expr, *, around: bool = False) -> str:
    """Return a name's fixed and open parts: `f"{p}_KEY"` and `p + "_KEY"` give `{p}_KEY`, or `{}_KEY` when `around`."""
    if isinstance(key, ast.Constant):
        return str(key.value)
    if isinstance(key, ast.JoinedStr):
        return "".join(_template(part, around=around) for part in key.values)
    if isinstance(key, ast.BinOp) and isinstance(key.op, ast.Add):
        return _template(key.left, around=around) + _template(key.right, around=around)
    if filling(key)[1]:
        return fill(key, [_template(part, around=around) for part in filling(key)[1]])
    return "{" + ("" if around else written(key.value if isinstance(key, ast.FormattedValue) else key)) + "}"


def main_lines(tree: ast.Module) -> range:
    """Return the lines of `if __name__ == "__main__":`; in a module of a package they are for trying it out."""
    for node in tree.body:
        if isinstance(node, ast.If) and "__name__" in written(node.test):
            return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return range(0)


def called_variables(tree: ast.Module, path: str, imported: Strings, foreign: Wrappers) -> Iterator[Variable]:
    """Yield what a module reads through os, decouple, django-environ, click, or functions that wrap them.

    Args:
        tree: The module.
        path: Its file.
        imported: Gives the strings behind a name that comes from elsewhere.
        foreign: Gives what a called function of another module reads.
    """
    yield from _Reads(tree, path, imported, foreign).variables()


def wrappers_in(tree: ast.Module, path: str) -> Mapping[str, Sequence[Template]]:
    """Return the functions of a module that read the variable that their argument names."""
    reads = _Reads(tree, path, lambda _: (), lambda _: ())
    list(reads.variables())
    return reads.wrappers

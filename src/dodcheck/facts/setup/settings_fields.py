"""Environment variables that fields of pydantic settings classes stand for."""

import ast
from collections.abc import Callable, Iterator, Mapping

import msgspec

from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.variables import Need, Variable

Origin = Callable[[ast.expr], tuple[str, ast.Module, str] | None]
_Ancestor = tuple[ast.ClassDef, Names]

_ANY = "**"
_OLD_STYLE = "pydantic.BaseSettings"


class _Config:
    """What a settings class says of its names, own words before its bases'."""

    def __init__(self) -> None:
        self.prefix: str | None = ""
        self.delimiter = ""
        self.case_sensitive = False
        self.old_style = False
        self.named: dict[str, list[str]] = {}

    def take(self, key: str, value: ast.expr) -> None:
        """Take one setting; a prefix that is no constant is unknown (None)."""
        said = value.value if isinstance(value, ast.Constant) else None
        if key == "env_prefix":
            self.prefix = said if isinstance(said, str) else None
        elif key == "env_nested_delimiter" and isinstance(said, str):
            self.delimiter = said
        elif key == "case_sensitive":
            self.case_sensitive = said is True
        elif key == "fields":  # pydantic 1: {"url": {"env": "THE_URL"}}
            for name, one in _pairs(value):
                self.named[name] = [alias for part, given in _pairs(one) if part == "env" for alias in _aliases(given)]

    def read(self, node: ast.ClassDef) -> None:
        """Take every setting that a class gives."""
        for kw in node.keywords:
            if kw.arg:
                self.take(kw.arg, kw.value)
        for part in node.body:
            if isinstance(part, ast.ClassDef) and part.name == "Config":
                for line in part.body:
                    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                        self.take(line.targets[0].id, line.value)
            value = getattr(part, "value", None)
            if isinstance(part, ast.Assign | ast.AnnAssign) and _target(part) == "model_config":
                if isinstance(value, ast.Call) and not written(value.func).endswith("ConfigDict"):
                    self.prefix = None  # a function of the project puts the names together
                for key, one in _pairs(value):
                    self.take(key, one)


def settings_variables(tree: ast.Module, path: str, origin: Origin) -> Iterator[Variable]:
    """Yield one variable for each field of the module's settings classes, and of the models that these nest.

    Args:
        tree: The module.
        path: Its file.
        origin: Finds a class that comes from another module: file, tree and name there.
    """
    names = names_of(tree)
    given = _given(tree)
    classes = _classes(tree)
    for node in classes.values():
        line = _lineage(node, classes, names, origin)
        if not line:
            continue
        config = _Config()
        config.old_style = any(its.of(base) == _OLD_STYLE for one, its in line for base in one.bases)
        for one, _ in reversed(line):
            config.read(one)
        reader = _Fields(classes, config, names, path)
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                for found in reader.field(part, part.target.id):
                    yield msgspec.structs.replace(found, need=_met(found.need, part, given.get(node.name, set())))


def _classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in walk(tree) if isinstance(node, ast.ClassDef)}


def _met(need: Need, field: ast.AnnAssign, given: set[str]) -> Need:
    """Weaken a need that code may meet by itself: it names the field, passes a table, or the field is a model."""
    if need != "required" or not isinstance(field.target, ast.Name):
        return need
    if field.target.id in given:
        return "optional"
    model = isinstance(field.annotation, ast.Name) and field.annotation.id.endswith(("Settings", "Config", "Model"))
    return "unknown" if _ANY in given or model else need


def _given(tree: ast.Module) -> dict[str, set[str]]:
    """Return the fields that calls of each class fill in by themselves, by the name of the class."""
    tables = {
        _target(node): {key for key, _ in _pairs(node.value)}
        for node in walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
    found: dict[str, set[str]] = {}
    for node in walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            fields = found.setdefault(node.func.id, set())
            for kw in node.keywords:
                spread = tables.get(kw.value.id) if isinstance(kw.value, ast.Name) else None
                fields |= {kw.arg} if kw.arg else {_ANY} if spread is None else spread
    return found


def _lineage(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], names: Names, origin: Origin) -> list[_Ancestor]:
    """Return a settings class and its bases that are the project's; empty for other classes."""
    for base in node.bases:
        name = (names.of(base) or "").rpartition(".")[2]
        above = classes.get(name)
        inside = _lineage(above, classes, names, origin) if above is not None and above is not node else []
        if not inside and above is None and (found := origin(base)):
            _, tree, there = found
            its = _classes(tree)
            inside = _lineage(its[there], its, names_of(tree), lambda _: None) if there in its else []
        if inside:
            return [(node, names), *inside]
        if name.endswith("BaseSettings"):
            return [(node, names), (above, names)] if above is not None and above is not node else [(node, names)]
    return []


class _Fields:
    def __init__(self, classes: Mapping[str, ast.ClassDef], config: _Config, names: Names, path: str) -> None:
        self._classes = classes
        self._config = config
        self._names = names
        self._path = path

    def field(self, node: ast.AnnAssign, name: str, seen: tuple[str, ...] = ()) -> Iterator[Variable]:
        if name.startswith("_") or name == "model_config" or "ClassVar" in written(node.annotation):
            return
        parts = [part for part in (node.annotation, node.value) if part]
        calls = [one for part in parts for one in walk(part) if _is_field(one, self._names)]
        given = {kw.arg: kw.value for call in calls if isinstance(call, ast.Call) for kw in call.keywords if kw.arg}
        if given.get("init_var") or (isinstance(given.get("init"), ast.Constant) and given.get("exclude")):
            return
        config = self._config
        keys = (key for key in ("validation_alias", "alias", "env") if key in given)
        explicit = [alias for key in keys for alias in _aliases(given[key])] or config.named.get(name, [])
        dynamic = not explicit and config.prefix is None
        own = f"{{prefix}}{name.upper()}" if dynamic else f"{config.prefix or ''}{name}".upper()
        found = Variable(
            tuple(explicit) or (own,),
            _need(node, calls, given, config),
            self._path,
            node.lineno,
            dynamic=dynamic,
            ignore_case=not config.case_sensitive,
            nested=config.delimiter,
        )
        model = self._model(node.annotation) if config.delimiter and not dynamic else None
        if model is None or model.name in seen:
            yield found
        else:
            yield from self._inside(model, found, (*seen, model.name))

    def _inside(self, model: ast.ClassDef, outer: Variable, seen: tuple[str, ...]) -> Iterator[Variable]:
        """Yield the fields of a model under the name of the field that holds it: `APP_DB__URL`."""
        inner = _Config()
        inner.prefix = f"{outer.names[0]}{outer.nested}"
        inner.delimiter, inner.case_sensitive = outer.nested, not outer.ignore_case
        reader = _Fields(self._classes, inner, self._names, self._path)
        for part in model.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                for one in reader.field(part, part.target.id, seen):
                    yield one if outer.need == "required" else msgspec.structs.replace(one, need="optional")

    def _model(self, annotation: ast.expr) -> ast.ClassDef | None:
        """Return the module's own class that a field holds: `Db`, `Db | None`, `Optional[Db]`."""
        if isinstance(annotation, ast.BinOp):
            sides = (self._model(annotation.left), self._model(annotation.right))
            return sides[0] or sides[1]
        if isinstance(annotation, ast.Subscript) and (self._names.of(annotation.value) or "").endswith("Optional"):
            return self._model(annotation.slice)
        found = self._classes.get(annotation.id) if isinstance(annotation, ast.Name) else None
        bases = {(self._names.of(base) or "").rpartition(".")[2] for base in found.bases} if found else set()
        return found if any(base.endswith(("Model", "BaseSettings")) for base in bases) else None


def _is_field(node: ast.AST, names: Names) -> bool:
    return isinstance(node, ast.Call) and (names.of(node.func) or "").rpartition(".")[2] == "Field"


def _need(node: ast.AnnAssign, calls: list[ast.AST], given: Mapping[str, ast.expr], config: _Config) -> Need:
    first = [call.args[0] for call in calls if isinstance(call, ast.Call) and call.args]
    if "default" in given or "default_factory" in given:
        first += [value for key in ("default", "default_factory") if (value := given.get(key))]
    plain = node.value is not None and node.value not in calls
    values = [*first, *([node.value] if plain and node.value else [])]
    if values:
        return "required" if all(isinstance(v, ast.Constant) and v.value is Ellipsis for v in values) else "optional"
    may_lack = config.old_style and any(word in written(node.annotation) for word in ("Optional", "None"))
    return "optional" if may_lack else "required"


def _aliases(value: ast.expr) -> Iterator[str]:
    """Yield the names in a string, a list of strings, or AliasChoices of strings."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.List | ast.Tuple | ast.Set):
        for one in value.elts:
            yield from _aliases(one)
    elif isinstance(value, ast.Call):
        for one in value.args:
            yield from _aliases(one)


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""


def _pairs(value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(value, ast.Call):
        yield from ((kw.arg, kw.value) for kw in value.keywords if kw.arg)
    elif isinstance(value, ast.Dict):
        for key, one in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, one

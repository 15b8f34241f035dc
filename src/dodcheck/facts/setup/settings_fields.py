"""Environment variables that fields of pydantic settings classes stand for."""

import ast
from collections.abc import Iterator, Mapping

import msgspec

from dodcheck.facts.code.names import Names
from dodcheck.facts.code.writing import written
from dodcheck.facts.setup.variables import Need, Variable

_ANY = "**"
_OLD_STYLE = "pydantic.BaseSettings"


class _Config:
    """What a settings class says of its names, own words before its bases'."""

    def __init__(self) -> None:
        self.prefix: str | None = ""
        self.delimiter = ""
        self.case_sensitive = False
        self.old_style = False

    def take(self, key: str, value: ast.expr) -> None:
        """Take one setting; a prefix that is no constant is unknown (None)."""
        said = value.value if isinstance(value, ast.Constant) else None
        if key == "env_prefix":
            self.prefix = said if isinstance(said, str) else None
        elif key == "env_nested_delimiter" and isinstance(said, str):
            self.delimiter = said
        elif key == "case_sensitive":
            self.case_sensitive = said is True

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
                for key, one in _pairs(value):
                    self.take(key, one)


def settings_variables(tree: ast.Module, path: str) -> Iterator[Variable]:
    """Yield one variable for each field of the module's settings classes.

    Args:
        tree: The module.
        path: Its file.
    """
    names = Names(tree)
    given = _given(tree)
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in classes.values():
        line = _lineage(node, classes, names)
        if not line:
            continue
        config = _Config()
        config.old_style = any(names.of(base) == _OLD_STYLE for one in line for base in one.bases)
        for one in reversed(line):
            config.read(one)
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                for found in _field(part, part.target.id, config, names, path):
                    yield msgspec.structs.replace(found, need=_met(found.need, part, given.get(node.name, set())))


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
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            fields = found.setdefault(node.func.id, set())
            for kw in node.keywords:
                spread = tables.get(kw.value.id) if isinstance(kw.value, ast.Name) else None
                fields |= {kw.arg} if kw.arg else {_ANY} if spread is None else spread
    return found


def _lineage(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], names: Names) -> list[ast.ClassDef]:
    """Return a settings class and its bases in the module; empty for other classes."""
    for base in node.bases:
        name = (names.of(base) or "").rpartition(".")[2]
        if name.endswith("BaseSettings"):
            return [node, classes[name]] if name in classes and classes[name] is not node else [node]
        above = classes.get(name)
        if above is not None and above is not node and (line := _lineage(above, classes, names)):
            return [node, *line]
    return []


def _field(node: ast.AnnAssign, name: str, config: _Config, names: Names, path: str) -> Iterator[Variable]:
    if name.startswith("_") or name == "model_config" or "ClassVar" in written(node.annotation):
        return
    calls = [one for part in (node.annotation, node.value) if part for one in ast.walk(part) if _is_field(one, names)]
    given = {kw.arg: kw.value for call in calls if isinstance(call, ast.Call) for kw in call.keywords if kw.arg}
    if given.get("init_var") or (isinstance(given.get("init"), ast.Constant) and given.get("exclude")):
        return
    explicit = [alias for key in ("validation_alias", "alias", "env") if key in given for alias in _aliases(given[key])]
    dynamic = not explicit and config.prefix is None
    own = f"{{prefix}}{name.upper()}" if dynamic else f"{config.prefix or ''}{name}".upper()
    yield Variable(
        tuple(explicit) or (own,),
        _need(node, calls, given, config),
        path,
        node.lineno,
        dynamic=dynamic,
        ignore_case=not config.case_sensitive,
        nested=config.delimiter,
    )


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

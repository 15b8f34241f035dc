"""What excuses a function that does nothing, to the rule `stubs`: others write it, or nothing is what it is for."""

import ast
import importlib
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from dodcheck.facts.code.class_tree import Family, defines
from dodcheck.facts.code.functions import Function
from dodcheck.facts.code.modules import Definition
from dodcheck.facts.code.walking import walk
from dodcheck.facts.code.writing import written
from dodcheck.facts.stubs.stub_bodies import Stub, is_made_up
from dodcheck.patterns import pattern

OVERRIDES = "it overrides a method of a base"
_DECLARED = {"overload", "abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod"}
_DECLARED |= {"singledispatch", "singledispatchmethod", "hookspec", "hookimpl", "fixture", "group", "callback"}
_DECLARED |= {"result_callback", "dispatch", "extern", "external"}
_ABSTRACT = {"ABC", "ABCMeta", "Protocol", "Interface", "TypedDict"}
_PLAIN = {"object", "BaseModel", "BaseSettings", "Struct", "SQLModel", "RootModel"}  # bases with nothing to override
_ERROR = pattern(r"(Error|Exception|Warning|Exit|Interrupt)$")
_BASE_NAME = pattern(r"^_*(Base|Abstract|I[A-Z][a-z])|(Base|Mixin|MixIn|Interface|Protocol|ABC)$")
_NOTHING_NAME = pattern(
    r"^_*(Null|No(?=[A-Z])|No[oO]p|Noop|Dummy|Fake|Stub|Mock|Empty|Void|Disabled|Silent|Blackhole|Anonymous|Nop)"
    r"|(Null|Noop|NoOp|Dummy|Stub)$"
)
_NOTHING_FUNCTION = pattern(r"(^|_)(noop|no_op|nop|nothing|dummy|null|void|ignore|blackhole)(_|$)")
_HOOK = pattern(
    r"(on|before|after|pre|visit|depart)_\w+|init_app|ready|model_post_init|startup|shutdown|a?close|flush|clean_?up|dispose"
)
_HOOK_ANYWHERE = pattern(
    r"pytest_\w+|(set|tear)_?(up|down)(_(module|class|method|function|package))?|(async)?([sS]etUp|[tT]earDown)(Class|Module)?"
    r"|includeme|(un)?load_ipython_extension"
)
_FOR_HEIRS = pattern(
    r"overrid|overwrit|sub-?class|(child|derived|concrete) class|inherit|implement(ed|ing|ors?) by"
    r"|(must|should|to) implement|\babstract\b",
    re.IGNORECASE,
)
_ON_PURPOSE = pattern(
    r"no[- ]?op\b|(does|do|is|has) nothing|nothing (to do|happens)|\bhooks?\b|\bignored?\b|intentional|deliberate"
    r"|(not|un) ?support(ed)?|deprecated|compatib|always (return|true|false|none|empty)|any custom|your own"
    r"|extension point",
    re.IGNORECASE,
)
_DUTIES = {  # the one method that a class of this base is written for
    "Module": {"forward"},
    "LightningModule": {"forward", "training_step", "validation_step"},
    "BaseEstimator": {"fit", "predict", "transform", "predict_proba"},
    "TransformerMixin": {"fit", "transform"},
    "ClassifierMixin": {"fit", "predict", "predict_proba"},
    "RegressorMixin": {"fit", "predict"},
    "BaseCommand": {"handle"},
    "Thread": {"run"},
    "Process": {"run"},
    "BaseOperator": {"execute"},
    "APIView": {"get", "post", "put", "patch", "delete"},
    "MethodView": {"get", "post", "put", "patch", "delete"},
    "View": {"get", "post", "put", "patch", "delete"},
    "Resource": {"get", "post", "put", "patch", "delete"},
    "HTTPEndpoint": {"get", "post", "put", "patch", "delete"},
}
_LIBRARY = {  # modules of the standard library that are safe to look into
    "abc", "argparse", "ast", "asyncio", "builtins", "cmd", "code", "codecs", "collections", "collections.abc",
    "concurrent.futures", "configparser", "contextlib", "csv", "email", "enum", "html.parser", "http.client",
    "http.cookiejar", "http.server", "io", "json", "logging", "logging.handlers", "multiprocessing", "numbers",
    "optparse", "pathlib", "pickle", "queue", "random", "selectors", "socketserver", "string", "tempfile",
    "threading", "types", "typing", "unittest", "urllib.request", "xml.sax.handler", "zipfile",
}  # fmt: skip


class Place(NamedTuple):
    """A function with what its excuse rests on.

    Args:
        function: The function.
        stub: What it says in place of code.
        family: The relatives of its class; None for a plain function.
        tree: Its module.
        said: Its docstring and its comments.
        hooks: Names that the configuration calls hooks.
    """

    function: Function
    stub: Stub
    family: Family | None
    tree: ast.Module
    said: str
    hooks: Collection[str]

    @property
    def is_owed(self) -> bool:
        """It implements what a base of the project leaves to others, in a class that does nothing else."""
        found = defines(self.family.ancestors, self.function.node.name) if self.family else None
        owner = self.function.owner
        if owner is None or not isinstance(found, Definition):
            return False
        marks = {written(one).rpartition(".")[2] for one in found.decorator_list}
        own = [one for one in owner.body if isinstance(one, Definition) and not one.name.startswith("__")]
        return (bool(marks & _DECLARED) or _is_hollow(found)) and all(map(_is_hollow, own))


def is_public(function: Function) -> bool:
    """Tell whether no underscore stands on the way to a function, whatever its module is called."""
    return not function.is_local and not any(part.startswith("_") for part in function.name.split("."))


def is_declaration(function: Function, tree: ast.Module) -> bool:
    """Tell whether a function of a module has its body elsewhere: abstract, overloaded, dispatched, or a protocol's."""
    marks = {mark.rpartition(".")[2] for mark in function.decorators}
    owner = function.owner
    metaclasses = [written(one.value) for one in owner.keywords if one.arg == "metaclass"] if owner else []
    bases = [written(b.value if isinstance(b, ast.Subscript) else b) for b in owner.bases] if owner else []
    abstract = not _ABSTRACT.isdisjoint(one.rpartition(".")[2] for one in (*bases, *metaclasses))
    return abstract or bool(marks & _DECLARED) or _is_for_checkers(function, tree)


def excuse(place: Place) -> str | None:
    """Return why a function may do nothing; None when nothing speaks for it."""
    return next(filter(None, _excuses(place)), None)


def _excuses(place: Place) -> Iterator[str | None]:
    """Yield excuses; a note to write the code later leaves room for few of them."""
    function, family = place.function, place.family
    if family is not None and _is_written(function, family):
        yield "a subclass overrides it"
    certain = place.stub.kind in {"placeholder", "empty", "not-implemented"}
    if place.stub.kind == "placeholder" or (place.stub.noted and certain):
        return
    yield _by_name(place)
    yield _as_method(place, family) if family is not None else _as_function(place)
    purpose = place.stub.kind != "not-implemented" and _ON_PURPOSE.search(place.said)
    if purpose or (family is not None and _FOR_HEIRS.search(place.said)):
        yield "its author says so"


def _is_written(function: Function, family: Family) -> bool:
    found = (defines([heir], function.node.name) for heir in family.heirs)
    return any(one is not None and not (isinstance(one, Definition) and _is_hollow(one)) for one in found)


def _is_hollow(node: ast.AST) -> bool:
    """Tell whether a definition does nothing, or nothing but refuse."""
    body = getattr(node, "body", [])
    return all(isinstance(s, ast.Pass | ast.Raise) or isinstance(getattr(s, "value", None), ast.Constant) for s in body)


def _by_name(place: Place) -> str | None:
    function = place.function
    name, owner = function.node.name, function.owner
    if name in place.hooks:
        return "the configuration names it as a hook"
    if place.stub.kind == "not-implemented":
        return None
    if _HOOK_ANYWHERE.fullmatch(name) or (owner is not None and _HOOK.fullmatch(name)):
        return "its name is that of a hook"
    if _NOTHING_FUNCTION.search(name) or (owner is not None and _NOTHING_NAME.search(owner.name)):
        return "its name says that it does nothing"
    return None


def _as_method(place: Place, family: Family) -> str | None:
    function, kind = place.function, place.stub.kind
    owner = function.owner.name if function.owner else ""
    datum = kind in {"constant", "sample"} and not function.arguments and not is_made_up(function)
    reasons = (
        (kind == "not-implemented" and family.heirs, "its class is a base of others"),
        (kind == "not-implemented" and _BASE_NAME.search(owner), "its class is a base by name"),
        (any(_ERROR.search(one) for one in (owner, *family.foreign)), "its class is an exception"),
        (defines(family.ancestors, function.node.name), OVERRIDES),
        (datum, "it is a datum of its class"),
        (function.kind in {"setter", "deleter"}, "its property need not be set"),
    )
    told = next((why for holds, why in reasons if holds), None)
    return told or next((why for base in family.foreign if (why := _of_foreign(base, function.node.name))), None)


def _of_foreign(base: str, name: str) -> str | None:
    """Tell whether a base that is not the project's may have the method; of the standard library it is known."""
    module, _, last = base.rpartition(".")
    if last in _PLAIN or name in _DUTIES.get(last, ()):
        return None
    if (module or "builtins") in _LIBRARY:
        found = getattr(importlib.import_module(module or "builtins"), last, None)
        return f"it overrides a method of {base}" if hasattr(found, name) else None
    return f"{base} may have the method"


def _as_function(place: Place) -> str | None:
    function = place.function
    name = function.node.name
    if place.stub.kind in {"constant", "sample"} and not function.arguments and _is_datum(function, place.stub):
        return "it is a named datum"
    if any(_is_default(node, name) for node in walk(place.tree)):
        return "it is a default for a callback"
    twins = sum(1 for node in walk(place.tree) if isinstance(node, ast.stmt) and name in _bound(node))
    return "the module has it twice, for different circumstances" if twins > 1 else None


def _is_datum(function: Function, stub: Stub) -> bool:
    """Tell whether a function without arguments names a value; that nothing, all or none is meant says less."""
    if is_made_up(function):
        return False
    last = function.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    return stub.kind == "sample" or (isinstance(value, ast.Constant) and bool(value.value) and value.value is not True)


def _is_default(node: ast.AST, name: str) -> bool:
    """Tell whether a node offers a function where no other is given."""
    offered: list[ast.expr | None] = []
    if isinstance(node, ast.arguments):
        offered = [*node.defaults, *node.kw_defaults]
    elif isinstance(node, ast.BoolOp):
        offered = [*node.values]
    elif isinstance(node, ast.IfExp):
        offered = [node.body, node.orelse]
    elif isinstance(node, ast.keyword) and node.arg in {"default", "default_factory", "factory"}:
        offered = [node.value]
    return any(isinstance(one, ast.Name) and one.id == name for one in offered)


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return {t.id for t in node.targets if isinstance(t, ast.Name)} if isinstance(node, ast.Assign) else set()


def _is_for_checkers(function: Function, tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.If) and "TYPE_CHECKING" in written(node.test) and node.lineno <= function.line <= end
        for node in walk(tree)
        if (end := getattr(node, "end_lineno", None) or 0)
    )

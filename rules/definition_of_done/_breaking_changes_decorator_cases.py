"""Cases of the rule `breaking-changes`: decorated functions, and who calls them."""

from ._breaking_changes_trees import GET, MUST, fails, passes

_REGISTRY = """class Rule:
    def __init__(self, check, name):
        self.check, self.name = check, name


RULES = {}


def rule(name):
    def bind(check):
        RULES[name] = Rule(check, name)
        return RULES[name]

    return bind


def hook(function):
    RULES[function.__name__] = function
    return function
"""
_RULE = _REGISTRY.replace("RULES[name] = Rule(check, name)\n        return RULES[name]", "return Rule(check, name)")
_WRAPPER = """import functools


CALLS = []


def traced(name):
    def wrap(function):
        CALLS.append(function)

        @functools.wraps(function)
        def call(*args, **kwargs):
            return function(*args, **kwargs)

        return call

    return wrap


class Memo:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args):
        return self.function(*args)


def memo(size):
    def wrap(function):
        return Memo(function)

    return wrap


def marked(function):
    function.marked = True
    return function
"""


def _decorated(decorator: str, code: str, module: str = _RULE) -> dict[str, str]:
    made = f"from shop.registry import {decorator.partition('(')[0]}\n\n\n@{decorator}\n{code}"
    return {"shop/__init__.py": "", "shop/registry.py": module, "shop/plugin.py": made}


_PLUGINS = {"src/shop/__init__.py": "", "src/shop/registry.py": _RULE, "plugins/__init__.py": ""}
_PLUGIN = "from shop import registry\n\n\n@registry.rule('a')\n"


def _method(decorator: str, parameters: str) -> str:
    return f"import pluggy\n\n\nclass A:\n    @{decorator}\n    def get(self, {parameters}):\n        return 1\n"


DECORATORS = [
    passes(
        "a decorator of the project registers the function, and gives back no function",
        _decorated("rule('a')", GET),
        _decorated("rule('a')", MUST),
    ),
    passes(
        "a decorator from another folder of the project registers the function",
        _PLUGINS | {"plugins/first.py": _PLUGIN + GET},
        _PLUGINS | {"plugins/first.py": _PLUGIN + MUST},
    ),
    passes(
        "a bare decorator stores the function",
        _decorated("hook", GET, _REGISTRY),
        _decorated("hook", MUST, _REGISTRY),
    ),
    fails(
        "a registered function that the package hands on",
        _decorated("hook", GET, _REGISTRY) | {"shop/__init__.py": "from .plugin import get\n"},
        _decorated("hook", MUST, _REGISTRY) | {"shop/__init__.py": "from .plugin import get\n"},
    ),
    fails(
        "a decorator that wraps what it also stores",
        _decorated("traced('a')", GET, _WRAPPER),
        _decorated("traced('a')", MUST, _WRAPPER),
    ),
    fails(
        "a decorator that gives back an object to be called",
        _decorated("memo(1)", GET, _WRAPPER),
        _decorated("memo(1)", MUST, _WRAPPER),
    ),
    fails(
        "a decorator that marks the function",
        _decorated("marked", GET, _WRAPPER),
        _decorated("marked", MUST, _WRAPPER),
    ),
    fails(
        "a cached function",
        f"import functools\n\n\n@functools.lru_cache(1)\n{GET}",
        f"import functools\n\n\n@functools.lru_cache(1)\n{MUST}",
    ),
    fails(
        "a context manager",
        f"from contextlib import contextmanager\n\n\n@contextmanager\n{GET}",
        f"from contextlib import contextmanager\n\n\n@contextmanager\n{MUST}",
    ),
    passes("a hook", _method("pluggy.hookimpl", "a"), _method("pluggy.hookimpl", "a, b")),
    fails("a static method", _method("staticmethod", "a"), _method("staticmethod", "a, b")),
]

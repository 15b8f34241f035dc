"""Environment variables behind the validators of dynaconf.

`Dynaconf(envvar_prefix="APP")` takes `APP_DB__URL` for the setting `db.url`; which settings there are, only
validators say (https://www.dynaconf.com/envvars, https://www.dynaconf.com/validation).
"""

import ast
from collections.abc import Iterator

from dodcheck.facts.code.names import Names, names_of
from dodcheck.facts.code.walking import walk
from dodcheck.facts.setup.variables import Need, Variable

_SETTINGS = {"Dynaconf", "LazySettings"}
_FILES = {"settings_files", "settings_file", "preload", "includes"}


def dynaconf_variables(tree: ast.Module, path: str) -> Iterator[Variable]:
    """Yield one variable for each setting that a validator of the module names.

    Whether files give the setting is not known here: one that must exist is `unknown` where there are files.

    Args:
        tree: The module.
        path: Its file.
    """
    names = names_of(tree)
    calls = [node for node in walk(tree) if isinstance(node, ast.Call)]
    made = [call for call in calls if _last(names, call) in _SETTINGS and _is_dynaconf(names, call)]
    if not made:
        return
    given = {kw.arg: kw.value for call in made for kw in call.keywords if kw.arg}
    prefix = given.get("envvar_prefix", ast.Constant("DYNACONF"))
    if not isinstance(prefix, ast.Constant):
        return
    start = f"{prefix.value.upper()}_" if isinstance(prefix.value, str) else ""
    strict: Need = "unknown" if given.keys() & _FILES else "required"
    for call in calls:
        if _last(names, call) == "Validator":
            need = strict if _must_exist(call) else "optional"
            for one in call.args:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    name = one.value.upper().replace(".", "__")
                    yield Variable((f"{start}{name}",), need, path, one.lineno, ignore_case=True, nested="__")


def _last(names: Names, call: ast.Call) -> str:
    return (names.of(call.func) or "").rpartition(".")[2]


def _is_dynaconf(names: Names, call: ast.Call) -> bool:
    return (names.of(call.func) or "").partition(".")[0] == "dynaconf"


def _must_exist(call: ast.Call) -> bool:
    given = {kw.arg: kw.value for kw in call.keywords}
    said = given.get("must_exist", given.get("required"))
    return isinstance(said, ast.Constant) and said.value is True and "default" not in given

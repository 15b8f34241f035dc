"""Cases of the rule `breaking-changes`: records, other surfaces, behaviour."""

from dodcheck.run import Outcome, Suite

from ._breaking_changes_decorator_cases import DECORATORS
from ._breaking_changes_python_cases import PYTHON
from ._breaking_changes_schema_cases import SCHEMA, SURROUNDINGS
from ._breaking_changes_trees import (
    APP,
    CLI,
    ENV,
    GET,
    GONE,
    KIND,
    MODEL,
    PROJECT,
    ROUTE,
    SCRIPTS,
    TREE,
    WARNED,
    asks,
    fails,
    log,
    passes,
    silent,
)

RECORDS = [
    passes(
        "the changelog names it and what to use",
        GET,
        {"shop/__init__.py": GONE, **log("`get` is gone: use `fetch`", "Removed")},
    ),
    fails("the changelog names it and no way on", GET, {"shop/__init__.py": "X = 1\n", **log("`get`", "Removed")}),
    fails(
        "the changelog speaks of something else",
        GET,
        {"shop/__init__.py": GONE, **log("`post` is gone: use `send`", "Removed")},
    ),
    fails("the changelog has it under Added", GET, {"shop/__init__.py": GONE, **log("a faster `get`", "Added")}),
    passes(
        "a fragment names it",
        GET,
        {"shop/__init__.py": GONE, "changelog.d/12.removal.md": "`shop.get` was renamed to `shop.fetch`.\n"},
    ),
    passes(
        "a footer names it", GET, GONE, messages=["feat: fetch\n\nBREAKING CHANGE: shop.get is fetch now, call fetch"]
    ),
    passes(
        "an exclamation mark, and the body names it",
        GET,
        GONE,
        messages=["feat!: rename\n\nReplace `get` by `fetch`."],
    ),
    fails("an exclamation mark, and nothing names it", GET, GONE, messages=["feat!: better names"]),
    fails("an ordinary message is no flag", GET, GONE, messages=["Replace get by fetch"]),
    passes(
        "the notes name it",
        GET,
        GONE,
        notes="## Breaking changes\n\n- `get` is called `fetch` now: rename the calls\n",
    ),
    fails("the notes say that there is none", GET, GONE, notes="## Breaking changes\n\nNone.\n"),
    passes("a flag, and nothing that breaks", GET, f"{GET}\n\ndef more():\n    pass\n", messages=["feat!: more"]),
    passes(
        "a removal that was announced for this version",
        {"shop/__init__.py": WARNED.format("2.0")},
        {"shop/__init__.py": "X = 1\n", "pyproject.toml": PROJECT.format("2.0.0", "")},
    ),
    passes(
        "a parameter of a class goes in the version that the class's docstring announced",
        {"shop/__init__.py": KIND},
        {"shop/__init__.py": KIND.replace(", kind=None", ""), "pyproject.toml": PROJECT.format("2.0.0", "")},
    ),
    fails(
        "a removal before the announced version",
        {"shop/__init__.py": WARNED.format("2.0")},
        {"shop/__init__.py": "X = 1\n"},
    ),
    asks(
        "a removal that was announced for no version",
        {"shop/__init__.py": WARNED.replace(" and will be removed in version {}", "")},
        {"shop/__init__.py": "X = 1\n"},
    ),
    fails(
        "a break in a minor version",
        GET,
        {
            "shop/__init__.py": GONE,
            "pyproject.toml": PROJECT.format("1.5.0", ""),
            **log("`get` is gone: use `fetch`", "Removed"),
        },
    ),
    passes(
        "a break in a major version",
        GET,
        {
            "shop/__init__.py": GONE,
            "pyproject.toml": PROJECT.format("2.0.0", ""),
            **log("`get` is gone: use `fetch`", "Removed"),
        },
    ),
]

SURFACES = [
    fails(
        "an option is gone",
        {"shop/cli.py": CLI},
        {"shop/cli.py": CLI.replace("'--rate'", "'--speed'")},
        tree=SCRIPTS,
    ),
    passes(
        "an option has one more name",
        {"shop/cli.py": CLI},
        {"shop/cli.py": CLI.replace("'--rate'", "'--rate', '-r'")},
        tree=SCRIPTS,
    ),
    fails(
        "an option became required",
        {"shop/cli.py": CLI},
        {"shop/cli.py": CLI.replace("default=1", "required=True")},
        tree=SCRIPTS,
    ),
    asks(
        "an option has another default",
        {"shop/cli.py": CLI},
        {"shop/cli.py": CLI.replace("default=1", "default=2")},
        tree=SCRIPTS,
    ),
    asks(
        "an option of a program that nobody installs",
        {"train.py": CLI},
        {"train.py": CLI.replace("'--rate'", "'--speed'")},
        tree=APP,
    ),
    fails(
        "an environment variable has another name",
        {"shop/db.py": ENV},
        {"shop/db.py": ENV.replace("DB_URL", "DATABASE_URL")},
        tree=APP,
    ),
    passes(
        "an environment variable has another name, and the notes say so",
        {"shop/db.py": ENV},
        {"shop/db.py": ENV.replace("DB_URL", "DATABASE_URL")},
        tree=APP,
        notes="## Breaking changes\n\n- set SHOP_DATABASE_URL in place of SHOP_DB_URL\n",
    ),
    fails(
        "an endpoint is gone",
        {"shop/web.py": ROUTE},
        {"shop/web.py": ROUTE.replace("@router.get('/users')\n", "")},
        tree=APP,
    ),
    passes(
        "an endpoint moved, and a footer says so",
        {"shop/web.py": ROUTE},
        {"shop/web.py": ROUTE.replace("'/users'", "'/people'")},
        tree=APP,
        messages=["feat!: people\n\nBREAKING CHANGE: call `GET /people` in place of `GET /users`"],
    ),
    fails(
        "an endpoint needs one more field",
        {"shop/web.py": MODEL},
        {"shop/web.py": MODEL.replace("    name: str\n", "    name: str\n    mail: str\n")},
        tree=APP,
    ),
    fails(
        "a key of a response has another name",
        {"shop/web.py": ROUTE},
        {"shop/web.py": ROUTE.replace("user_name", "name")},
        tree=APP,
    ),
    fails("a script is no longer installed", {"shop/cli.py": CLI, **SCRIPTS}, {"shop/cli.py": CLI, **TREE}),
    fails(
        "a Python version is dropped",
        {"pyproject.toml": PROJECT.format("1.4.0", 'requires-python = ">=3.10"\n')},
        {"pyproject.toml": PROJECT.format("1.4.0", 'requires-python = ">=3.11"\n')},
    ),
    passes(
        "a Python version is dropped, and the changelog says so",
        {"pyproject.toml": PROJECT.format("1.4.0", 'requires-python = ">=3.10"\n')},
        {
            "pyproject.toml": PROJECT.format("1.4.0", 'requires-python = ">=3.11"\n'),
            **log("Drop support for Python 3.10", "Removed"),
        },
    ),
]

_TEST = {"tests/test_shop.py": "def test_get():\n    assert True\n"}
_OTHER = {"tests/test_shop.py": "def test_get():\n    assert 1\n"}
_FAILED = Suite.reporting(Outcome("tests/test_shop.py::test_get", "failed", "assert 1 == 2", "tests/test_shop.py", 2))
_PASSED = Suite.reporting(Outcome("tests/test_shop.py::test_get", "passed"))
_BODY = {"shop/__init__.py": "def get(url, timeout=30):\n    return url\n"}

BEHAVIOUR = [
    asks(
        "an old test fails on the new code",
        {"shop/__init__.py": GET, **_TEST},
        {**_BODY, **_OTHER},
        runs={"base tests on head pytest": _FAILED, "head pytest": _PASSED, "base pytest": _PASSED},
    ),
    passes(
        "an old test fails on the new code, and the break is told",
        {"shop/__init__.py": GET, **_TEST},
        {**_BODY, **_OTHER},
        runs={"base tests on head pytest": _FAILED, "head pytest": _PASSED, "base pytest": _PASSED},
        messages=["feat!: get returns the url alone"],
    ),
    silent("without runs the signatures decide", {"shop/__init__.py": GET, **_TEST}, {**_BODY, **_OTHER}, fast=True),
]

CASES = [*PYTHON, *DECORATORS, *RECORDS, *SURFACES, *SCHEMA, *SURROUNDINGS, *BEHAVIOUR]

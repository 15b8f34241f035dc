"""Precision and recall of the static endpoint model, against the routes that applications have once they are imported.

python benchmarks/endpoint_recall.py --python PYTHON FOLDER=KIND:TARGET [FOLDER=KIND:TARGET ...]

PYTHON is an interpreter that can import the applications. FOLDER is the root that modules are imported from; KIND is
`fastapi`, `flask` (TARGET is `package.module:app`, or a factory's name) or `django` (TARGET is a settings module).
`tutorials:PACKAGE` takes every module of a folder such as `docs_src` of FastAPI that has an `app`, each by itself.

Paths are compared with anonymous parameters. Routes for static files and those that a framework adds by itself
(OpenAPI and its pages, HEAD and OPTIONS, the admin of Django) are left out on both sides.
"""

import argparse
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from dodcheck.change import TreeSnapshot
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.http.endpoint import ANY, anonymous
from dodcheck.facts.http.endpoints import Endpoints
from dodcheck.facts.http.source_scopes import SourceScopes
from dodcheck.testing import NoSyntaxReader

Keys = set[tuple[str, str]]

IMPORTED = r"""
import importlib, json, os, re, sys
sys.path.insert(0, "")
kind, targets = sys.argv[1], sys.argv[2:]

def starlette(routes, prefix=""):
    for one in routes:
        path = prefix + getattr(one, "path", "")
        name = type(one).__name__
        inner = getattr(one, "routes", None) or getattr(getattr(one, "app", None), "routes", None)
        if name == "Mount":
            yield from starlette(inner or [], path)
        elif "WebSocket" in name:
            yield "WEBSOCKET", path
        elif hasattr(one, "original_router") or name.startswith("_Included"):
            for context in one.effective_route_contexts():
                route = context.original_route
                if "WebSocket" in type(route).__name__:
                    yield "WEBSOCKET", prefix + context.path
                else:
                    yield from ((m, prefix + context.path) for m in (context.methods or ["ANY"]))
        elif getattr(one, "endpoint", None) is not None and one.endpoint.__module__ != "fastapi.applications":
            yield from ((m, path) for m in (one.methods or ["ANY"]))

def flask(app):
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.endswith("static"):
            yield from ((m, rule.rule) for m in rule.methods)

def django(patterns, prefix=""):
    from django.urls import URLPattern
    for one in patterns:
        text = prefix + re.sub(r"^\^|\$$", "", str(one.pattern))
        if not isinstance(one, URLPattern):
            file = getattr(getattr(one, "urlconf_module", None), "__file__", None) or os.getcwd()
            if getattr(one, "app_name", None) != "admin" and file.startswith(os.getcwd()):
                yield from django(one.url_patterns, text)
            continue
        view = one.callback
        actions = getattr(view, "actions", None)
        cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
        if actions:
            methods = actions
        elif cls is not None:
            methods = [m for m in cls.http_method_names if hasattr(cls, m)]
        else:
            methods = ["ANY"]
        if getattr(view, "__module__", "") == "django.views.static":
            continue
        if "format" not in text and getattr(cls, "__name__", "") != "APIRootView":
            yield from ((m.upper(), text) for m in methods)

found = {}
for target in targets:
    try:
        if kind == "django":
            os.environ["DJANGO_SETTINGS_MODULE"] = target
            import django as package
            package.setup()
            from django.urls import get_resolver
            found[target] = sorted(set(django(get_resolver().url_patterns)))
            continue
        module, _, name = target.partition(":")
        app = getattr(importlib.import_module(module), name)
        if kind == "flask":
            found[target] = sorted(set(flask(app() if not hasattr(app, "url_map") else app)))
        else:
            found[target] = sorted(set(starlette(app.routes)))
    except BaseException as error:
        print(f"{target}: {type(error).__name__}: {error}", file=sys.stderr)
print("\n" + json.dumps(found))
"""


def imported(python: str, folder: Path, kind: str, targets: list[str]) -> Mapping[str, Keys]:
    """Return the routes of each target that could be imported."""
    command = [python, "-c", IMPORTED, kind, *targets]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    print(ran.stderr, end="")
    if ran.returncode:
        raise SystemExit(f"{python} could not import {targets}")
    found: dict[str, list[list[str]]] = json.loads(ran.stdout.splitlines()[-1])
    return {target: kept({(m, p) for m, p in routes}) for target, routes in found.items()}


def kept(keys: Keys) -> Keys:
    """Return keys as they are compared."""
    return {(m, _plain(p)) for m, p in keys if m not in {"HEAD", "OPTIONS", "TRACE"}}


def _plain(path: str) -> str:
    from dodcheck.facts.http.url_patterns import as_template  # noqa: PLC0415 - only for the regular expressions of Django

    return anonymous(as_template(path, regex="(?P<" in path))


def read(files: Mapping[str, str]) -> Keys:
    """Return what the static model finds."""
    snapshot = TreeSnapshot("head", files)
    found = Endpoints(snapshot, SourceScopes(Modules(snapshot, NoSyntaxReader()))).all
    return kept({(one.method, one.path) for one in found})


def texts(folder: Path, under: Path) -> Mapping[str, str]:
    """Return the Python files under a folder, by their paths below another."""
    chosen = [under] if under.is_file() else under.rglob("*.py")
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8", errors="replace") for p in chosen}


def tutorials(folder: Path, package: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield each module with an app, with the files that it may import."""
    root = folder / package
    for file in sorted(root.rglob("*.py")):
        if "= FastAPI(" in file.read_text(encoding="utf-8"):
            module = ".".join(file.relative_to(folder).with_suffix("").parts)
            alone = file.parent.parent == root
            yield (
                f"{module}:app",
                {p.partition("/")[2]: t for p, t in texts(folder, file if alone else file.parent).items()},
            )


def compared(name: str, truth: Keys, model: Keys, *, verbose: bool) -> tuple[int, int, int]:
    """Print the differences of one application; return hits, extra and missing."""
    anything = {path for method, path in model | truth if method == ANY}
    truth, model = ({(ANY if p in anything else m, p) for m, p in keys} for keys in (truth, model))
    if verbose and truth != model:
        print(f"{name}: extra {sorted(model - truth)}, missing {sorted(truth - model)}")
    return len(truth & model), len(model - truth), len(truth - model)


def main() -> None:
    """Compare and print the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("applications", nargs="+", help="FOLDER=KIND:TARGET")
    parser.add_argument("--python", required=True)
    parser.add_argument("--verbose", action="store_true", help="print every difference")
    asked = parser.parse_args()
    for text in asked.applications:
        where, _, what = text.partition("=")
        kind, _, target = what.partition(":")
        folder = Path(where).resolve()
        pairs = dict(tutorials(folder, target)) if kind == "tutorials" else {target: texts(folder, folder)}
        truths = imported(asked.python, folder, "fastapi" if kind == "tutorials" else kind, list(pairs))
        rows = [compared(name, keys, read(pairs[name]), verbose=asked.verbose) for name, keys in truths.items()]
        if not rows:
            print(f"{text}: nothing of it could be imported, so there is nothing to compare")
            continue
        hits, extra, missing = (sum(column) for column in zip(*rows, strict=True))
        exact = sum(1 for row in rows if not row[1] and not row[2])
        precision, recall = hits / max(1, hits + extra), hits / max(1, hits + missing)
        print(f"{text}: {len(rows)} apps, {exact} exact, {hits + missing} routes, P {precision:.3f} R {recall:.3f}")


if __name__ == "__main__":
    main()

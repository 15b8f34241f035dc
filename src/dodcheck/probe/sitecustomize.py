"""Point an editable install at the tree under test, in pytest and in every Python that it starts.

`DODCHECK_ROOT` is the work tree that an editable install names, `DODCHECK_TREE` the
scratch tree that must be imported in its place.
"""

import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _moved(path: str, root: str, tree: str) -> str:
    """Return where a path of the work tree stands in the scratch tree; other paths as they are."""
    real = os.path.realpath(path)
    if real != root and not real.startswith(root + os.sep):
        return path
    if real == os.path.realpath(_HERE):  # dodcheck checks itself: the probe is no code under test
        return path
    if real.startswith(os.path.realpath(sys.prefix) + os.sep):  # a virtual environment inside the work tree
        return path
    return tree + real[len(root) :]


def _point_at(root: str, tree: str) -> None:
    sys.path[:] = [_moved(entry, root, tree) if entry else entry for entry in sys.path]
    for finder in sys.meta_path:
        module = sys.modules.get(getattr(finder, "__module__", ""))
        mapping = getattr(module, "MAPPING", None)  # setuptools' editable finder keeps its table here
        if isinstance(mapping, dict):
            mapping.update({name: _moved(path, root, tree) for name, path in mapping.items()})
        spaces = getattr(module, "NAMESPACES", None)
        if isinstance(spaces, dict):
            spaces.update({name: [_moved(p, root, tree) for p in paths] for name, paths in spaces.items()})


def _run_next() -> None:
    """Run the sitecustomize that this one hides."""
    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


_root, _tree = os.environ.get("DODCHECK_ROOT"), os.environ.get("DODCHECK_TREE")
if _root and _tree:
    _point_at(os.path.realpath(_root), _tree)
_run_next()

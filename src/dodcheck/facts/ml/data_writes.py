"""Files that a module writes itself: what it reads back is made by the code, not data that somebody has to version."""

import ast
import re

from dodcheck.facts.code.modules import Function
from dodcheck.facts.code.scopes import ScopedModule
from dodcheck.facts.code.writing import written
from dodcheck.facts.ml.data_paths import target_of
from dodcheck.facts.ml.ml_calls import MlCall

_METHODS = {"to_csv", "to_parquet", "to_pickle", "to_json", "to_feather", "to_hdf", "to_excel", "write_csv",
            "write_parquet", "sink_parquet", "save_binary"}  # fmt: skip
_ARRAYS = re.compile(r"(np|numpy)\.(save|savez|savez_compressed|savetxt)")
_DOWNLOADS = re.compile(r"\b(requests|urllib|urlretrieve|urlopen|wget|gdown|httpx|kaggle|boto3|curl)\b")
_PATHS = ("path_or_buf", "path", "fname", "file", "excel_writer")


def written_files(source: ScopedModule, text: str) -> frozenset[str]:
    """Return the paths that a module writes data to, as the code names them.

    Args:
        source: The module.
        text: Its code; what it downloads and then writes is data of somebody else's.
    """
    downloads = bool(_DOWNLOADS.search(text))
    found = set()
    for one in source.placed[ast.Call]:
        node = one.node
        if isinstance(node, ast.Call) and _writes(node, downloads=downloads):
            named = next((each.value for each in node.keywords if each.arg in _PATHS), None)
            target = target_of(node.args[0] if node.args else named, one.scope)
            found |= {target.text} if target.kind == "file" and target.whole else set()
    return frozenset(found)


def is_handed_on(read: MlCall, source: ScopedModule) -> bool:
    """Tell whether the path of a read goes to a function of the module first, which may write the file."""
    paths = {one.id for one in read.node.args[:1] if isinstance(one, ast.Name)}
    for one in source.placed[ast.Call]:
        node = one.node
        if not isinstance(node, ast.Call) or one.scope is not read.scope or node.lineno >= read.line:
            continue
        own = isinstance(node.func, ast.Name) and any(
            isinstance(each.value, Function) for each in source.root.bound.get(node.func.id, ())
        )
        given = [*node.args, *(each.value for each in node.keywords)]
        if own and any(isinstance(each, ast.Name) and each.id in paths for each in given):
            return True
    return False


def _writes(node: ast.Call, *, downloads: bool) -> bool:
    func = node.func
    if isinstance(func, ast.Attribute):
        return func.attr in _METHODS or bool(_ARRAYS.fullmatch(written(func)))
    modes = [*node.args[1:2], *(one.value for one in node.keywords if one.arg == "mode")]
    opens = isinstance(func, ast.Name) and func.id == "open" and not downloads
    return opens and any(isinstance(one, ast.Constant) and str(one.value)[:1] in {"w", "x"} for one in modes)

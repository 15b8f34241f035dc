"""Reads of data that the change introduces: what each reads, and what says which version of it."""

import ast
import re
from collections.abc import Hashable, Iterator
from typing import ClassVar, Literal, NamedTuple

from dodcheck.facts.code.modules import Modules
from dodcheck.facts.ml.data_paths import Target, literal_of, target_of
from dodcheck.facts.ml.data_writes import is_handed_on, written_files
from dodcheck.facts.ml.frameworks import Kind
from dodcheck.facts.ml.ml_calls import MlCall, MlCalls
from dodcheck.facts.ml.new_uses import NewUses

Source = Literal["file", "address", "hub", "model", "environment", "given"]

_FILE_READERS = re.compile(
    r"pandas\.read_(csv|table|parquet|json|feather|excel|hdf|pickle|orc|fwf|sas|stata|spss|xml)"
    r"|polars\.(read|scan)_\w+|numpy\.(load|loadtxt|genfromtxt|fromfile|memmap)|h5py\.File"
    r"|duckdb\.(read_\w+|from_parquet|from_csv_auto)|xgboost\.(DMatrix|QuantileDMatrix)|lightgbm\.Dataset"
    r"|keras\.utils\.(\w+_dataset_from_directory|get_file)"
)
_BUILDERS = {
    "csv",
    "json",
    "parquet",
    "text",
    "arrow",
    "pandas",
    "imagefolder",
    "audiofolder",
    "webdataset",
    "xml",
    "sql",
}
_HUB_ID = re.compile(r"^[\w.-]+(/[\w.-]+)?$")
_ARGUMENTS = (
    "filepath_or_buffer",
    "path",
    "source",
    "io",
    "file",
    "path_or_buf",
    "fname",
    "filename",
    "name",
    "data",
    "directory",
)
_VERSIONED = re.compile(
    r"^(lakefs|dvc)://|/[0-9a-f]{7,64}/|[?&](version|versionId|revision|ref|sha)=|[@/_-]v?\d+\.\d+|/v\d+/|[_-]v\d+\b|zenodo\.org/|doi\.org/"
    r"|figshare\.com/|@[0-9a-f]{7,40}\b|20\d\d[-_/]?[01]\d[-_/]?[0-3]\d|[-_/]20\d\d-[01]\d\b",
)
_CHECKED = re.compile(
    r"\b(sha1|sha256|sha512|md5|hashlib|blake2b|checksum|file_hash|known_hash|md5_hash|log_inputs?|use_artifact)\b"
)


class DataRead(NamedTuple):
    """One read of data.

    Args:
        call: The call.
        source: Where the data comes from; `hub` is a data set of the Hugging Face hub, `model` one of its models.
        text: The path, address or name.
        whole: The text is all of it.
        version: What says the version in the code itself; empty when nothing does.
    """

    call: MlCall
    source: Source
    text: str
    whole: bool
    version: str


class NewDataReads(NewUses[DataRead]):
    """Reads of data in the change's source that base does not have."""

    kinds: ClassVar[tuple[Kind, ...]] = ("learning", "data")

    def read(self, path: str, calls: MlCalls, modules: Modules) -> Iterator[DataRead]:
        """See `NewUses.read`."""
        learns = calls.uses(path)
        for call in calls.at(path):
            if call.name == "datasets.load_dataset":
                yield _of_hub(call)
            elif call.name.startswith("transformers.") and call.name.endswith(".from_pretrained"):
                yield from _of_model(call)
            elif learns and _FILE_READERS.fullmatch(call.name) and not _writes(call):
                one = _of_file(call, _around(call, modules.text(path)))
                yield _made_here(one, calls, modules.text(path)) if one.source == "file" else one

    def identity(self, one: DataRead) -> Hashable:
        """See `NewUses.identity`."""
        return one.source, one.text


def _made_here(one: DataRead, calls: MlCalls, text: str) -> DataRead:
    source = calls.scopes(one.call.path)
    if one.whole and one.text in written_files(source, text):
        return one._replace(version="this module writes it")
    return one._replace(whole=one.whole and not is_handed_on(one.call, source))


def _writes(call: MlCall) -> bool:
    mode = literal_of(call.argument("mode", 1), call.scope) if call.name == "h5py.File" else None
    return bool(mode and mode[0] in "wax")


def _of_file(call: MlCall, around: str) -> DataRead:
    first = call.node.args[0] if call.node.args else None
    node = first or next((found for name in _ARGUMENTS if (found := call.argument(name))), None)
    if call.name.endswith("get_file"):
        node = call.argument("origin", 1)
    target: Target = target_of(node, call.scope)
    if target.kind == "address" and _VERSIONED.search(target.text):
        return DataRead(call, "address", target.text, target.whole, "the address names a version")
    checked = _CHECKED.search(around)
    return DataRead(call, target.kind, target.text, target.whole, f"`{checked[0]}` beside it" if checked else "")


def _of_hub(call: MlCall) -> DataRead:
    name = literal_of(call.argument("path", 0), call.scope)
    if name is None:
        return DataRead(call, "given", "", whole=False, version="")
    if name in _BUILDERS:
        files = call.argument("data_files")
        target = target_of(files, call.scope) if not isinstance(files, ast.Dict | ast.List) else Target("given")
        return DataRead(call, target.kind, target.text, target.whole, "")
    if call.argument("revision") is not None or call.is_open:
        return DataRead(call, "hub", name, whole=True, version="`revision`" if not call.is_open else "`**`")
    if not _HUB_ID.fullmatch(name) or name.startswith(".") or name.endswith((".py", ".json")):
        return DataRead(call, "file", name, whole=True, version="")
    return DataRead(call, "hub", name, whole=True, version="")


def _of_model(call: MlCall) -> Iterator[DataRead]:
    name = literal_of(call.argument("pretrained_model_name_or_path", 0), call.scope)
    if name and _HUB_ID.fullmatch(name) and not name.startswith(".") and not call.is_open:
        version = "`revision`" if call.argument("revision") is not None else ""
        yield DataRead(call, "model", name, whole=True, version=version)


def _around(call: MlCall, text: str) -> str:
    """Return the function around a call, else the whole module."""
    node = call.scope.node
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
    return "\n".join(text.splitlines()[first - 1 : last])

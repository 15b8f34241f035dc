"""Data files that the change commits to git itself."""

import re
from typing import Self

import msgspec

from dodcheck.change import Change

_DATA = re.compile(
    r"\.(csv|tsv|parquet|feather|arrow|npy|npz|h5|hdf5|pkl|pickle|joblib|jsonl|ndjson|xlsx?|dta|sav|rds|avro|orc|tfrecords?"
    r"|db|sqlite3?|mat|pt|pth|ckpt|bin|safetensors|onnx|zip|tar|gz|bz2|xz|zst|7z)$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(^|/)(node_modules|vendor(ed)?|third[-_]party|static|assets)/", re.IGNORECASE)
_POINTER = b"version https://git-lfs.github.com/spec/"


class DataFile(msgspec.Struct, frozen=True):
    """One data file.

    Args:
        path: The file.
        size: Its size in bytes.
        pointer: It is a pointer of Git LFS; the data are elsewhere.
    """

    path: str
    size: int
    pointer: bool


class NewDataFiles(msgspec.Struct, frozen=True):
    """Data files that are new, or new in content.

    Args:
        found: One entry each, tests and documents left out.
    """

    found: tuple[DataFile, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Look at the size of each; what only moved counts for nothing."""
        files = [file for file in change.at_head() if _DATA.search(file.path) and not _ASIDE.search(file.path)]
        own = [file for file in files if file.role not in {"test", "docs", "lock"} and file.status != "type-changed"]
        new = [file for file in own if change.base.blob(file.base_path or "") != change.head.blob(file.path)]
        read = [(file.path, change.head.read_bytes(file.path) or b"") for file in new]
        return cls(tuple(DataFile(path, len(data), data.startswith(_POINTER)) for path, data in read))

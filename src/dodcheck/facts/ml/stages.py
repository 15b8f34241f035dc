"""Which stages of a pipeline a module carries out by itself: loading, preprocessing, training, evaluation."""

import re
from collections.abc import Iterator, Mapping
from threading import RLock
from typing import Literal, Self

from dodcheck.facts.ml.ml_calls import MlCall, MlCalls

Stage = Literal["loading", "preprocessing", "training", "evaluation"]

STAGES: tuple[Stage, ...] = ("loading", "preprocessing", "training", "evaluation")
_LOADS = re.compile(
    r"(pandas|polars)\.(read|scan)_\w+|numpy\.(loadtxt|genfromtxt)|datasets\.(load_dataset|load_from_disk)|h5py\.File"
    r"|(torchvision|torchaudio|torchtext)\.datasets\.\w+|sklearn\.datasets\.(load|fetch)_\w+|keras\.datasets\.[\w.]+"
    r"|tensorflow_datasets\.load|keras\.utils\.\w+_dataset_from_directory|duckdb\.(read_\w+|from_parquet)"
)
_PREPARES = re.compile(
    r"sklearn\.(preprocessing|feature_extraction|decomposition|impute|feature_selection|compose|random_projection)\..*"
    r"(fit|fit_transform|transform)|imblearn\..*fit_(re)?sampl\w*|torchvision\.transforms\.(v2\.)?Compose"
    r"|pandas\.(get_dummies|.*\.(fillna|dropna))|polars\..*\.(fill_null|drop_nulls|to_dummies)|datasets\..*\.map"
    r"|keras\.layers\..*\.adapt|keras\.utils\.(to_categorical|pad_sequences)|keras\.preprocessing\..*"
)


class Stages:
    """Stages by file of one side.

    Args:
        calls: The calls of frameworks of the side.
    """

    def __init__(self, calls: MlCalls) -> None:
        self._calls = calls
        self._known: dict[str, Mapping[Stage, MlCall]] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, calls: MlCalls) -> Self:
        """Nothing is read yet."""
        return cls(calls)

    def at(self, path: str | None) -> Mapping[Stage, MlCall]:
        """Return the first call of each stage that a file carries out.

        Raises:
            ToolError: The file names a framework and cannot be parsed.
        """
        if not path:
            return {}
        with self._lock:
            if path not in self._known:
                found: dict[Stage, MlCall] = {}
                for stage, call in self._read(path):
                    found.setdefault(stage, call)
                self._known[path] = found
            return self._known[path]

    def _read(self, path: str) -> Iterator[tuple[Stage, MlCall]]:
        for call in self._calls.at(path):
            if _LOADS.fullmatch(call.name):
                yield "loading", call
            elif _PREPARES.fullmatch(call.name):
                yield "preprocessing", call
            elif call.has("trains"):
                yield "training", call
            elif call.certain and call.has("evaluates"):
                yield "evaluation", call

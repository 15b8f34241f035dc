"""What of the data a tree versions: by git itself, by DVC's files, by lakeFS."""

import re
from collections.abc import Iterator
from functools import cached_property
from posixpath import normpath
from typing import Any, Self

import yaml

from dodcheck.change import Snapshot
from dodcheck.errors import ToolError

_TEMPLATE = re.compile(r"\$\{|\{\{")


class DataVersions:
    """Versioned data of one side.

    Args:
        snapshot: The side.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Nothing is read yet."""
        return cls(snapshot)

    def of_file(self, path: str, reader: str) -> str | None:
        """Tell what versions a data file.

        Args:
            path: As the code names it: from the root, from the folder of the code, or the end of a path.
            reader: The module that reads it.

        Returns:
            Words for evidence; None when nothing of the tree versions it.

        Raises:
            ToolError: A file of DVC's is not well-formed.
        """
        folder = reader.rpartition("/")[0]
        ways = {normpath(path), normpath(f"{folder}/{path}")}
        while folder:
            folder = folder.rpartition("/")[0]
            ways.add(normpath(f"{folder}/{path}" if folder else path))
        for one in ways:
            if self._snapshot.blob(one) is not None or f"{one}/" in self._folders:
                return f"git has {one}"
        tail = normpath(path).lstrip("./")
        for file, tracked in self._tracked:
            if any(tracked == way or way.startswith(f"{tracked}/") or tracked.startswith(f"{way}/") for way in ways):
                return f"{file} tracks {tracked}"
            if tracked.endswith(f"/{tail}"):
                return f"{file} tracks {tracked}"
        return None

    @cached_property
    def tool(self) -> str | None:
        """The file that tells of a tool for versions of data; None when there is none."""
        return next((path for path in self._snapshot.paths() if _is_dvc(path) or path.startswith(".dvc/")), None)

    def size_of(self, path: str, reader: str) -> int | None:
        """Return the size in bytes of a data file, out of the tree or as DVC noted it; None when nothing tells.

        Args:
            path: As the code names it.
            reader: The module that reads it.

        Raises:
            ToolError: A file of DVC's is not well-formed.
        """
        folder = reader.rpartition("/")[0]
        for one in {normpath(path), normpath(f"{folder}/{path}".lstrip("/"))}:
            data = self._snapshot.read_bytes(one)
            if data is not None:
                return len(data)
            noted = self._yaml(f"{one}.dvc") if self._snapshot.blob(f"{one}.dvc") is not None else None
            outs = noted.get("outs") if isinstance(noted, dict) else None
            sizes = [out.get("size") for out in outs or () if isinstance(out, dict)]
            if sizes and isinstance(sizes[0], int):
                return sizes[0]
        return None

    def stage_of(self, module: str) -> str | None:
        """Tell which stage of a pipeline runs a module and keeps its parameters, metrics and outputs.

        Raises:
            ToolError: A file of DVC's is not well-formed.
        """
        for path, name, command in self._recorded:
            if module.removeprefix(path.removesuffix("dvc.yaml")) in command:
                return f"stage {name} of {path}"
        return None

    @cached_property
    def _recorded(self) -> tuple[tuple[str, str, str], ...]:
        """Each stage that keeps a record: its file, its name, its command."""
        found: list[tuple[str, str, str]] = []
        for path in self._snapshot.paths():
            data: Any = self._yaml(path) if path.rpartition("/")[2] == "dvc.yaml" else None
            stages = data.get("stages") if isinstance(data, dict) else None
            for name, stage in stages.items() if isinstance(stages, dict) else ():
                if isinstance(stage, dict) and _keeps(stage, data):
                    found.append((path, str(name), str(stage.get("cmd"))))
        return tuple(found)

    @cached_property
    def _folders(self) -> frozenset[str]:
        found = set()
        for path in self._snapshot.paths():
            folder = path.rpartition("/")[0]
            while folder and f"{folder}/" not in found:
                found.add(f"{folder}/")
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def _tracked(self) -> tuple[tuple[str, str], ...]:
        """Each file of DVC's with each path that it tracks, from the root."""
        return tuple(
            (path, normpath(f"{path.rpartition('/')[0]}/{one}".lstrip("/")))
            for path in self._snapshot.paths()
            if _is_dvc(path)
            for one in self._named(path)
            if not _TEMPLATE.search(one)
        )

    def _named(self, path: str) -> Iterator[str]:
        data = self._yaml(path)
        stages = data.get("stages") if isinstance(data, dict) else None
        tables = [data, *(stages.values() if isinstance(stages, dict) else ())]
        for table in (one for one in tables if isinstance(one, dict)):
            folder = table.get("wdir", ".")
            for key in ("deps", "outs", "artifacts"):
                listed = table.get(key)
                for one in listed if isinstance(listed, list | dict) else ():
                    named = one.get("path") or next(iter(one), "") if isinstance(one, dict) else one
                    yield f"{folder}/{named}"

    def _yaml(self, path: str) -> Any:  # noqa: ANN401 - whatever the file holds
        try:
            return yaml.safe_load(self._snapshot.read(path) or "")
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise ToolError(f"{path}: {str(error).splitlines()[0]}", "mend the file") from error


def _keeps(stage: dict[str, Any], document: dict[str, Any]) -> bool:
    """Tell whether a stage has outputs and parameters, and it or the document has metrics."""
    metrics = stage.get("metrics") or document.get("metrics")
    return bool(metrics and stage.get("params") and stage.get("outs"))


def _is_dvc(path: str) -> bool:
    name = path.rpartition("/")[2]
    return (name.endswith(".dvc") and name != ".dvc") or name in {"dvc.yaml", "dvc.lock"}

"""The exported surface of one side: which functions and classes other projects may use."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from threading import RLock
from typing import Self

from dodcheck.change import Snapshot
from dodcheck.facts.code.module_face import ModuleFace, is_private, read_face
from dodcheck.facts.code.modules import Modules
from dodcheck.patterns import pattern
from dodcheck.roles import role_of

_SUFFIXES = (".py", "/__init__.py", ".pyi", "/__init__.pyi")
_STUB_SUFFIXES = (".pyi", "/__init__.pyi", ".py", "/__init__.py")  # stubs see the stubs of other modules
_INITS = ("/__init__.py", "/__init__.pyi")
_NOT_API = pattern(
    r"^(docs?|docs_src|documentation|website|samples?|demos?|typing[-_](tests|examples))/"
    r"|(^|/)(examples?|bench(marks?)?|asv_bench|_?vendor(ed)?|third[-_]party|node_modules|site-packages)/"
    r"|(^|/)docs?/([^/]+/)*conf\.py$|_pb2(_grpc)?\.pyi?$"
)
_GENERATED = pattern(
    r"@generated\b|\b(?i:auto-?|automatically )(?i:generated)\b|^[ \t]*#+[ \t]*(?i:generated (by|from|with))\b"
    r"|\bDO NOT (EDIT|MODIFY)\b",
    re.MULTILINE,
)
_HANDS_ON = pattern(r"\A\S*\b__init__\.pyi?\n|\b__all__\b|\b(\w+) as \1\b|^\w+( *:.*)? *= *[\w.]+ *$", re.MULTILINE)
_OWN = pattern(r"\b__all__\b|^\w+( *:.*)? *= *\w+ *$", re.MULTILINE)
_WORD = pattern(r"\w+")
_HEADER = pattern(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*")


def is_private_path(path: str) -> bool:
    """Tell whether a folder on the way to a module, or the module itself, has a private name."""
    file = PurePosixPath(path)
    return any(map(is_private, [*file.parts[:-1], file.stem]))


def is_api_file(path: str) -> bool:
    """Tell whether a file can hold public API: Python source, no test, documentation, example or vendored copy."""
    return path.endswith((".py", ".pyi")) and role_of(path) == "source" and not _NOT_API.search(path)


def is_generated(text: str) -> bool:
    """Tell whether the comments at the top of a file say that a program wrote it."""
    header = _HEADER.match(text)
    return bool(header and _GENERATED.search(header[0]))


class Exports:
    """Who may use what, read off underscores, `__all__` and what public modules import.

    Args:
        snapshot: The side.
        modules: Its syntax trees.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._faces: dict[str, ModuleFace] = {}
        self._words: dict[tuple[str, str], Mapping[str, frozenset[str]]] = {}
        self._words_by_file: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
        self._lock = RLock()

    @classmethod
    def of(cls, snapshot: Snapshot, modules: Modules) -> Self:
        """Nothing is read yet."""
        return cls(snapshot, modules)

    def is_public(self, path: str, name: str) -> bool:
        """Tell whether a class, function or method is public.

        `__all__` decides over underscores both ways; else a name without underscores in a module without
        underscores is public, and so is whatever a public package or module hands on.

        Args:
            path: File of the module.
            name: Qualified name in the module.

        Raises:
            ToolError: A module that may hand it on cannot be parsed.
        """
        head, *members = name.split(".")
        if any(map(is_private, members)) or not is_api_file(path):
            return False
        with self._lock:
            face = self._face(path)
            if face.listed is not None and head in face.listed:
                return True
            hidden = face.listed is not None and not face.open_ended
            if not hidden and not is_private(head) and not is_private_path(path):
                return True
            return bool(self.places(path, head))

    def places(self, path: str, name: str) -> tuple[tuple[str, str], ...]:
        """Return the public modules (file and name there) that hand a top-level name of a module on."""
        with self._lock:
            if (path, name) not in self._known:
                self._known[path, name] = tuple(self._places(path, name, set()))
            return self._known[path, name]

    def handed_on(self, path: str) -> frozenset[tuple[str, str]]:
        """Return what a public module hands on of others: file and top-level name of what it imports.

        Raises:
            ToolError: The module, or one that it imports with a star, cannot be parsed.
        """
        if (
            not is_api_file(path)
            or is_private_path(path)
            or not _HANDS_ON.search(f"{path}\n{self._modules.text(path)}")
        ):
            return frozenset()
        with self._lock:
            face = self._face(path)
            found = {origin for name, origin in face.origins.items() if _shows(path, face, name)}
            for star in face.stars:
                found.update((star, name) for name in self._face(star).shown)
            return frozenset((file, name) for file, name in found if file != path)

    def shown(self, path: str) -> frozenset[str]:
        """Return the top-level names that a public module shows, its own and those that it hands on.

        Raises:
            ToolError: The module, or one that it imports with a star, cannot be parsed.
        """
        if not is_api_file(path) or is_private_path(path):
            return frozenset()
        with self._lock:
            face = self._face(path)
            handed = {name for name in face.origins if _shows(path, face, name)}
            handed.update(*(self._face(star).shown for star in face.stars))
            own = {name for name in face.defined if not is_private(name)}
            if face.listed is not None:
                return frozenset(face.listed | (own if face.open_ended else set()))
            return frozenset(own - {*face.origins} | handed)

    def listed(self, path: str) -> frozenset[str] | None:
        """Return what a module's `__all__` lists; None when it has none."""
        with self._lock:
            found = self._face(path).listed
        return None if found is None else frozenset(found)

    def own_face(self, path: str) -> tuple[object, ...]:
        """Return what in a module decides over the visibility of its own names, to compare two sides of it."""
        with self._lock:
            face = self._face(path) if _OWN.search(self._modules.text(path)) else ModuleFace()
            own = {name: origin for name, origin in face.origins.items() if origin[0] == path}
            return face.listed, face.open_ended, own

    def _places(self, path: str, name: str, seen: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        seen.add((path, name))
        for module, local in self._importers(path, name):
            face = self._face(module)
            if (module, local) in seen:
                continue
            if not is_private_path(module) and _shows(module, face, local):
                yield module, local
            if module != path:
                yield from self._places(module, local, seen)

    def _importers(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        file = PurePosixPath(path)
        stem = file.parent.name if file.stem == "__init__" else file.stem
        near = self._facades(path.rpartition("/")[0], self._top(path))
        handing = [p for p, words in near.items() if p != path and stem in words and not words.isdisjoint({name, "*"})]
        for module in [path, *handing]:
            face = self._face(module)
            yield from ((module, local) for local, origin in face.origins.items() if origin == (path, name))
            if path in face.stars and name in self._face(path).shown:
                yield module, name

    def _facades(self, folder: str, top: str) -> Mapping[str, frozenset[str]]:
        """Words of what may hand on what a folder defines: packages in it and beside it, modules around it."""
        key = (folder, top)
        if key not in self._words:
            prefix = f"{top}/" if top else ""
            beside = prefix.count("/")
            around = {folder, *(str(one).removeprefix(".") for one in PurePosixPath(folder).parents)}
            self._words[key] = {
                p: self._words_of(p)
                for p in self._python
                if (p.endswith(_INITS) and (p.startswith(prefix) or p.count("/") == beside))
                or (p.startswith(prefix) and p.rpartition("/")[0] in around)
            }
        return self._words[key]

    def _words_of(self, path: str) -> frozenset[str]:
        """Words of a module, and `*` where it imports with a star; told without parsing."""
        if path not in self._words_by_file:
            text = self._modules.text(path)
            self._words_by_file[path] = frozenset([*_WORD.findall(text), *(["*"] if "import *" in text else [])])
        return self._words_by_file[path]

    @cached_property
    def has_stubs(self) -> bool:
        """The side has stubs beside its modules."""
        return any(path.endswith(".pyi") for path in self._python)

    @cached_property
    def _python(self) -> list[str]:
        return [p for p in self._snapshot.paths() if is_api_file(p)]

    def _top(self, path: str) -> str:
        """Return the folder of the outermost package around a file; its own folder when there is none."""
        folder = path.rpartition("/")[0]
        around = [str(one) for one in PurePosixPath(path).parents[:-1]]
        packages = [one for one in around if any(self._modules.exists(f"{one}{init}") for init in _INITS)]
        return packages[-1] if packages else folder

    def _face(self, path: str) -> ModuleFace:
        if path not in self._faces:
            root = PurePosixPath(self._top(path)).parent
            tree = self._modules.tree(path)
            self._faces[path] = read_face(tree, path, lambda name, level: self._find(name, level, path, root))
        return self._faces[path]

    def _find(self, module: str, level: int, importer: str, root: PurePosixPath) -> str | None:
        around = PurePosixPath(importer).parents
        if level > len(around):
            return None
        stem = (around[level - 1] if level else root).joinpath(*filter(None, module.split(".")))
        suffixes = _STUB_SUFFIXES if importer.endswith(".pyi") else _SUFFIXES
        return next((p for p in (f"{stem}{s}".removeprefix("./") for s in suffixes) if self._modules.exists(p)), None)

    def definition(self, path: str, name: str) -> tuple[str, str]:
        """Return where a top-level name comes from: file and name there, by way of imports inside the project.

        Raises:
            ToolError: A module on the way cannot be parsed.
        """
        seen = set()
        with self._lock:
            while (path, name) not in seen:
                seen.add((path, name))
                face = self._face(path)
                starred = [] if name in face.defined else [s for s in face.stars if name in self._face(s).shown]
                path, name = face.origins.get(name, (starred[0] if starred else path, name))
        return path, name


def _shows(path: str, face: ModuleFace, name: str) -> bool:
    """Tell whether a module hands on what it imports under a name: by `__all__`, else a package if no underscore."""
    if face.listed is not None and (name in face.listed or not face.open_ended):
        return name in face.listed
    return not is_private(name) and (PurePosixPath(path).stem == "__init__" or name in face.explicit)

"""Test files of one side, read when asked for, and where their helpers and fixtures stand."""

import ast
from threading import RLock
from typing import Self

from dodcheck.errors import ToolError
from dodcheck.facts.code.import_paths import ImportPaths
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.suites.collection import Collection
from dodcheck.facts.suites.suites import SuiteModule, SuiteTest
from dodcheck.patterns import pattern
from dodcheck.roles import role_of

_ANYTHING = pattern("")
_FIXTURES = pattern(r"\bfixture\b")


class SuiteFiles:
    """Test files by path.

    Args:
        modules: The side.
        collection: What its runner takes for a test.
    """

    def __init__(self, modules: Modules, collection: Collection) -> None:
        self._modules = modules
        self.collection = collection
        self._known: dict[str, SuiteModule | None] = {}
        self._imports = ImportPaths(modules, _ANYTHING)
        self._fixtures = ImportPaths(modules, _FIXTURES)
        self._lock = RLock()

    @classmethod
    def of(cls, modules: Modules, collection: Collection) -> Self:
        """Nothing is read yet."""
        return cls(modules, collection)

    def at(self, path: str) -> SuiteModule:
        """Return one file.

        Raises:
            ToolError: The running Python cannot parse it.
        """
        with self._lock:
            known = self._known.get(path)
            if known is None:
                text = self._modules.text(path)
                known = self._known[path] = SuiteModule(path, text, self._modules.tree(path), self.collection)
            return known

    def find(self, module: str, importer: str) -> str | None:
        """Return the file of a module by its dotted name; None when it is not the project's."""
        return self._imports.find(module, 0, importer)

    def function(self, name: str, module: SuiteModule) -> SuiteTest | None:
        """Return what a name of a file calls, if that is a function of the tests.

        Args:
            name: The name as written, dotted or not.
            module: The file.
        """
        if name in module.helpers and "." not in name:
            return module.helpers[name]
        dotted = module.names.bound.get(name.partition(".")[0])
        if dotted is None:
            return None
        whole = ".".join([dotted, *name.split(".")[1:]])
        owner, _, last = whole.rpartition(".")
        return self._member(owner, last, module.path)

    def constant(self, name: str, module: SuiteModule) -> tuple[ast.expr, SuiteModule] | None:
        """Return what a name is assigned, in the file or where it is imported from, with the file."""
        if name in module.tables:
            return module.tables[name], module
        dotted = module.names.bound.get(name.partition(".")[0])
        owner, _, last = ".".join([dotted or "", *name.split(".")[1:]]).rpartition(".")
        path = self.find(owner, module.path) if dotted and owner else None
        there = self._quietly(path) if path and path != module.path else None
        return (there.tables[last], there) if there and last in there.tables else None

    def text(self, path: str) -> str:
        """Return the text of a file of the side; empty when there is none."""
        return self._modules.text(path)

    def method(self, name: str, test: SuiteTest) -> SuiteTest | None:
        """Return a method that a test calls on `self`, its own class's or that of a base."""
        for cls in reversed(test.parents):
            found = test.module.of_class(cls, name)
            if found:
                return found
            for base in cls.bases:
                dotted = test.module.names.of(base)
                owner, _, last = (dotted or "").rpartition(".")
                inherited = self._member(owner, f"{last}.{name}", test.path) if owner else None
                if inherited:
                    return inherited
        return None

    def fixture(self, name: str, test: SuiteTest) -> SuiteTest | None:
        """Return the fixture that a parameter of a test stands for."""
        return self.fixture_named(name, test) if name in test.parameters else None

    def fixture_named(self, name: str, test: SuiteTest) -> SuiteTest | None:
        """Return a fixture that a test can ask for by its name."""
        if name in test.module.fixtures:
            return test.module.fixtures[name]
        for path in self._fixtures.conftests(test.path):
            module = self._quietly(path)
            if module and name in module.fixtures:
                return module.fixtures[name]
        return self.function(name, test.module)

    def _member(self, owner: str, name: str, importer: str) -> SuiteTest | None:
        path = self.find(owner, importer) if owner else None
        if not path or role_of(path) != "test":
            return None
        module = self._quietly(path)
        if module is None:
            return None
        if name in module.helpers:
            return module.helpers[name]
        return next((one for one in module.tests if one.name == name), None)

    def _quietly(self, path: str) -> SuiteModule | None:
        try:
            return self.at(path)
        except ToolError:  # a helper that cannot be read: the test that calls it is judged without
            return None

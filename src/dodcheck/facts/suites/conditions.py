"""When the condition of a skip holds: always, never, on some machines, or who knows."""

import ast
import re
import sys
from collections.abc import Iterable
from typing import Literal

from dodcheck.facts.code.parsing import expression
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.folding import text_of, truth
from dodcheck.facts.suites.suite_files import SuiteFiles
from dodcheck.facts.suites.suites import SuiteModule
from dodcheck.patterns import pattern

Weight = Literal["always", "reviewable", "unknown", "environment", "never"]

# What speaks of the machine, the interpreter, or what is installed there.
_MACHINE = pattern(
    r"\bsys\.(platform|version|version_info|hexversion|implementation|maxsize|byteorder|flags|getswitchinterval"
    r"|_is_gil_enabled|gettrace)\b|\bos\.(name|geteuid|getuid|uname|cpu_count|access|environ\[.PATH)|\bplatform\."
    r"|\bshutil\.which\b|\bget_clock_info\b|\bfind_spec\b|\bhas_ipv6\b|\bstruct\.calcsize\b|\bsysconfig\.|\blocale\.|\bctypes\."
    r"|\bhasattr\(\s*(os|sys|socket|ssl|signal|select|time|asyncio|typing|ast|inspect|\w*tarfile\w*)\b|\bis_available\(\)"
    r"|\b(cuda|mps|gpu|hip)\b|__version__|\bVERSION\b|\bVersion\(|parse_version|\bversion\(|_version\b|\bssl\.[A-Z]"
    r"|\bconnection\.(vendor|features)\b|\bfeatures\.|\bimplementation\b|sysctl|\bis_file_system|filesystem|\.(exists|is_file|is_dir|isfile|isdir)\(",
    re.IGNORECASE,
)
_FLAG = pattern(
    r"_*((?=.*(PY|WIN|NT\b|LINUX|MAC|OSX|DARWIN|POSIX|UNIX|BSD|PLATFORM|VERSION|CPYTHON|WASM|EMSCRIPTEN|ANDROID|IOS"
    r"|FREE_?THREAD|GIL|ARM|X86|MUSL|GLIBC|32BIT|64BIT))\w+"
    r"|(HAS|HAVE|HAVING|NO|WITH|WITHOUT|USE|USING|IS|MISSING|SUPPORTS?|CAN|GPU|CUDA)_\w+"
    r"|\w+_(INSTALLED|AVAILABLE|MISSING|SUPPORTED|SUPPORT|OK)|[A-Za-z_]\w* is (not )?None)",
)
_LOWER_FLAG = pattern(
    r"_*(is_?(win|windows|linux|mac|macos|osx|pypy|cpython|posix)\w*|pypy|is_\w+\d|has_\w+|have_\w+|on_\w+)"
)
_MANIFESTS = (
    "pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "noxfile.py", "requirements.txt", "Pipfile",
    "requirements-dev.txt", "requirements/dev.txt", "requirements/test.txt", "requirements/tests.txt",
    "test-requirements.txt", "dev-requirements.txt", "requirements_dev.txt", "requirements-test.txt",
)  # fmt: skip
_ORDER: tuple[Weight, ...] = ("never", "environment", "unknown", "reviewable", "always")
_MISSING = pattern(r"except .*\b(ImportError|ModuleNotFoundError|PermissionError|OSError|NotImplementedError)\b")
_BROAD = pattern(r"except (None|.*\b(AssertionError|Exception|BaseException)\b)")


def joined(weights: Iterable[Weight]) -> Weight:
    """Return when several conditions hold together."""
    return min(weights, key=_ORDER.index, default="always")


class Conditions:
    """Weighs conditions of one side.

    Args:
        files: The test files of the side.
    """

    def __init__(self, files: SuiteFiles) -> None:
        self._files = files

    def weigh(self, condition: ast.expr, module: SuiteModule, depth: int = 0) -> Weight:
        """Say when a condition holds.

        Args:
            condition: The condition; a string is read as code, as pytest does.
            module: The file it stands in.
            depth: Number of names that were followed to it.
        """
        if isinstance(condition, ast.Constant) and isinstance(condition.value, str):
            try:
                condition = expression(condition.value)
            except SyntaxError:
                return "unknown"
        known = truth(condition, module.tables)
        if known is not None:
            return "always" if known else "never"
        if isinstance(condition, ast.UnaryOp):
            inner = self.weigh(condition.operand, module, depth)
            return inner if inner in {"environment", "unknown"} else "unknown"
        if isinstance(condition, ast.BoolOp):
            parts = [self.weigh(part, module, depth) for part in condition.values]
            return joined(parts) if isinstance(condition.op, ast.And) else max(parts, key=_ORDER.index)
        return self._atom(condition, module, depth)

    def of_guard(self, guard: str, module: SuiteModule) -> Weight:
        """Say when a condition of `steps` holds: an `if`, an `except` or a `case`."""
        if _MISSING.match(guard):
            return "environment"
        if _BROAD.match(guard):
            return "always"
        try:
            return self.weigh(expression(guard), module)
        except SyntaxError:
            return "unknown"

    def of_import(self, call: ast.Call, module: SuiteModule) -> Weight:
        """Say when `importorskip` skips: on some machines if the project knows the module, else who knows."""
        name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
        top = str(name).partition(".")[0]
        if not top or top in sys.stdlib_module_names:
            return "environment"
        if self._files.find(top, module.path):
            return "unknown"
        texts = [self._files.text(file) for file in _MANIFESTS] + ["\n".join(module.lines)]
        word = re.compile(rf"(?<![\w.-]){re.escape(top).replace('_', '[-_.]')}(?![\w-])", re.IGNORECASE)
        found = sum(len(word.findall(text)) for text in texts)
        asked = "\n".join(module.lines).count(f"importorskip({text_of(call.args[0])}")
        return "environment" if found > max(asked, 1) or any(map(word.search, texts[:-1])) else "unknown"

    def _atom(self, condition: ast.expr, module: SuiteModule, depth: int) -> Weight:
        text = text_of(condition)
        if _MACHINE.search(text) or _FLAG.fullmatch(text) or _LOWER_FLAG.fullmatch(text.rpartition(".")[2]):
            return self._flag(condition, module, depth) or "environment"
        found = self._files.constant(text, module) if depth < len(_ORDER) else None
        if found:
            return self.weigh(found[0], found[1], depth + 1)
        if isinstance(condition, ast.Compare | ast.Call):
            names = [text_of(one) for one in walk(condition) if isinstance(one, ast.Name | ast.Attribute)]
            if any(_FLAG.fullmatch(one.rpartition(".")[2]) for one in names) or self._follows(names, module, depth):
                return "environment"
        if isinstance(condition, ast.Name) and condition.id in _tried_imports(module.tree):
            return "environment"
        return "unknown"

    def _flag(self, condition: ast.expr, module: SuiteModule, depth: int) -> Weight | None:
        """Follow a name that speaks of the machine to what it is set to: it may be set to plain True."""
        if isinstance(condition, ast.Compare) and isinstance(condition.left, ast.Name):
            found = self._files.constant(condition.left.id, module)
            known = truth(ast.Compare(found[0], condition.ops, condition.comparators)) if found else None
            return "always" if known else None
        if depth >= len(_ORDER) or not isinstance(condition, ast.Name | ast.Attribute):
            return None
        found = self._files.constant(text_of(condition), module)
        weight = self.weigh(found[0], found[1], depth + 1) if found else None
        return weight if weight == "always" else None

    def _follows(self, names: list[str], module: SuiteModule, depth: int) -> bool:
        if depth >= len(_ORDER):
            return False
        found = [self._files.constant(one, module) for one in names]
        return any(one and self.weigh(one[0], one[1], depth + 1) == "environment" for one in found)


def _tried_imports(tree: ast.Module) -> set[str]:
    """Return the names that a module binds in a `try` around imports."""
    tries = [stmt for stmt in tree.body if isinstance(stmt, ast.Try)]
    blocks = [
        one for stmt in tries if any(isinstance(s, ast.Import | ast.ImportFrom) for s in stmt.body) for one in [stmt]
    ]
    names = {n.id for one in blocks for n in walk(one) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    aliases = [
        alias for one in blocks for s in one.body if isinstance(s, ast.Import | ast.ImportFrom) for alias in s.names
    ]
    return names | {alias.asname or alias.name.partition(".")[0] for alias in aliases}

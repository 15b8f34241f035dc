"""What a file of a repository is for, read off its path."""

import re
from pathlib import PurePosixPath
from typing import Literal

from dodcheck.patterns import pattern

Role = Literal["source", "test", "docs", "migration", "config", "lock", "data", "other"]

_LOCKS = {
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml", "package-lock.json",
    "yarn.lock", "pnpm-lock.yaml", "Cargo.lock", "go.sum", "pubspec.lock", "Gemfile.lock", "composer.lock",
}  # fmt: skip
_CODE = {
    ".py", ".pyi", ".pyx", ".pxd", ".ipynb", ".c", ".cc", ".cpp", ".cu", ".h", ".hpp", ".rs", ".go", ".java", ".kt",
    ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue", ".svelte", ".dart", ".rb", ".php", ".swift", ".scala",
    ".cs", ".sh", ".bash", ".sql", ".r", ".jl", ".lua", ".j2", ".jinja", ".html", ".css", ".scss", ".proto",
}  # fmt: skip
_DATA = {
    ".csv", ".tsv", ".json", ".jsonl", ".parquet", ".npy", ".npz", ".pkl", ".h5", ".xml", ".txt", ".arrow",
    ".feather", ".db", ".sqlite", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".pt", ".onnx", ".safetensors",
}  # fmt: skip
_CONFIG = {".toml", ".cfg", ".ini", ".yaml", ".yml", ".conf", ".properties", ".env", ".editorconfig", ".mk"}
_CONFIG_NAMES = pattern(
    r"(dockerfile.*|.*\.dockerfile|makefile|justfile|jenkinsfile|procfile|tox\.ini|setup\.(py|cfg)|noxfile\.py"
    r"|requirements.*\.(txt|in)|constraints.*\.txt|manifest\.in|\.git\w*|\.pre-commit-.*|\.dockerignore|\.env.*"
    r"|package\.json|tsconfig.*\.json|py\.typed|codeowners)",
    re.IGNORECASE,
)
_IN_TESTS = r"(?i:(^|/)(tests?|__tests__|specs?|e2e|integration_tests?)/|^testing/)"
_NAMED_TEST = (
    r"(test_.*\.py|.*_tests?\.py|tests?\.py|conftest\.py|.*\.(test|spec)\.[cm]?[jt]sx?|.*_test\.(go|dart|rb)"
    r"|.*\.feature)"
)
TESTS = rf"{_IN_TESTS}|(^|/){_NAMED_TEST}$"  # searched in a path: whether its role is `test`
_TEST_FOLDER = pattern(_IN_TESTS)
_TEST_NAME = pattern(_NAMED_TEST)
_DOCS_NAME = pattern(
    r"(readme|changelog|changes|history|news|contributing|upgrading|migrating|authors|security|install)(\..*)?",
    re.IGNORECASE,
)
_DOCS_FOLDER = pattern(r"^(docs?|documentation|website|changelog\.d|newsfragments|changes|news)/", re.IGNORECASE)
_MIGRATION = pattern(r"(^|/)(migrations|alembic/versions|migrations/versions|db/migrate)/[^/]+\.(py|sql)$")
_PROSE = {".md", ".rst", ".adoc", ".mdx"}


def role_of(path: str) -> Role:
    """Return the role of a repository-relative path.

    Tests come before everything else, so that a data file under tests/ counts as a
    part of the tests; a lock file is never configuration.
    """
    file = PurePosixPath(path)
    suffix = file.suffix.lower()
    if file.name in _LOCKS:
        return "lock"
    if _TEST_FOLDER.search(path) or _TEST_NAME.fullmatch(file.name):
        return "test"
    if suffix in _PROSE or _DOCS_NAME.fullmatch(file.name) or (_DOCS_FOLDER.match(path) and suffix != ".py"):
        return "docs"
    if _MIGRATION.search(path):
        return "migration"
    return _by_suffix(file.name, suffix, hidden=path.startswith("."))


def _by_suffix(name: str, suffix: str, *, hidden: bool) -> Role:
    if _CONFIG_NAMES.fullmatch(name) or suffix in _CONFIG or hidden:
        return "config"
    if suffix in _CODE:
        return "source"
    return "data" if suffix in _DATA else "other"

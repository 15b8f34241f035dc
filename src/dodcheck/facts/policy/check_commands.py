"""The commands by which a project checks itself: what CI, tox, nox, make and scripts run, and what they excuse."""

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from dodcheck.errors import ToolError
from dodcheck.facts.code.parsing import well_formed
from dodcheck.facts.code.writing import written
from dodcheck.facts.policy.policy_files import is_ci, read_document

_KINDS: Mapping[str, set[str]] = {
    "tests": {"pytest", "unittest", "stestr", "nosetests", "nose2", "trial", "ward", "behave", "runtests"},
    "lint": {"ruff", "flake8", "pylint", "pyflakes", "pycodestyle", "pydocstyle", "bandit", "interrogate", "vulture"},
    "types": {"mypy", "pyright", "basedpyright", "pyre", "pyrefly", "pytype", "ty"},
    "format": {"black", "isort", "codespell", "lint-imports"},
    "runner": {"tox", "nox", "pre-commit"},
}
_NAMED = {"make", "just", "hatch", "poe", "task", "invoke", "npm", "yarn", "pnpm", "bun", "cargo", "go"}
_TOOLS = {name: kind for kind, names in _KINDS.items() for name in names} | dict.fromkeys({*_NAMED, "script"}, "runner")
_SPELT = {"prek": "pre-commit", "py.test": "pytest", "dmypy": "mypy", "runtests.py": "runtests"}
_TASK = re.compile(r"(?<![a-z])(tests?|lint\w*|checks?|typ(es?|ing)|mypy|cov\w*|style|qa|clippy|vet|run-ci)(?![a-z])")
_SCRIPT = re.compile(r"(\./)?((scripts?|\.?ci|tools|dev|hack|utils|bin)/[\w./-]+|[\w-]+\.(sh|bash))")
_NO_RUN = {
    "install", "uninstall", "add", "echo", "printf", "lock", "export", "download", "which", "cat", "cp", "rm", "mkdir",
    "mv", "cd", "git", "apt-get", "apk", "brew", "cache", "key", "test", "[", "ls", "autoupdate", "install-hooks",
    "show", "remove", "upgrade", "source", "sed", "grep", "conda", "freeze", "list", "config", "--version", "--notest",
    "--help", "gc", "clean", "version",
}  # fmt: skip
_ACTIONS = {"pre-commit/action": "pre-commit", "ruff-action": "ruff", "psf/black": "black", "pyright-action": "pyright"}
_SCRIPTS = {"run", "script", "before_script", "after_script", "command", "commands", "bash", "cmd", "cmds", "shell"}
_OVERLOOKING = ("continue-on-error", "continueOnError", "allow_failure", "ignore_outcome")
_HARMLESS = re.compile(r"^\s*\(?\s*(true|:|/bin/true|exit 0|return 0|echo\b.*|printf\b.*)\s*\)?\s*$")
_FORCING = re.compile(r"--(exit-zero|no-fail|soft-fail|exit-code[= ]0|suppress-no-test-\S+)(?!\S)")
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}|\$\([^()]*\)|`[^`]*`")
_RECIPE = re.compile(r"^([\w./%-]+)[^:=\n]*:(?!=)[^\n]*\n((?:[ \t]+\S[^\n]*\n?|[ \t]*\n)+)", re.MULTILINE)
_VALUED = {"--with", "--group", "--extra", "--only-group", "--package", "--python", "-p", "--env-file"}
_NO_TASKS = {
    "dependencies", "extra-dependencies", "deps", "features", "python", "help", "matrix", "description", "labels",
    "allowlist_externals", "env_list", "envlist", "requires", "set_env",
}  # fmt: skip


class CheckRun(msgspec.Struct, frozen=True):
    """A command that checks the project: tool, place, arguments, what excuses its failure, and when it runs."""

    tool: str
    place: str
    path: str
    line: int | None
    tokens: tuple[str, ...]
    excuse: str = ""
    condition: str = ""

    @property
    def kind(self) -> str:
        """What the tool is for: tests, lint, types, format or runner."""
        return "format" if self.tool == "ruff format" else _TOOLS.get(self.tool.partition(" ")[0], "format")


def runs_of(path: str, text: str, *, tolerant: bool = False) -> tuple[CheckRun, ...]:
    """Return the commands of one file that check something.

    Raises:
        ToolError: It is not well-formed, and `tolerant` does not let it run nothing.
    """
    where = _Where(path, text)
    try:
        return tuple(_walked(read_document(path, text), where) if is_ci(path) else _tasks(path, text, where))
    except ToolError:
        if tolerant:
            return ()
        raise


class _Where(msgspec.Struct, frozen=True):
    """Where a command stands, and what that place excuses."""

    path: str
    text: str
    place: str = ""
    excuse: str = ""
    condition: str = ""

    def at(self, place: str, excuse: str = "", condition: str = "") -> "_Where":
        inner = f"{self.place}.{place}".strip(".")
        return _Where(self.path, self.text, inner, self.excuse or excuse, condition or self.condition)

    def line(self, words: str) -> int | None:
        wanted = words.partition("$")[0].strip()[:60]
        at = self.text.find(wanted) if wanted else -1
        return self.text.count("\n", 0, at) + 1 if at >= 0 else None


def _walked(node: object, where: _Where) -> Iterator[CheckRun]:
    """Yield the commands of a CI document, whichever system's it is."""
    if isinstance(node, list):
        for one in node:
            yield from _walked(one, where)
    if not isinstance(node, dict):
        return
    excuse = _excused(node)
    inner = where.at("", excuse, "" if excuse else _condition(node))
    given = node.get("env")
    if isinstance(given, dict) and "PYTEST_ADDOPTS" in given:
        yield from _command(["pytest", *str(given["PYTEST_ADDOPTS"]).split()], None, where.at("PYTEST_ADDOPTS"))
    uses = str(node.get("uses", ""))
    for tool in (tool for action, tool in _ACTIONS.items() if action in uses):
        yield CheckRun(tool, where.place, where.path, where.line(uses), (), inner.excuse, inner.condition)
    for key, value in node.items():
        if key in _SCRIPTS and isinstance(value, str | list):
            yield from _shell("\n".join([value] if isinstance(value, str) else map(str, value)), inner)
        elif key not in {"env", "on", True, "matrix"}:
            yield from _walked(value, inner.at("" if key in {"steps", "jobs", "with"} else str(key)))


def _excused(node: Mapping[Any, Any]) -> str:
    """Return what a job or step says that makes its failure harmless, or that keeps it from running at all."""
    said = {key: str(value).strip("${} ").lower() for key, value in node.items() if not isinstance(value, dict | list)}
    for key in _OVERLOOKING:
        if said.get(key) == "true":
            return f"{key}: true"
    if re.match(r"(false|0)($| *&&)", said.get("if", "")):
        return f"if: {said['if']}"
    rules = [one.get("when") for one in node.get("rules") or () if isinstance(one, dict)] or [node.get("when")]
    return f"when: {rules[0]}" if set(rules) <= {"manual", "never"} else ""


def _condition(node: Mapping[Any, Any]) -> str:
    overlooked = str(node.get("continue-on-error", ""))
    return f"unless {overlooked}" if "${{" in overlooked else str(node.get("if", "")).strip("${} ")


def _tasks(path: str, text: str, where: _Where) -> Iterator[CheckRun]:
    name = path.rpartition("/")[2]
    if name == "noxfile.py":
        yield from _sessions(text, where)
    elif name in {"tox.ini", "setup.cfg"}:
        for section, table in read_document(path, text).items() if "[testenv" in text else ():
            said = [table.get(key) or "" for key in ("commands_pre", "commands", "commands_post")]
            yield from _dashed("\n".join(said), where.at(section, _excused(table)))
    elif name.endswith(".toml"):
        document = read_document(path, text)
        tables = document.get("tool", {}) if name == "pyproject.toml" else {"tox": document}
        for owner in ("poe", "hatch", "pdm", "taskipy", "tox"):
            yield from _strings(tables.get(owner), where.at(owner))
    elif name.lower().endswith("file"):
        for target, recipe in _RECIPE.findall(text):
            yield from _dashed(recipe, where.at(target))
    else:
        yield from _shell(text, where)


def _dashed(recipe: str, where: _Where) -> Iterator[CheckRun]:
    """Yield the commands of a recipe, in which a leading dash lets a command fail."""
    for marks, words in re.findall(r"^\s*([@-]*)\s*(.*)$", re.sub(r"\\\n\s*", " ", recipe), re.MULTILINE):
        yield from _shell(words, where.at("", "leading `-`" if "-" in marks else ""))


def _strings(node: object, where: _Where) -> Iterator[CheckRun]:
    """Yield the commands in a table of tasks; under `commands` a list of words is one of them."""
    if isinstance(node, list) and where.place.endswith("commands") and any(isinstance(one, str) for one in node):
        replaced = [one.get("default") or [] if isinstance(one, dict) else [one] for one in node]
        node = shlex.join(str(word) for words in replaced for word in words)
    if isinstance(node, str):
        yield from _dashed(node, where)
    elif isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else (("", one) for one in node):
            if key not in _NO_TASKS:
                yield from _strings(value, where.at(str(key), _excused(node) if isinstance(node, dict) else ""))


def _sessions(text: str, where: _Where) -> Iterator[CheckRun]:
    tree = well_formed(text, where.path)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"run", "run_always"}:
                words = [str(a.value) if isinstance(a, ast.Constant) else f"${written(a)}" for a in call.args]
                codes = next((written(kw.value) for kw in call.keywords if kw.arg == "success_codes"), "")
                inner = where.at(function.name, f"success_codes={codes}" if re.search(r"[1-9]", codes) else "")
                yield from _command(words, call.lineno, inner)


def _shell(script: str, where: _Where) -> Iterator[CheckRun]:
    joined = _EXPRESSION.sub(lambda match: re.sub(r"[^\w$.-]+", "~", match[0]), re.sub(r"\\\n\s*", " ", script))
    rescued, tolerant = bool(re.search(r"\$\?|PIPESTATUS", joined)), False
    piped = not rescued and not re.search(r"pipefail|shell: *bash", where.text)
    for line in joined.splitlines():
        words = re.sub(r"(^|\s)#.*$", "", line).strip()
        if re.match(r"set\s+[-+]", words):
            tolerant = (tolerant or "+e" in words) and not re.search(r"\s-\w*e", words)
        for segment, own in _segments(words):
            tokens = segment.split()
            with suppress(ValueError):  # a quote that ends in another command of the line
                tokens = shlex.split(segment, comments=True)
            lost = f"| {tokens[tokens.index('|') + 1]}" if piped and "|" in tokens[:-1] else ""
            tokens = tokens[: tokens.index("|")] if "|" in tokens else tokens
            excuse = own or lost or ("set +e" if tolerant and not rescued else "")
            yield from _command(tokens, where.line(segment), where.at("", excuse))


def _segments(line: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a line, each with what makes its failure harmless."""
    groups = [re.split(r"(\|\||&&)", group) for group in re.split(r";(?!;)", line)]
    last = groups[-1][-1].strip()
    ended = f"; {last}" if re.match(r"(exit 0|true|:)$", last) else ""
    failing = re.search(r"\b(exit|return) +[^0\s]", line)
    for group in groups:
        for at in range(0, len(group), 2):
            rest = zip(group[at + 1 :: 2], group[at + 2 :: 2], strict=False)
            after = next((f"|| {words.strip()}" for sep, words in rest if sep == "||" and _HARMLESS.match(words)), "")
            yield group[at].strip(), "" if failing else after or (ended if group is not groups[-1] else "")


def _command(tokens: list[str], line: int | None, where: _Where) -> Iterator[CheckRun]:
    """Yield the check that a command is, past what starts it (`uv run`, `python -m`), if it is one."""
    bare = [re.sub(r"^.*[/)}:]|[\"'`]|\.exe$", "", token) for token in tokens]
    names = [_SPELT.get(name, name) for name in bare]
    script = next((token for token in tokens[:2] if _SCRIPT.fullmatch(token) and _TASK.search(token)), None)
    at = next((i for i, name in enumerate(names) if name in _TOOLS and names[i - 1] not in _VALUED), None)
    tool, rest = "", list[str]()
    if "coverage" in names and "report" in names:
        tool, rest = "coverage report", tokens[names.index("report") + 1 :]
    elif re.search(r"(manage|setup)\.py test\b|django-admin test\b", " ".join(names)):
        tool, rest = "unittest", tokens[names.index("test") + 1 :]
    elif script and names[0] not in _NO_RUN:
        tool = f"script {script.removeprefix('./')}"
    elif at is not None and not _NO_RUN & set(names[:at]):
        tool, rest = _told(names[at], tokens[at + 1 :])
    if tool:
        forced = _FORCING.search(" ".join(rest))
        excuse = where.excuse or (forced[0] if forced else "")
        yield CheckRun(tool, where.place, where.path, line, tuple(rest), excuse, where.condition)


def _told(tool: str, rest: list[str]) -> tuple[str, list[str]]:
    """Return what a tool is told to do: ruff's two halves are two tools, and a runner's task tells what it checks."""
    if tool == "ruff" and rest[:1] in (["format"], ["check"]):
        return ("ruff format" if rest[0] == "format" else "ruff"), rest[1:]
    if tool in _NAMED:
        task = next((token for token in rest if not token.startswith("-") and _TASK.search(token)), None)
        return (f"{tool} {task}", rest) if task else ("", [])
    return ("", []) if _NO_RUN & set(rest[:1]) else (tool, rest)

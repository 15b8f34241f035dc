"""What became of the hooks of a pre-commit configuration."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dodcheck.facts import Change
from dodcheck.facts.policy.check_commands import CheckRun
from dodcheck.facts.policy.policy_files import read_document, searched, version_of
from dodcheck.facts.policy.weighing import Level, named
from dodcheck.verdict import Finding

_FILE = re.compile(r"(^|/)\.pre-commit-config\.ya?ml$")
_CHECKERS = re.compile(r"ruff|mypy|flake8|pylint|pyright|bandit|pydocstyle|interrogate|vulture")
_READING = {"debug-statements", "check-ast", "codespell", "typos"}
# What does another hook's work as well, or the same under a new name.
_HEIRS = (
    ("ruff|ruff-check", "ruff(-check)?"),
    ("flake8|pyflakes|pycodestyle|pydocstyle|pylint|bandit|isort|pyupgrade|autoflake|yesqa|python-.*", "ruff(-check)?"),
    ("debug-statements|check-ast|check-docstring-first|unify|reorder-python-imports|pep8.*|autopep8", "ruff(-check)?"),
    ("black(-jupyter)?|ruff-format|yapf|double-quote-string-fixer|autopep8", "ruff-format|black"),
    ("mypy|pyright|basedpyright|ty|pyrefly", "mypy|pyright|basedpyright|ty|pyrefly"),
    ("fix-encoding-pragma", "pyupgrade|ruff(-check)?"),
    ("blacken-docs", "blacken-docs|ruff-format|doccmd.*"),
    ("codespell|typos|cspell", "codespell|typos|cspell"),
    ("prettier|mdformat|yamlfmt|rumdl.*|markdownlint.*", "prettier|mdformat|biome.*|yamlfmt|rumdl.*|markdownlint.*"),
    ("setup-cfg-fmt|tox-ini-fmt|check-manifest|pyproject-fmt|taplo.*|toml-sort.*|tombi.*", ".*"),
    ("pip-compile.*|poetry.*|uv.*|pdm.*|rst-.*|check-github.*|renovate.*|zizmor", ".*-lock|uv.*|zizmor|check-.*"),
)
_FORCED = re.compile(r"--(exit-zero|no-fail|soft-fail)\b|\|\|\s*(true|:|exit 0)|;\s*(true|exit 0)\b")
_LOOSE = re.compile(r"--(extend-)?(ignore|exclude|disable|allow|skip)|--no-(strict|warn|check|disallow)|--disable")
_STRICT = re.compile(r"--(strict|disallow|warn|enable|select|extend-select|check|max|fail|error)")


class Hook(NamedTuple):
    """One hook, with the defaults of its configuration applied."""

    id: str
    repo: str
    rev: str
    words: tuple[str, ...]
    files: str
    exclude: tuple[str, ...]
    manual: bool
    plugins: frozenset[str]


def hooks_weighed(change: Change, everywhere: Callable[[], Sequence[CheckRun]]) -> Iterator[Finding]:
    """Yield what became of the hooks: errors and warnings for weaker ones, notes for the rest.

    Args:
        change: The change.
        everywhere: Every command of head, any of which may do what a removed hook did.

    Raises:
        ToolError: A configuration is not well-formed.
    """
    for file in change.files:
        if not _FILE.search(file.path):
            continue
        old, new = (read_document(file.path, text) for text in _texts(change, file.base_path, file.head_path))
        base, head = _hooks(old), _hooks(new)
        gone = [hook for name, hook in base.items() if name not in head]
        yield from _gone(file.path, gone, head, everywhere()) if gone else ()
        for name in base.keys() & head.keys():
            yield from _weighed(change, file.path, base[name], head[name])
        yield from _revisions(file.path, base, head)
        if added := sorted(head.keys() - base.keys()):
            yield _said("note", file.path, "hook", f"new hooks: {', '.join(added)}")
        skipped = sorted((_skipped(new) - _skipped(old)) & {hook.id for hook in base.values()})
        if skipped:
            yield _said("warning", file.path, "hook", f"pre-commit.ci now skips {', '.join(skipped)}")


def _texts(change: Change, was: str | None, now: str | None) -> tuple[str, str]:
    return (change.base.read(was) or "" if was else ""), (change.head.read(now) or "" if now else "")


def _said(level: Level, path: str, code: str, what: str) -> Finding:
    fix = None if level == "note" else "keep the hook as base has it, or change it alone and say why"
    return Finding(what, path, fix=fix, code=code, level=level)


def _hooks(document: Mapping[str, Any]) -> dict[str, Hook]:
    found: dict[str, Hook] = {}
    stages = document.get("default_stages") or []
    for repo in document.get("repos") or []:
        for hook in (repo.get("hooks") if isinstance(repo, dict) else None) or []:
            name = str(hook.get("id")) + (f" ({hook['alias']})" if hook.get("alias") else "")
            name = f"{name} ({hook.get('name')})" if name in found else name
            found[name] = Hook(
                str(hook.get("id")),
                str(repo.get("repo")),
                str(repo.get("rev", "")),
                tuple(map(str, [*str(hook.get("entry") or "").split(), *(hook.get("args") or [])])),
                str(hook.get("files") or ""),
                tuple(str(one) for one in (document.get("exclude"), hook.get("exclude")) if one),
                list(hook.get("stages") or stages) == ["manual"],
                frozenset(re.split(r"[=<>~\[]", str(one))[0] for one in hook.get("additional_dependencies") or []),
            )
    return found


def _skipped(document: Mapping[str, Any]) -> set[str]:
    ci = document.get("ci")
    return set(map(str, ci.get("skip") or [])) if isinstance(ci, dict) else set()


def _gone(path: str, gone: list[Hook], head: Mapping[str, Hook], runs: Sequence[CheckRun]) -> Iterator[Finding]:
    ids = {hook.id for hook in head.values()} | {run.tool.replace(" ", "-") for run in runs}
    entries = [" ".join(hook.words) for hook in head.values()]
    ids |= {word for entry in entries for word in re.sub(r"\bruff format", "ruff-format", entry).split()}
    lost: list[str] = []
    replaced: list[str] = []
    for hook in gone:
        heirs = [heir for old, heir in _HEIRS if re.fullmatch(old, hook.id)]
        (replaced if hook.id in ids or any(re.fullmatch(h, one) for h in heirs for one in ids) else lost).append(
            hook.id
        )
    if replaced:
        yield _said(
            "note", path, "hook", f"{', '.join(sorted(set(replaced)))} gone; another hook or command does the work"
        )
    if lost:
        yield _said("warning", path, "hook", f"hooks removed: {', '.join(sorted(set(lost)))}")


def _weighed(change: Change, path: str, was: Hook, now: Hook) -> Iterator[Finding]:
    if was == now:
        return
    if _FORCED.search(" ".join(now.words)) and not _FORCED.search(" ".join(was.words)):
        yield _said("error", path, "forced-exit", f"{now.id}: its failure no longer counts ({' '.join(now.words)})")
    loose = [word for word in now.words if word not in was.words and _LOOSE.match(word)]
    strict = [word for word in was.words if word not in now.words and _STRICT.match(word)]
    if re.search("format|black|isort", now.id):  # a hook that rewrites a file fails
        strict = [word for word in strict if word != "--check"]
    if (loose or strict) and _CHECKERS.search(now.id):
        said = [f"{word} is new" for word in loose] + [f"{word} is gone" for word in strict]
        yield _said("warning", path, "setting", f"{now.id}: {', '.join(said)}")
    if now.manual and not was.manual:
        yield _said("warning", path, "hook", f"{now.id} runs by hand only (stages: manual)")
    if lost := [one for one in sorted(was.plugins - now.plugins) if re.match("flake8|pep8|pylint-|wemake", one)]:
        yield _said("warning", path, "hook", f"{now.id} without {', '.join(lost)}")
    if (was.files, was.exclude) != (now.files, now.exclude):
        yield from _files(change, path, was, now)


def _files(change: Change, path: str, was: Hook, now: Hook) -> Iterator[Finding]:
    """Weigh a hook's patterns by the files that it no longer sees."""
    takes, took = (searched([hook.files or ""]) if hook.files else (lambda _: True) for hook in (now, was))
    spares, spared = (searched(hook.exclude) for hook in (now, was))
    old = {file.path: file.base_path or file.path for file in change.files}
    hidden = [
        one
        for one in change.head.paths()
        if not (takes(one) and not spares(one)) and took(old.get(one, one)) and not spared(old.get(one, one))
    ]
    code = [one for one in hidden if one.endswith((".py", ".pyi"))]
    if code and (_CHECKERS.search(" ".join((now.id, *now.words))) or now.id in _READING):
        yield _said("warning", path, "hook", f"{now.id} no longer looks at {named(code)}")
    else:
        yield _said("note", path, "hook", f"{now.id} looks at other files: {named(hidden) or 'none less'}")


def _revisions(path: str, base: Mapping[str, Hook], head: Mapping[str, Hook]) -> Iterator[Finding]:
    seen = set()
    for name in base.keys() & head.keys():
        was, now = base[name], head[name]
        if was.rev == now.rev or was.repo in seen:
            continue
        seen.add(was.repo)
        old, new = version_of(was.rev), version_of(now.rev)
        moved = f"{now.repo.rpartition('/')[2]} {was.rev} → {now.rev}"
        if old and new and new < old and was.repo == now.repo:
            older = new.release[:2] < old.release[:2]
            level: Level = "error" if older and _CHECKERS.search(now.repo) else "warning"
            yield _said(level, path, "version", f"{moved}: an older version")
        else:
            yield _said("note", path, "version", moved)

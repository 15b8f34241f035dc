"""The files that tell a coding agent to check its change before it stops.

Formats as their makers document them: Claude Code's settings, Codex's hooks.json, Cursor's
hooks.json (version 1), GitHub Copilot's hooks reference (version 1) and custom instructions.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dodcheck.errors import ConfigError

_COMMAND = "dodcheck hook stop"
_SECONDS = 60
_GROUP = {"hooks": [{"type": "command", "command": _COMMAND, "timeout": _SECONDS}]}
_INSTRUCTIONS = """## Definition of Done

Before you say that a task is done, run `dodcheck check --fast`, and `dodcheck check` at last. Mend what it calls
`fail`; what it calls `needs-review`, mend or explain under an "Explanations" heading of the handoff notes.
`dodcheck explain RULE` tells what a rule wants. Do not change the definition, the configuration or the tests to pass.
"""


class Step(NamedTuple):
    """One file to write: its new content (None: it is left as it is), and what to say of it."""

    file: Path
    content: str | None
    words: str
    exists: bool


class _Hook(NamedTuple):
    """Where an agent's Stop hook is set, and what to know besides."""

    path: str
    event: str
    entry: Mapping[str, Any]
    version: int | None
    remark: str


AGENTS = {
    "claude": _Hook(".claude/settings.json", "Stop", _GROUP, None, "Claude Code reads it when a session starts"),
    "codex": _Hook(".codex/hooks.json", "Stop", _GROUP, None, "trust the hook once, with /hooks in Codex"),
    "cursor": _Hook(
        ".cursor/hooks.json",
        "stop",
        {"command": _COMMAND, "timeout": _SECONDS, "loop_limit": 1},
        1,
        "Cursor reads it when the project is opened",
    ),
    "copilot": _Hook(
        ".github/hooks/dodcheck.json",
        "agentStop",
        {"type": "command", "bash": _COMMAND, "timeoutSec": _SECONDS},
        1,
        "Copilot's cloud agent wants it on the default branch, and dodcheck among its setup steps",
    ),
}


def steps(agent: str, top: Path) -> Iterator[Step]:
    """Yield what to write for one agent.

    Args:
        agent: One of `AGENTS`.
        top: The work tree's root.

    Raises:
        ConfigError: A file that is there cannot be added to.
    """
    hook = AGENTS[agent]
    file = top / hook.path
    text = _text(file)
    if text and _COMMAND in text:
        yield Step(file, None, "has the hook already", exists=True)
    else:
        words = f"{'add' if text else 'write'} the Stop hook ({hook.remark})"
        yield Step(file, _with_hook(text, hook), words, exists=text is not None)
    if agent == "copilot":
        yield _instructions(top / ".github" / "copilot-instructions.md")


def _instructions(file: Path) -> Step:
    """Copilot in an editor runs no hooks of a repository, but reads these."""
    text = _text(file)
    if text and "dodcheck" in text:
        return Step(file, None, "speaks of dodcheck already", exists=True)
    added = f"{text.rstrip()}\n\n{_INSTRUCTIONS}" if text and text.strip() else _INSTRUCTIONS
    return Step(file, added, "tell Copilot to run dodcheck", exists=text is not None)


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({error})", "mend the file") from error


def _with_hook(text: str | None, hook: _Hook) -> str:
    """Add the hook to the JSON of a file, in the file's own indentation; what is there stays."""
    try:
        settings = json.loads(text) if text and text.strip() else {}
    except ValueError as error:
        raise ConfigError(f"{hook.path}: {error}", "mend the file") from error
    if hook.version is not None and isinstance(settings, dict):
        settings.setdefault("version", hook.version)
    hooks = settings.setdefault("hooks", {}) if isinstance(settings, dict) else None
    entries = hooks.setdefault(hook.event, []) if isinstance(hooks, dict) else None
    if not isinstance(entries, list):
        raise ConfigError(f"{hook.path}: no place for `hooks.{hook.event}` in it", "mend the file")
    entries.append(hook.entry)
    indent = re.search(r"^([ \t]+)\S", text or "", re.MULTILINE)
    return json.dumps(settings, indent=indent[1] if indent else 2, ensure_ascii=False) + "\n"

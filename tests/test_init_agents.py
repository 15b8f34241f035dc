"""`dodcheck init --agent`: the Stop hook in each agent's own settings; what is there stays."""

import json
import shlex
import subprocess
import sys
from functools import reduce
from pathlib import Path

import pytest
from conftest import Repository, environment

GROUPED = ("hooks", "Stop", -1, "hooks", 0, "command")
COMMANDS: dict[str, tuple[str, tuple[str | int, ...]]] = {
    "claude": (".claude/settings.json", GROUPED),
    "codex": (".codex/hooks.json", GROUPED),
    "cursor": (".cursor/hooks.json", ("hooks", "stop", -1, "command")),
    "copilot": (".github/hooks/dodcheck.json", ("hooks", "agentStop", -1, "bash")),
}


@pytest.mark.parametrize("agent", COMMANDS)
def test_the_hook_is_written_once_and_the_command_in_it_works(repository: Repository, agent: str) -> None:
    path, keys = COMMANDS[agent]
    ran = repository.run("init", "--agent", agent)
    assert ran.returncode == 0, ran.stderr
    written = (repository.path / path).read_text()
    again = repository.run("init", "--agent", agent)
    assert f"{path}: has the hook already" in again.stdout
    assert (repository.path / path).read_text() == written
    asked = subprocess.run(
        shlex.split(reduce(lambda found, key: found[key], keys, json.loads(written))),
        cwd=repository.path,
        env=environment() | {"PATH": f"{Path(sys.executable).parent}:{environment()['PATH']}"},
        input='{"stop_hook_active": true}',
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")


def test_settings_that_are_there_stay_and_are_asked_about(repository: Repository) -> None:
    other = {"type": "command", "command": "say done", "timeout": 5}
    settings = {
        "model": "opus",
        "hooks": {"Stop": [{"hooks": [other]}], "PreToolUse": []},
        "permissions": {"allow": []},
    }
    text = json.dumps(settings, indent="\t")
    repository.write({".claude/settings.json": text})
    file = repository.path / ".claude" / "settings.json"
    assert ".claude/settings.json: left as it is" in repository.run("init", "--agent", "claude", stdin="n\n").stdout
    assert file.read_text() == text
    repository.run("init", "--yes", "--agent", "claude")
    merged = json.loads(file.read_text())
    assert [group["hooks"][0]["command"] for group in merged["hooks"]["Stop"]] == ["say done", "dodcheck hook stop"]
    assert list(merged) == list(settings)
    assert '\n\t"model"' in file.read_text()


def test_copilot_is_told_in_its_instructions_as_well(repository: Repository) -> None:
    repository.write({".github/copilot-instructions.md": "# House rules\n\nBe kind.\n"})
    repository.run("init", "--yes", "--agent", "copilot")
    told = (repository.path / ".github" / "copilot-instructions.md").read_text()
    assert told.startswith("# House rules\n\nBe kind.\n\n## Definition of Done\n")
    assert "copilot-instructions.md: speaks of dodcheck already" in repository.run("init", "--agent", "copilot").stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"hooks": []}', '{"hooks": {"Stop": {}}}'])
def test_settings_that_cannot_be_added_to_are_left_alone(repository: Repository, text: str) -> None:
    repository.write({".claude/settings.json": text})
    ran = repository.run("init", "--yes", "--agent", "claude")
    assert ran.returncode == 2
    assert ran.stderr.startswith("dodcheck: .claude/settings.json: ")
    assert (repository.path / ".claude" / "settings.json").read_text() == text
    assert not (repository.path / "dodcheck.toml").exists()  # all or nothing

"""The Stop hook of coding agents, by the installed command: their own JSON in, their own JSON out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repository
from test_check import BETTER, PROJECT

from dodcheck.reply import MOST_LINES

UNUSED = {"app.py": "import os\n\n\ndef double(x: int) -> int:\n    return x * 2\n"}


def claude(folder: Path, **more: object) -> str:
    fields = {
        "session_id": "b0b8a6f0-8f5c-4b6a-a5d5-3f8b5f1a2c3d",
        "transcript_path": "/home/ada/.claude/projects/app/b0b8a6f0.jsonl",
        "cwd": str(folder),
        "permission_mode": "default",
        "hook_event_name": "Stop",
        "stop_hook_active": False,
    }
    return json.dumps(fields | more)


def codex(folder: Path, **more: object) -> str:
    return claude(folder, turn_id="019a", model="gpt-6", last_assistant_message="All done.", **more)


def cursor(folder: Path, **more: object) -> str:
    fields = {
        "conversation_id": "cdefee2d",
        "generation_id": "26b45fb6",
        "hook_event_name": "stop",
        "workspace_roots": [str(folder)],
        "status": "completed",
        "loop_count": 0,
    }
    return json.dumps(fields | more)


def copilot(folder: Path, **more: object) -> str:
    fields = {
        "sessionId": "s-1",
        "timestamp": 1790000000000,
        "cwd": str(folder),
        "transcriptPath": "/home/ada/.copilot/s-1.jsonl",
        "stopReason": "end_turn",
        "stop_hook_active": False,
    }
    return json.dumps(fields | more)


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A project on its default branch."""
    repository.commit(PROJECT)
    return repository


@pytest.mark.parametrize("agent", [claude, codex, copilot])
def test_an_agent_is_told_what_is_open_and_the_tree_is_untouched(
    project: Repository, agent: Callable[[Path], str]
) -> None:
    project.write(UNUSED)
    before = project.state()
    ran = project.run("hook", "stop", stdin=agent(project.path))
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    decision = json.loads(ran.stdout)
    assert decision.keys() == {"decision", "reason"}
    assert decision["decision"] == "block"
    assert "  app.py:1: F401: `os` imported but unused → Remove unused import: `os`" in decision["reason"]
    assert len(decision["reason"].splitlines()) <= MOST_LINES
    assert project.state() == before


def test_cursor_is_sent_a_message(project: Repository) -> None:
    project.write(UNUSED)
    ran = project.run("hook", "stop", stdin=cursor(project.path))
    (message,) = json.loads(ran.stdout).values()
    assert "app.py:1:" in message
    assert project.run("hook", "stop", stdin=cursor(project.path, loop_count=1)).stdout == ""
    assert project.run("hook", "stop", stdin=cursor(project.path, status="aborted")).stdout == ""


def test_an_agent_is_sent_on_once(project: Repository) -> None:
    project.write(UNUSED)
    ran = project.run("hook", "stop", stdin=claude(project.path, stop_hook_active=True))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert project.run("hook", "stop", stdin=codex(project.path, stop_hook_active=True)).stdout == "{}\n"


def test_an_agent_may_stop_where_nothing_changed(project: Repository) -> None:
    project.commit(UNUSED)  # on the default branch what is committed is nobody's change any more
    ran = project.run("hook", "stop", stdin=claude(project.path))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_an_agent_may_stop_outside_of_a_repository(project: Repository, tmp_path: Path) -> None:
    ran = project.run("hook", "stop", stdin=claude(tmp_path))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_an_agent_may_stop_when_the_whole_check_says_done(project: Repository) -> None:
    project.git("switch", "--quiet", "--create", "feature")
    project.commit(BETTER)
    ran = project.run("hook", "stop", "--full", stdin=claude(project.path))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_whole_check_finds_what_a_run_of_the_tests_shows(project: Repository) -> None:
    project.write({"app.py": "def double(x: int) -> int:\n    return x\n"})
    ran = project.run("hook", "stop", "--full", "--select", "no-regressions", stdin=claude(project.path))
    assert "tests/test_app.py::test_double failed" in json.loads(ran.stdout)["reason"]


def test_what_waits_for_a_person_stops_no_agent(project: Repository) -> None:
    project.commit({"DOD.md": PROJECT["DOD.md"] + "- [ ] The team likes it\n"})
    project.write({"notes.txt": "x\n"})
    event = claude(project.path)
    assert project.run("hook", "stop", stdin=event).stdout == ""
    asked = json.loads(project.run("hook", "stop", "--review", stdin=event).stdout)["reason"]
    assert "- needs-review: The team likes it" in asked


@pytest.mark.parametrize(
    ("args", "event", "said"),
    [
        (["stop"], "", "standard input is not what an agent sends"),
        (["stop"], '{"stop_hook_active": "maybe"}', "$.stop_hook_active"),
        (["stop", "--ful"], "{}", "No such option"),
        (["stopp"], "{}", "No such command"),
        (["stop", "--base", "nowhere"], "{}", "unknown ref 'nowhere'"),
    ],
    ids=["no JSON", "another's JSON", "a misspelt option", "a misspelt event", "an unknown ref"],
)
def test_an_error_of_its_own_stops_no_agent(project: Repository, args: list[str], event: str, said: str) -> None:
    project.write(UNUSED)
    ran = project.run("hook", *args, stdin=event)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert said in ran.stderr


def test_a_broken_configuration_stops_no_agent(project: Repository) -> None:
    project.commit({"dodcheck.toml": "tiemout = 3\n"})
    project.write(UNUSED)
    ran = project.run("hook", "stop", stdin=codex(project.path))
    assert (ran.returncode, ran.stdout) == (0, "{}\n")
    assert "tiemout" in ran.stderr


def test_a_check_that_takes_too_long_is_ended(project: Repository) -> None:
    project.write({"tests/test_slow.py": "import time\n\n\ndef test_hangs() -> None:\n    time.sleep(600)\n"})
    ran = project.run("hook", "stop", "--full", "--limit", "3", stdin=claude(project.path))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "more than 3 s" in ran.stderr


def test_a_long_list_is_cut_worst_first(project: Repository) -> None:
    files = {f"m{number}.py": "import os\nimport sys\n" for number in range(40)}
    project.write(files)
    reason = json.loads(project.run("hook", "stop", stdin=claude(project.path)).stdout)["reason"]
    assert len(reason.splitlines()) <= MOST_LINES
    assert "more" in reason
    statuses = [line.split(":")[0] for line in reason.splitlines() if line.startswith("- ")]
    assert statuses == sorted(statuses)  # fail, then needs-review

"""Completion in a shell, asked of the installed command as a shell asks it."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import environment

PROGRAM = str(Path(sys.executable).with_name("dodcheck"))


def completed(*words: str) -> list[str]:
    """Return what bash is offered for the last of the words."""
    asked = {"_DODCHECK_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("dodcheck", *words))}
    ran = subprocess.run(
        [PROGRAM],
        env=environment() | asked | {"COMP_CWORD": str(len(words))},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.partition(",")[2] for line in ran.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ch"], {"check"}),
        (["do"], {"done", "doctor"}),
        (["check", "--sta"], {"--staged"}),
        (["check", "--format", "j"], {"json"}),
        (["hook", ""], {"stop"}),
        (["hook", "stop", "--fu"], {"--full"}),
        (["init", "--agent", "c"], {"claude", "codex", "cursor", "copilot"}),
        (["explain", "no-reg"], {"no-regressions"}),
    ],
    ids=lambda given: " ".join(sorted(given)) if isinstance(given, set) else " ".join(given),
)
def test_commands_options_and_values_are_offered(words: list[str], offered: set[str]) -> None:
    assert offered <= set(completed(*words))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_printed(shell: str) -> None:
    asked = environment() | {"_DODCHECK_COMPLETE": f"{shell}_source"}
    ran = subprocess.run([PROGRAM], env=asked, capture_output=True, text=True, check=True)
    assert "_DODCHECK_COMPLETE" in ran.stdout

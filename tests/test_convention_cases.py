"""What the cases of the code standards let ruff say is what ruff says of their files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dodcheck.registry import load
from dodcheck.rule import Case
from dodcheck.run import Ran

CODES = {
    "pathlib": "PTH",
    "logging": "T20,LOG015,LOG001,LOG002,G001,G002,G003,G004",
    "context-managers": "SIM115",
}
ASKED_IN_DOUBT = {"context-managers"}  # its cases let ruff speak only where the rule does not see for itself
RULES = load()
Place = tuple[str, int, str]


def _places(said: str) -> set[Place]:
    return {(one["filename"], one["location"]["row"], one["code"]) for one in json.loads(said)}


def _canned(case: Case, codes: str) -> set[Place]:
    ran = case.runs.get("head ruff conventions")
    told = _places(ran.stdout) if isinstance(ran, Ran) else set()
    return {place for place in told if place[2].startswith(tuple(codes.split(",")))}


def _written(cases: list[Case], folder: Path) -> None:
    for number, case in enumerate(cases):
        for path, text in case.after.items():
            file = folder / str(number) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("name", "codes"), CODES.items(), ids=CODES)
def test_canned_is_real(name: str, codes: str, tmp_path: Path) -> None:
    cases = list(RULES[name].cases)
    _written(cases, tmp_path)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero"]
    command += ["--output-format=json", f"--select={codes}", "."]
    ran = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    said = _places(ran.stdout.replace(f"{tmp_path.resolve()}/", ""))
    told = {(f"{number}/{path}", *rest) for number, case in enumerate(cases) for path, *rest in _canned(case, codes)}
    assert told <= said
    assert said == told or name in ASKED_IN_DOUBT

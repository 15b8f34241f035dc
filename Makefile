# The one list of commands: people, hooks and CI call the same targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PATH := $(abspath $(BIN)):$(PATH)
export VIRTUAL_ENV := $(abspath $(VENV))

.PHONY: hostile example postgres browser bubblewrap test lint types contracts self readme site figures dist licences lowest audit-dependencies all clean

all: lint types contracts site test self example  ## everything that CI runs

$(BIN)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -m compileall -q src rules  # where no bytecode is written, each of the tests' commands would compile them
	touch $@

example: $(BIN)/.installed  ## build the example repository and write its task report
	$(BIN)/python examples/build.py build/example
	cd build/example && dodcheck check --agent dev-ml --notes ../handoff.md -o ../report.md; test $$? -eq 1  # the example is not done, on purpose
	@echo "the same as a task report: build/report.md"

postgres:  ## install a PostgreSQL server for the tests, where there is none and Debian has one
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
	{ command -v apt-get >/dev/null && test "$$(id -u)" -eq 0 && apt-get update -qq && apt-get install -y -qq postgresql; } || \
	echo "no PostgreSQL: its tests are skipped"

browser:  ## install Chromium for the tests of the HTML report, where there is none and Debian has one
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ command -v apt-get >/dev/null && test "$$(id -u)" -eq 0 && apt-get update -qq && apt-get install -y -qq chromium; } || \
	echo "no Chromium: its tests are skipped"

bubblewrap:  ## install bubblewrap for the tests of the sandbox, where there is none and Debian has one
	@command -v bwrap >/dev/null || \
	{ command -v apt-get >/dev/null && test "$$(id -u)" -eq 0 && apt-get update -qq && apt-get install -y -qq bubblewrap; } || \
	echo "no bubblewrap: its tests are skipped"

test: $(BIN)/.installed  ## run the tests, with the coverage gate
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term

lint: $(BIN)/.installed
	ruff check .
	ruff format --check .

types: $(BIN)/.installed
	mypy

contracts: $(BIN)/.installed
	lint-imports

self: $(BIN)/.installed  ## hold this repository's own change to its own definition
	dodcheck check --agent dev-ml --fast

readme: $(BIN)/.installed  ## write the README's table of rules anew
	$(BIN)/python tests/readme_table.py

licences: $(BIN)/.installed  ## write the page of the dependencies' licences anew
	$(BIN)/python tests/licences.py

site: $(BIN)/.installed  ## build the documentation; a warning is an error
	$(BIN)/python -m sphinx --fresh-env --fail-on-warning --keep-going --quiet --builder html docs build/site
	@echo "the documentation: build/site/index.html"

dist: $(BIN)/.installed  ## build sdist and wheel of the last commit, the same byte for byte wherever it is done
	rm -rf dist build/source && mkdir -p build/source
	git archive HEAD | tar -x -C build/source
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --outdir dist build/source
	cd dist && sha256sum dodcheck-*

LOWEST := build/lowest

lowest: $(BIN)/.installed  ## test dodcheck with the lowest version of each dependency that pyproject.toml allows (a minute or two)
	rm -rf $(LOWEST) && $(PYTHON) -m venv $(LOWEST)
	$(BIN)/python tests/lower_bounds.py > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --constraint $(LOWEST)/constraints.txt --editable ".[audit,mcp]" fastjsonschema pytest-xdist
	PATH=$(abspath $(LOWEST)/bin):$$PATH VIRTUAL_ENV=$(abspath $(LOWEST)) \
	$(LOWEST)/bin/python -m pytest -q --no-cov $(addprefix tests/test_,rules.py check.py commands.py audit.py mcp.py)

audit-dependencies: $(BIN)/.installed  ## ask pip-audit for known vulnerabilities, where an index answers
	test -x build/pip-audit/bin/pip-audit || { $(PYTHON) -m venv build/pip-audit && build/pip-audit/bin/python -m pip install --quiet pip-audit; }
	$(BIN)/python tests/audit_dependencies.py build/pip-audit/bin/pip-audit $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

FIGURES := build/figures

figures: $(BIN)/.installed  ## run the benchmarks (half an hour) and write the README's table of figures anew
	$(BIN)/python benchmarks/hook.py --json $(FIGURES)/hook.json
	$(BIN)/python benchmarks/growth.py --json $(FIGURES)/growth.json
	$(BIN)/python benchmarks/whole_check.py --json $(FIGURES)/whole.json
	$(BIN)/python benchmarks/in_sequence.py --json $(FIGURES)/sequence.json
	$(BIN)/python benchmarks/static_rules.py --json $(FIGURES)/static.json
	$(BIN)/python benchmarks/figures.py $(addprefix $(FIGURES)/,hook.json growth.json whole.json sequence.json static.json)

hostile: $(BIN)/.installed  ## run what was tried against dodcheck and write the README's tables of it anew
	$(BIN)/python benchmarks/hostile.py --readme

clean:
	rm -rf build dist $(VENV)

# Everything needs only Python 3.11 or newer and make; the rest is set up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
ROUNDS ?= 10

.PHONY: help demo test lint check bench oracle docs picture lock clean mutants soak

help:
	@echo "make demo   see the example project compiled, previewed and sent to a local stand-in"
	@echo "make test   lint, types, layers and every test"
	@echo "make bench  what nac costs, side by side with its peers"
	@echo "make oracle compares the Handlebars engine and the dates with handlebars.js and moment.js (needs node)"
	@echo "make mutants breaks the example in 300 ways: does nac check find each?"
	@echo "make soak   tries new random examples on every property, ROUNDS times"
	@echo "make docs   the documentation as a site in site/"

$(VENV)/.ready: pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "nac needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --editable . --group test --group lint
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/python scripts/demo.py

test: lint check
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/.ready
	$(BIN)/nac check
	$(BIN)/nac test

bench: $(VENV)/.ready
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.check_bench
	@$(BIN)/python -m bench.handlebars_bench --node $(VENV)/oracle --pybars $(BIN)/python

# Needs node and npm; the ordinary tests read what it recorded.
oracle: $(VENV)/.ready
	$(BIN)/python scripts/oracle/compare.py --count 20000
	$(BIN)/python scripts/oracle/dates.py $(VENV)/oracle --count 20000

mutants: $(VENV)/.ready
	$(BIN)/python tests/rules/mutations.py

# New examples each round, where the suite repeats its own: what fails is added to the test as an example.
soak: $(VENV)/.ready
	for round in $$(seq $(ROUNDS)); do TESTS_PROFILE=soak $(BIN)/python -m pytest -n $(JOBS) -q -m hypothesis || exit 1; done

docs: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --group docs
	$(BIN)/mkdocs build --strict

picture: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --group docs
	$(BIN)/python scripts/picture.py

# The versions that development and CI use; the library itself pins nothing.
lock:
	rm -rf $(VENV)/lock && $(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/lock/bin/python -m pip install --quiet --editable . --group test --group lint --group docs
	$(VENV)/lock/bin/python -m pip freeze --exclude-editable --exclude nac > requirements-dev.lock
	rm -rf $(VENV)/lock

clean:
	rm -rf $(VENV) site dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

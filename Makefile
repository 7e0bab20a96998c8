# Everything sets itself up from a bare Python 3.11 with venv; the second run is quick.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python

# Compiled modules are kept, or every process of every test would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

MEASURE := --cov --cov-branch --cov-report=term:skip-covered --cov-fail-under=100

.DEFAULT_GOAL := help
.PHONY: help demo test faults check format bench docs record lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run ## the main job over real HTTP, against the sandbox
	@$(BIN)/socialmetrics demo

test: $(VENV)/.dev ## all tests; COVERAGE=yes wants 100 % of all branches, and takes a third longer
	@$(BIN)/python -m pytest -n auto --dist worksteal $(if $(COVERAGE),$(MEASURE))

faults: $(VENV)/.dev ## the fault tests at full size: a million posts, a thousand clients
	@FAULTS=full $(BIN)/python -m pytest -n auto --dist worksteal tests/faults

check: $(VENV)/.dev ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright

format: $(VENV)/.dev ## formats the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## the benchmarks, as a table of ratios
	@$(BIN)/python -m benchmarks

docs: $(VENV)/.dev ## builds the documentation into site/
	@$(BIN)/python docs/generate.py
	@$(BIN)/zensical build --strict
	@rm -rf site/*.py site/__pycache__

record: $(VENV)/.dev ## records the cassettes anew
	@$(BIN)/python tests/record.py

lock: $(VENV)/.uv ## pins every dependency, with hashes
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 pyproject.toml --extra cli --extra sandbox --extra report --extra xlsx --group build -o requirements/run.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 pyproject.toml --all-extras --group build --group dev -o requirements/dev.txt

clean: ## removes what was made
	rm -rf $(VENV) site build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis socialmetrics-demo

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, found " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements/run.txt pyproject.toml
	@echo 'Setting up .venv (once) ...'
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.uv requirements/dev.txt pyproject.toml
	@echo 'Setting up .venv for development (once) ...'
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

# `make run` and `make test` are all that a fresh machine needs. They install uv if it is missing, and skip what is done.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore
PYTHON := .venv/bin/python
# Processes that test side by side (each takes up to 2 GB); 0: all in one, for a debugger.
WORKERS ?= 2
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

.PHONY: help run test check train bench lock clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/.runtime ## Set everything up and start it with the demonstration city on http://127.0.0.1:8080
	@$(PYTHON) -m bot.cli up --demo

test: .venv/.test ## Every check and test; what needs a server or a browser that is not here is skipped with a reason
	@$(PYTHON) -m bot.cli train --if-needed
	# Servers and browsers share the cores with the tests: threads of the mathematics would only wait for one another.
	OMP_NUM_THREADS=1 $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: .venv/.test ## The quick part: style, types, imports
	@.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

train: .venv/.runtime ## Train from the examples in data/, if they have changed
	@$(PYTHON) -m bot.cli train --if-needed

bench: .venv/.runtime ## How long a person waits
	@$(PYTHON) -m bot.cli bench

lock: $(UV) ## Write requirements/*.txt anew from requirements/*.in
	@for part in runtime test; do
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--override requirements/overrides.txt requirements/$$part.in -o requirements/$$part.txt
	done

clean: ## Take away everything that can be made again; conversations and the knowledge base in var/ stay
	@rm -rf .venv .uv var/models var/embeddings

.uv/bin/uv:
	@echo "Installing uv into .uv ..."
	python3 -m venv .uv
	.uv/bin/pip install -q uv

.venv/bin/python: | $(UV)
	@echo "Making the environment (Python 3.11) ..."
	$(UV) venv -q --python 3.11 .venv

# The test requirements hold the runtime ones, so an environment made for tests also runs.
.venv/.runtime: requirements/runtime.txt pyproject.toml | .venv/bin/python $(UV)
	@echo "Installing what it needs (about a minute on a good line) ..."
	if [ ! -e .venv/.test ] || [ requirements/runtime.txt -nt .venv/.test ]; then $(UV) pip sync --python $(PYTHON) requirements/runtime.txt; fi
	$(UV) pip install -q --python $(PYTHON) --no-deps --no-build-isolation -e .
	touch $@

.venv/.test: requirements/test.txt pyproject.toml | .venv/bin/python $(UV)
	@echo "Installing what the tests need ..."
	$(UV) pip sync --python $(PYTHON) requirements/test.txt
	$(UV) pip install -q --python $(PYTHON) --no-deps --no-build-isolation -e .
	touch $@

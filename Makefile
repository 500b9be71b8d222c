# Everything a newcomer needs: `make demo` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
FUZZ_SECONDS ?= 600
MODEL := classifier/model/manifest.json

.DEFAULT_GOAL := help
.PHONY: help install demo test check bench fuzz exam evaluate rules shots clean dev

help: ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing. On Debian: apt-get install python3-venv make"; exit 1; }
	@echo "Installing Lyhörd into $(VENV) ..."
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(MODEL): $(VENV)/.installed
	@echo "Building the model from the training letters (a few minutes, once) ..."
	@$(BIN)/lyhord train --if-missing

install: $(VENV)/.installed $(MODEL) ## install into .venv and build the model; quiet, re-runnable

dev: install $(VENV)/.installed-dev

demo: install ## run everything embedded on sample letters and open the desk
	@$(BIN)/lyhord demo

test: dev ## install what the tests need and run everything
	@tests/tools/debian.sh
	@$(BIN)/pytest

check: dev ## format, lint, types, import contract, fast tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -m "not slow and not browser"

bench: dev ## speed, as ratios
	@$(BIN)/python -m tests.bench

fuzz: dev ## fuzz the reading of mail for FUZZ_SECONDS (needs atheris; Linux)
	@$(BIN)/pip install -q --disable-pip-version-check atheris
	@mkdir -p build/fuzz && cp config/demo/letters/*.eml build/fuzz/
	@$(BIN)/python -m tests.fuzz.reading build/fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=100000

exam: dev ## read ../shared/mail and write docs/mail-exam.md
	@$(BIN)/python -m tests.tools.mail_exam

evaluate: install ## cross-validate the classifier on its training letters
	@$(BIN)/lyhord evaluate

rules: dev ## write docs/rules.md: rule, test, where
	@$(BIN)/python -m tests.tools.rules_doc

shots: dev ## the desk's pages as pictures, in docs/pictures
	@$(BIN)/python -m tests.tools.shots

clean: ## remove what was built here
	rm -rf $(VENV) build dist classifier/model .mypy_cache .ruff_cache .pytest_cache

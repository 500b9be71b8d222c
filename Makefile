# Everything a newcomer needs: `make demo` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# Python compiles what is used when it is first used: to compile all of every package takes a third of installing it.
PIP := $(BIN)/pip install -q --disable-pip-version-check --no-compile
FUZZ_SECONDS ?= 600
# Test files are spread over this many processes; each has its own databases and servers.
WORKERS ?= 2
SIMULATE_CASES ?= 3000
SEED ?= 1
MODEL := classifier/model/manifest.json
HOUSE := build/wheelhouse

# What every process of the tests would else compile anew, each of the daemons and desks they start among them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo debian test check bench simulate soak fuzz exam evaluate rules shots letter-shots wheelhouse wheelhouse-try architecture audit clean dev

help: ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing. On Debian: apt-get install python3-venv make"; exit 1; }
	@echo "Installing Lyhörd into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

$(MODEL): $(VENV)/.installed
	@echo "Building the model from the training letters (a few minutes, once) ..."
	@$(BIN)/lyhord train --if-missing

install: $(VENV)/.installed $(MODEL) ## install into .venv and build the model; quiet, re-runnable

dev: install $(VENV)/.installed-dev

demo: install ## run everything embedded on sample letters and open the desk
	@$(BIN)/lyhord demo

debian:
	@tests/tools/debian.sh

test: ## install what the tests need and run everything
	@$(MAKE) --no-print-directory -j2 dev debian # what the tests need comes while the model is built
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: dev ## format, lint, types, import contract, fast tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -m "not slow and not browser"

bench: dev ## speed, as ratios, and the desk under load (DESK=--full: 210,000 cases)
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.desk $(DESK)

soak: dev ## SOAK_FAULTS=40 faults of networks, servers and disks on each database; SOAK_SEED repeats a run
	@$(BIN)/python -m tests.soak

simulate: install ## play a year of Rättvik and of Osby and judge it with an independent checker (SIMULATE_CASES, SEED)
	@for profile in rattvik osby; do $(BIN)/lyhord simulate --profile $$profile --cases $(SIMULATE_CASES) --seed $(SEED) || exit 1; done

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

letter-shots: dev ## every letter as a picture, in docs/pictures/letters
	@$(BIN)/python -m tests.tools.letter_shots

audit: dev ## known weaknesses of the pinned packages: asks osv.dev, or reads a copy (ADVISORIES=folder or zip)
ifdef ADVISORIES
	@$(BIN)/python -m tests.tools.advisories "$(ADVISORIES)" requirements.txt requirements-dev.txt
else
	@$(BIN)/pip install -q --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --require-hashes --disable-pip -s osv -r requirements.txt -r requirements-dev.txt
endif

wheelhouse: install ## one tar with Lyhörd, its model and every package, for a server without the Internet
	@rm -rf $(HOUSE) && mkdir -p $(HOUSE)/wheels
	@$(BIN)/pip download -q --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt -d $(HOUSE)/wheels
	@$(BIN)/pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w $(HOUSE)/wheels .
	@cp requirements.txt deploy/install.sh $(HOUSE)/ && cp -r deploy docs/admin $(HOUSE)/
	@rm -rf $(HOUSE)/deploy/secrets $(HOUSE)/deploy/*.toml # somebody's own, where the compose file is used here
	@$(BIN)/python -c 'import importlib.metadata as m; print(m.version("lyhord"))' > $(HOUSE)/VERSION
	@$(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' > $(HOUSE)/PYTHON && uname -sm > $(HOUSE)/MACHINE
	@cd $(HOUSE) && sha256sum wheels/* requirements.txt VERSION > SHA256SUMS
	@tar -C build -cf build/lyhord-$$(cat $(HOUSE)/VERSION).tar wheelhouse && ls -lh build/lyhord-*.tar

wheelhouse-try: ## install build/wheelhouse into an empty place without a network, and run the demonstration once
	@deploy/try.sh $(HOUSE)

architecture: dev ## write docs/pictures/architecture.svg and docs/pictures/message.svg from the code
	@$(BIN)/python -m tests.tools.architecture

clean: ## remove what was built here
	rm -rf $(VENV) build dist classifier/model .mypy_cache .ruff_cache .pytest_cache

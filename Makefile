# Thin: each line calls one tool. `make demo` and `make test` do their own set-up.
# DEMO passes words on to the demo (make demo DEMO=--no-serve), TESTS to pytest (make tests TESTS="tests/unit -k shares").

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet install
WORKERS ?= auto
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Some containers forbid Python to keep what it compiled; every program that is started would compile all of it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-dev demo test tests tests-postgresql check lint format types imports rulebook fix bench docs \
	screenshots soak lock programs clean

help:
	@echo "make demo    set up, fill and serve a demonstration on http://127.0.0.1:8000"
	@echo "make test    everything that CI runs"
	@echo "make check   the checks that need no test: style, types, imports, rulebook"
	@echo "make fix     let the tools mend style"
	@echo "make bench   measure, and write bench/RESULTS.md"
	@echo "make docs    write the generated pages of docs/reference, and take the screenshots"
	@echo "make soak    the numbers too big for every push"
	@echo "make lock    resolve the dependencies anew and lock them by hash"

# --- set-up: a stamp a step, so that a second run takes no time

setup: .venv/stamp-assets

setup-dev: .venv/stamp-dev .venv/stamp-assets

.venv/stamp-venv:
	@test -n "$(PYTHON)" || { echo "OpenPBC needs Python 3.11 or newer, and found none on PATH: install it, or name it with 'make PYTHON=/path/to/python3 demo'." >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment: install its venv module (Debian: apt-get install python3-venv) and try again." >&2; exit 2; }
	@touch $@

.venv/stamp-runtime: .venv/stamp-venv requirements.txt pyproject.toml
	@echo "Installing what OpenPBC needs to run ..."
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/stamp-dev: .venv/stamp-runtime requirements-dev.txt
	@echo "Installing what the checks and tests need on top ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

.venv/stamp-node: .venv/stamp-venv requirements-node.txt
	@command -v npm >/dev/null || { echo "Installing Node, which this machine does not have, into .venv ..."; $(PIP) --require-hashes -r requirements-node.txt; }
	@touch $@

.venv/stamp-assets: .venv/stamp-runtime .venv/stamp-node package-lock.json src/openpbc/site/assets.py
	@echo "Installing the front-end assets ..."
	@$(BIN)/python -m openpbc.site.assets
	@touch $@

programs: .venv/stamp-venv
	@.ci/programs

# --- run

demo: setup
	@$(BIN)/openpbc demo $(DEMO)

# --- check

test: setup-dev programs
	@$(MAKE) --no-print-directory --jobs=3 check
	@$(MAKE) --no-print-directory tests TESTS="--cov=openpbc --cov-report=term-missing:skip-covered tests"
	@$(MAKE) --no-print-directory tests-postgresql

check: lint format types imports rulebook

lint: setup-dev
	@$(BIN)/ruff check --quiet .

format: setup-dev
	@$(BIN)/ruff format --quiet --check . || { echo "Some files are not formatted: 'make fix' does it." >&2; exit 1; }

types: setup-dev
	@$(BIN)/mypy

imports: setup-dev
	@$(BIN)/lint-imports --no-logo

rulebook: setup-dev
	@$(BIN)/openpbc rulebook check

tests: setup-dev
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

tests-postgresql: setup-dev
	@$(BIN)/python -m pytest -n $(WORKERS) -m "postgresql and not soak" $(TESTS)

fix: setup-dev
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

soak: setup-dev programs
	@$(BIN)/python -m pytest -n $(WORKERS) -m "" --hypothesis-profile=soak $(TESTS)
	@$(BIN)/python -m pytest -n $(WORKERS) -m "postgresql and soak" --hypothesis-profile=soak $(TESTS)

bench: setup-dev
	@$(BIN)/python -m bench

docs: setup-dev screenshots
	@$(BIN)/python docs/generate.py
	@$(BIN)/openpbc access write
	@for room in finance activity pricing; do $(BIN)/python -m tests.spec.$$room.reference; done

screenshots: setup-dev programs
	@OPENPBC_SCREENSHOTS=1 $(BIN)/python -m pytest -n $(WORKERS) tests/browser

# Locks hold hashes and no address, so that they serve behind any mirror. Extras stay in the names: older pips look a
# stripped one up anew, find a newer release, and refuse it for want of a hash.
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-strip-extras

lock: setup-dev
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) requirements-node.in -o requirements-node.txt
	@npm install --package-lock-only --ignore-scripts

clean:
	rm -rf .venv node_modules

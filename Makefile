# The desk from a bare clone: `make run` to see it, `make test` to trust it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3))
HOST ?= 127.0.0.1
PORT ?= 8000
# How much faster than life the demo's rehearsal runs.
SPEED ?= 12
# How many times as many examples a hunt by hand throws.
FUZZ ?= 20

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install
RUNS := $(VENV)/.installed
TESTS := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench

.PHONY: help run test lint style types checks suite services browser faults fuzz bench format clean

help:
	@echo "make run     the demo night on http://$(HOST):$(PORT) (HOST, PORT and SPEED change it)"
	@echo "make test    everything: lint, types, checks, and the suite on each database and in Chromium"
	@echo "make bench   the benchmarks"
	@echo "make fuzz    twenty times as much rubbish as the suite throws (FUZZ changes it), never the same"
	@echo "make lint, suite, services, browser, faults   its parts: lint is quick, and needs no test to run"
	@echo "make format  what ruff can mend by itself"
	@echo "make clean   everything this checkout made for itself, the demo's database too"

# --- What must be there -------------------------------------------------------------------------

$(PY):
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed (Debian: apt-get install python3 python3-venv)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make a virtual environment (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

$(RUNS): requirements.txt | $(PY)
	@echo "Installing what the desk runs on"
	@$(PIP) -r requirements.txt
	@touch $@

$(TESTS): requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing what its tests need"
	@$(PIP) -r requirements-dev.txt
	@touch $(RUNS) $@

$(BENCH): requirements-bench.txt | $(TESTS)
	@echo "Installing what the benchmarks need"
	@$(PIP) -r requirements-bench.txt
	@touch $@

# --- The demo night -----------------------------------------------------------------------------

# The demo has a database of its own: DEMO=1. A real desk's is left alone.
run: export DEMO := 1
run: $(RUNS)
	@$(PY) manage.py demo
	@echo "The desk is on http://$(HOST):$(PORT)/ (Ctrl-C ends it)"
	@$(PY) manage.py rehearse rehearsal --speed $(SPEED) > .data/rehearsal.log 2>&1 & rehearsal=$$!; \
		trap 'kill $$rehearsal 2>/dev/null || true' EXIT INT TERM; \
		$(PY) manage.py serve --host "$(HOST)" --port "$(PORT)"

# --- The tests ----------------------------------------------------------------------------------

test: lint suite services browser faults

lint: style types checks

style: $(TESTS)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(TESTS)
	$(VENV)/bin/mypy

# As a desk facing the public has it: a key, its hosts and its origins.
checks: $(TESTS)
	$(PY) manage.py makemigrations --check --dry-run
	DEBUG=off ALLOWED_HOSTS=desk.example CSRF_TRUSTED_ORIGINS=https://desk.example \
		SECRET_KEY=for-this-check-alone-and-never-for-a-desk-that-anyone-reads \
		$(PY) manage.py check --deploy --fail-level WARNING

suite: $(TESTS)
	env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest -m "not services"

services: $(TESTS)
	$(PY) -m tests.backing $(PY) -m pytest -m "db or live or services"

# In a run of its own: playwright keeps an event loop in the thread of the tests.
browser: $(TESTS)
	env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest tests/browser

# In a run of its own: whatever else measures or waits would feel what it does to the machine.
faults: $(TESTS)
	env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest tests/faults

# The suite throws the same few at each run; this throws many, and others each time.
fuzz: $(TESTS)
	FUZZ="$(FUZZ)" env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest tests/fuzz
	FUZZ="$(FUZZ)" $(PY) -m tests.backing $(PY) -m pytest tests/fuzz -m db

bench: $(TESTS) $(BENCH)
	$(PY) -m bench

format: $(TESTS)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

clean:
	rm -rf $(VENV) .data .static .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

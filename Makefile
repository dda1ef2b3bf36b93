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
# Tests that run at the same time: as many as there are processors, and half as many again where
# tests mostly wait for servers and browsers.
PROCESSORS := $(shell nproc)
WORKERS ?= $(PROCESSORS)
WAITING ?= $(shell echo $$(($(PROCESSORS) * 3 / 2)))
# In `make soak`: how many times as many examples the fuzzing tries, and how often each fault is
# repeated.
FUZZ ?= 20
REPEAT ?= 5

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install
RUNS := $(VENV)/.installed
TESTS := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench

PYTEST := $(PY) -m pytest --dist loadgroup -n
# A run on SQLite in one process, whatever the environment says.
EMBEDDED := env -u DATABASE_URL -u REDIS_URL
LAYERS := tests/arithmetic tests/words tests/desk tests/live tests/test_rooms.py

.PHONY: help run test quick lint style types checks layers suite services browser acceptance faults \
	soak soak-rounds soak-faults fuzz bench format clean

help:
	@echo "make run     the demo night on http://$(HOST):$(PORT) (HOST, PORT and SPEED change it)"
	@echo "make test    everything, and the time of each of its stages:"
	@echo "             lint, suite, services, browser, acceptance, faults; each is a target too"
	@echo "make quick   a minute's worth of it: lint, and the tests of the layers that pages are built on"
	@echo "make soak    the same for hours: long repetitions, much fuzzing, faults (FUZZ and REPEAT change it)"
	@echo "make bench   the benchmarks"
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

test: $(TESTS)
	@$(PY) -m tests.stages lint,suite,services,browser,acceptance,faults

quick: $(TESTS)
	@$(PY) -m tests.stages lint,layers

soak: $(TESTS)
	@SOAK=1 $(PY) -m tests.stages fuzz,soak-rounds,soak-faults

lint: style types checks

style: $(TESTS)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(TESTS)
	$(VENV)/bin/mypy

# As a desk facing the public has it: a key, its hosts, its origins and its collected static files.
checks: $(TESTS)
	$(PY) manage.py makemigrations --check --dry-run
	export DEBUG=off ALLOWED_HOSTS=desk.example CSRF_TRUSTED_ORIGINS=https://desk.example \
		SECRET_KEY=for-this-check-alone-and-never-for-a-desk-that-anyone-reads \
		STATIC_ROOT="$$(mktemp -d)"; trap 'rm -rf "$$STATIC_ROOT"' EXIT; \
		$(PY) manage.py collectstatic --no-input --verbosity 0; \
		$(PY) manage.py check --deploy --fail-level WARNING

layers: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WORKERS) -m "not services" $(LAYERS)

suite: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WORKERS) -m "not services"

services: $(TESTS)
	$(PY) -m tests.backing $(PYTEST) $(WAITING) -m "db or live or services"

# In a run of its own: playwright keeps an event loop in the thread of the tests.
browser: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WAITING) tests/browser

# What ships, with its own settings and commands.
acceptance: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WAITING) tests/acceptance

faults: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WAITING) tests/faults

# The suite tries the same few examples at each run; this tries many, and others each time.
fuzz: $(TESTS)
	FUZZ="$(FUZZ)" $(EMBEDDED) $(PYTEST) $(WORKERS) tests/fuzz
	FUZZ="$(FUZZ)" $(PY) -m tests.backing $(PYTEST) $(WAITING) -m db tests/fuzz

soak-rounds: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WORKERS) -m soak tests/services tests/live
	$(EMBEDDED) $(PYTEST) $(WORKERS) -m soak tests/browser

soak-faults: $(TESTS)
	$(EMBEDDED) $(PYTEST) $(WORKERS) --count "$(REPEAT)" tests/faults

bench: $(TESTS) $(BENCH)
	$(PY) -m bench

format: $(TESTS)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

clean:
	rm -rf $(VENV) .data .static .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Everything a clone needs: `make run` starts the demo, `make test` runs every check.

SHELL := /bin/bash
# Where a container sets it, each of several hundred processes would compile every module again.
export PYTHONDONTWRITEBYTECODE :=
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3))
# The other Python that is supported, if it is here. That of pyenv runs only if it is chosen.
OTHER_PYTHON ?= $(shell PYENV_VERSION=3.13 python3.13 -c 'import ensurepip, sys, venv; print(sys.executable)' 2>/dev/null)
HOST ?= 127.0.0.1
PORT ?= 8000
# How many times faster than real time the demo's rehearsal runs.
SPEED ?= 12
# Number of pytest workers; auto is one per processor. More made no stage faster.
WORKERS ?= auto
# For `make soak`: the factor on the number of fuzzing examples, and how often each fault test is
# repeated.
FUZZ ?= 20
REPEAT ?= 5

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install
RUNS := $(VENV)/.installed
TESTS := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench

PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadgroup
# Run on SQLite without Redis, whatever the environment says.
EMBEDDED := env -u DATABASE_URL -u REDIS_URL
# The version of Django whose templates these are.
DJADE := --target-version 5.2
LAYERS := tests/arithmetic tests/words tests/live tests/stories tests/desk tests/test_layers.py
# What a Python changes first: arithmetic, threads and event loops, sockets, servers, archives.
PARTS := tests/arithmetic tests/words tests/services/test_serve.py \
	$(addprefix tests/live/test_,$(addsuffix .py,concurrent_writers full_process hub socket tail updates)) \
	"tests/services/test_backup.py::test_restore_brings_everything_back_and_open_pages_reload[sqlite]"
NO_OTHER_PYTHON := No test ran on Python 3.13: it is not installed (CONTRIBUTING.md says how to install it)

.PHONY: help run test quick lint style types checks layers suite services browser acceptance faults \
	python3.13 part-of-all soak soak-rounds soak-faults soak-night fuzz bench format clean

help:
	@echo "make run     start the demo night on http://$(HOST):$(PORT) (change HOST, PORT, SPEED)"
	@echo "make test    run every check, and print the time of each stage: lint, suite, services,"
	@echo "             browser, acceptance, faults, python3.13 (each is a target too)"
	@echo "make quick   run lint, and the tests of arithmetic, words, live, stories and desk"
	@echo "make soak    run long repetitions, fuzzing and fault tests, for hours (change FUZZ, REPEAT)"
	@echo "make bench   run the benchmarks, or some of them (ONLY=\"publishing pages\")"
	@echo "make format  fix and format the code with ruff, the templates with djade"
	@echo "make clean   delete everything made in this checkout, the demo's database included"

# --- Dependencies -------------------------------------------------------------------------------

$(PY):
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed (Debian: apt-get install python3 python3-venv)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make a virtual environment (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

$(RUNS): requirements.txt | $(PY)
	@echo "Installing the requirements"
	@$(PIP) -r requirements.txt
	@touch $@

$(TESTS): requirements.txt requirements-readers.txt requirements-dev.txt | $(PY)
	@echo "Installing the requirements of the tests"
	@$(PIP) -r requirements-dev.txt
	@touch $(RUNS) $@

$(BENCH): requirements-bench.txt | $(TESTS)
	@echo "Installing the requirements of the benchmarks"
	@$(PIP) -r requirements-bench.txt
	@touch $@

# --- The demo night -----------------------------------------------------------------------------

# The demo takes a while to set up: a port that is in use is found out before.
define TRY_PORT
import socket, sys
host, port = sys.argv[1:]
family = socket.AF_INET6 if ":" in host else socket.AF_INET
try:
    socket.create_server((host, int(port)), family=family).close()
except (OSError, ValueError, OverflowError) as exc:
    reason = getattr(exc, "strerror", None) or str(exc).rstrip(".")
    sys.exit(f"Cannot listen on {host}, port {port}: {reason}. Try another: make run PORT=8001")
endef
export TRY_PORT

# DEMO=1 selects a database of its own, so the demo never touches a real one.
run: export DEMO := 1
run: $(RUNS)
	@$(PY) -c "$$TRY_PORT" "$(HOST)" "$(PORT)"
	@$(PY) manage.py demo --speed $(SPEED)
	@$(PY) manage.py rehearse rehearsal --speed $(SPEED) > .data/rehearsal.log 2>&1 & rehearsal=$$!; \
		trap 'kill $$rehearsal 2>/dev/null || true' EXIT INT TERM; \
		$(PY) manage.py serve --host "$(HOST)" --port "$(PORT)"

# --- The tests ----------------------------------------------------------------------------------

# `lint` first, because it fails soonest. `suite` waits for nothing: its two workers keep two
# processors busy, and with a stage beside it, it takes a sixth more CPU. The others wait much of
# their time, so two run at once, those that take longest first, so that none is left to end alone.
test: $(TESTS)
	@$(PY) -m tests.stages --alone lint suite --beside 2 browser acceptance services faults \
		$(if $(OTHER_PYTHON),python3.13)
	@[ -n "$(OTHER_PYTHON)" ] || echo "$(NO_OTHER_PYTHON)"

quick: $(TESTS)
	@$(PY) -m tests.stages --beside 2 lint layers

soak: $(TESTS)
	@SOAK=1 $(PY) -m tests.stages --alone fuzz soak-rounds soak-faults soak-night

lint: style types checks

style: $(TESTS)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	find templates -name '*.html' -exec $(VENV)/bin/djade $(DJADE) --check {} +
	@! LC_ALL=C.UTF-8 grep -rnE '.{121}' --include='*.html' --include='*.css' --include='*.js' \
		templates static || { echo "Lines over 120 characters" >&2; exit 1; }

types: $(TESTS)
	$(VENV)/bin/mypy

# With the settings of a public site: key, hosts, origins, and static files collected.
checks: $(TESTS)
	$(PY) manage.py makemigrations --check --dry-run
	export DEBUG=off ALLOWED_HOSTS=desk.example CSRF_TRUSTED_ORIGINS=https://desk.example \
		SECRET_KEY=for-this-check-alone-and-never-for-a-desk-that-anyone-reads \
		MEDIA_ROOT=. STATIC_ROOT="$$($(PY) -m tests.collected)"; \
		$(PY) manage.py check --deploy --fail-level WARNING

layers: $(TESTS)
	$(EMBEDDED) $(PYTEST) -m "not services" $(LAYERS)

suite: $(TESTS)
	$(EMBEDDED) $(PYTEST) -m "not services"

services: $(TESTS)
	$(PY) -m tests.backing $(PYTEST) -m "db or live or services"

# Separate from `suite`: playwright keeps an event loop in the thread that runs the tests.
browser: $(TESTS)
	$(EMBEDDED) $(PYTEST) tests/browser

# The shipped settings and commands, unchanged.
acceptance: $(TESTS)
	$(EMBEDDED) $(PYTEST) tests/acceptance

faults: $(TESTS)
	$(EMBEDDED) $(PYTEST) tests/faults

# A part of the tests on the other Python; what it will refuse one day fails already. Without
# compiling all packages, of whose modules a fourth is imported, this takes half the time.
python3.13:
	@if [ -z "$(OTHER_PYTHON)" ]; then echo "$(NO_OTHER_PYTHON)"; else \
		PIP_NO_COMPILE=1 $(MAKE) --no-print-directory part-of-all VENV=.venv-3.13 PYTHON="$(OTHER_PYTHON)"; fi

part-of-all: $(TESTS)
	$(PY) -W error::DeprecationWarning manage.py check
	$(EMBEDDED) $(PYTEST) -W error::DeprecationWarning $(PARTS)

# `suite` tries the same few examples every time; this tries many, different each time.
fuzz: $(TESTS)
	FUZZ="$(FUZZ)" $(EMBEDDED) $(PYTEST) tests/fuzz
	FUZZ="$(FUZZ)" $(PY) -m tests.backing $(PYTEST) -m db tests/fuzz

soak-rounds: $(TESTS)
	$(EMBEDDED) $(PYTEST) -m soak tests/services tests/live tests/real_nights
	$(EMBEDDED) $(PYTEST) -m soak tests/browser
	CHANCE=0 $(EMBEDDED) $(PYTEST) tests/browser
	CHANCE=0.9999 $(EMBEDDED) $(PYTEST) tests/browser

soak-faults: $(TESTS)
	$(EMBEDDED) $(PYTEST) --count "$(REPEAT)" tests/faults

# Whole nights of real results as a public site runs them, for three quarters of an hour.
soak-night: $(TESTS)
	$(EMBEDDED) $(PY) -m tests.whole_night
	$(EMBEDDED) $(PY) -m tests.whole_night --council

bench: $(TESTS) $(BENCH)
	$(PY) -m bench $(if $(ONLY),--only $(ONLY))

format: $(TESTS)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	find templates -name '*.html' -exec $(VENV)/bin/djade $(DJADE) {} +

clean:
	rm -rf $(VENV) .venv-3.13 .bench .data .static build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

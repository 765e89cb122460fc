# `make demo` shows the product, `make test` proves it. Both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What serves, and all the rest: tests, linters, training. The second holds the first.
SERVES := $(VENV)/.installed
DEVELOPS := $(VENV)/.installed-all
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: install develop demo test lint bench messages clean

install: $(SERVES)
develop: $(DEVELOPS)

$(SERVES): pyproject.toml | $(BIN)/python
	@echo "Installing what serves into $(VENV) (about 1.2 GB)…"
	@$(PIP) -e .
	@touch $@

$(DEVELOPS): pyproject.toml | $(BIN)/python
	@echo "Installing what serves, tests and trains into $(VENV)…"
	@$(PIP) -e '.[dev,train]'
	@touch $(SERVES) $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Souffleur needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make install PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# KB=folder TICKETS=file.jsonl use your own articles and tickets; ONCE=1 checks the whole path and exits.
demo: install
	@$(BIN)/python -m demo $(if $(ONCE),--once) $(if $(KB),--kb "$(KB)") $(if $(TICKETS),--tickets "$(TICKETS)")

# Two workers for the whole suite; a choice of tests runs in one process, unless ARGS asks for more.
test: develop
	@$(BIN)/python -m pytest $(or $(ARGS),-n 2)

lint: develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DATABASE_URL=postgres://none REDIS_URL=redis://none $(BIN)/mypy .
	$(BIN)/lint-imports

bench: develop
	@$(BIN)/python -m bench $(ARGS)

messages: install
	$(BIN)/python manage.py makemessages -l fr --no-location --no-obsolete --ignore .venv --ignore var
	$(BIN)/python manage.py compilemessages --ignore .venv

clean:
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# `make demo` shows the product, `make test` proves it. Both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install demo test lint bench messages screenshots clean

install: $(STAMP)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Souffleur needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make install PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (about a gigabyte the first time, two minutes on a good line)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# KB=folder TICKETS=file.jsonl use your own articles and tickets; ONCE=1 checks the whole path and exits.
demo: install
	@$(BIN)/python -m demo $(if $(ONCE),--once) $(if $(KB),--kb "$(KB)") $(if $(TICKETS),--tickets "$(TICKETS)")

test: install
	@$(BIN)/python -m pytest $(ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DATABASE_URL=postgres://none REDIS_URL=redis://none $(BIN)/mypy .
	$(BIN)/lint-imports

bench: install
	@$(BIN)/python -m bench $(ARGS)

messages: install
	$(BIN)/python manage.py makemessages -l fr --no-location --no-obsolete --ignore .venv --ignore var
	$(BIN)/python manage.py compilemessages --ignore .venv

clean:
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Two commands do everything on a fresh machine: make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PHOTOS ?=
BENCHMARKS := indexing api album grouping batches together suggestions scale

.PHONY: install demo test lint bench serve docs clean

install: $(VENV)/dev

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Vultus needs Python 3.11 or newer; set PYTHON=python3.x") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(VENV)/demo: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo]'
	touch $@

$(VENV)/dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/demo

demo: $(VENV)/demo
	$(BIN)/vultus --home .demo demo $(if $(PHOTOS),"$(PHOTOS)")

test: $(VENV)/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	for each in $(BENCHMARKS); do echo "== $$each"; $(BIN)/python benchmarks/$$each.py || exit 1; done

serve: $(VENV)/demo
	$(BIN)/vultus serve

docs: $(VENV)/dev
	$(BIN)/python scripts/imm_actions.py
	$(BIN)/python scripts/operations_docs.py
	$(BIN)/python scripts/reference_docs.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

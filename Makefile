# Two commands do everything on a fresh machine: make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PHOTOS ?=
NODE_CLIENTS := tests/conformance/node
BENCHMARKS := indexing api request endurance album grouping damaged batches together changes suggestions attributes quality comparing metadata scale

.PHONY: install demo test fuzz fuzz-media lint bench serve docs clean

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

# Version 4 of the official SDK, on the core that it was written for; it does not go together with version 5.
$(VENV)/imm4/installed: tests/conformance/imm4-requirements.txt
	$(PYTHON) -m venv $(VENV)/imm4
	$(VENV)/imm4/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

# Where there is no npm, the tests of the Node clients are skipped, and say so.
$(VENV)/node-clients: $(NODE_CLIENTS)/package.json
	if command -v npm > /dev/null; then \
		npm install --prefix $(NODE_CLIENTS) --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error \
		&& touch $@; \
	fi

demo: $(VENV)/demo
	$(BIN)/vultus --home .demo demo $(if $(PHOTOS),"$(PHOTOS)")

test: $(VENV)/dev $(VENV)/imm4/installed $(VENV)/node-clients
	$(BIN)/python -m pytest -n 2 --dist loadfile

fuzz: $(VENV)/dev
	VULTUS_FUZZ_REQUESTS=20000 $(BIN)/python -m pytest -n 2 --dist loadfile tests/fuzz

fuzz-media: $(VENV)/dev
	VULTUS_FUZZ_FILES=2000 $(BIN)/python -m pytest tests/fuzz/test_media.py

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
	$(BIN)/python scripts/openapi_docs.py
	$(BIN)/python scripts/reference_docs.py
	$(BIN)/python -m scripts.fields_docs

clean:
	rm -rf $(VENV) $(NODE_CLIENTS)/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

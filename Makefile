# Two commands:  make crawl [URL=https://…]   and   make test
# Both set up a virtual environment first, from nothing but Python >= 3.11.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
URL    ?=
ARGS   ?=

.PHONY: crawl test lint types layers tests soak bench docs clean

crawl: $(VENV)/.user
ifeq ($(strip $(URL)),)
	$(BIN)/python -m tests.newsroom.demo $(ARGS)
else
	$(BIN)/wirecopy crawl $(URL) $(ARGS)
endif

test: lint types layers tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

tests: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not soak"

soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.crawl $(ARGS)

docs: $(VENV)/.dev
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.user: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wirecopy needs Python 3.11 or newer: make PYTHON=/path/to/python3")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	$(PIP) --editable '.[dev]'
	@touch $@

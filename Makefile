# Two commands:  make crawl [URL=https://…]   and   make test
# Both set up a virtual environment first, from nothing but Python >= 3.11.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
URL    ?=
ARGS   ?=

.PHONY: crawl test lint types layers tests soak search bench rivals docs pywb s3 smoke clean

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

# pywb has an environment of its own: it is GPL, and its gevent patches all it meets.
pywb: .venv-pywb/.done

.venv-pywb/.done:
	$(PYTHON) -m venv .venv-pywb
	.venv-pywb/bin/python -m pip --disable-pip-version-check install --quiet 'pywb==2.10.*' 'setuptools<81'
	@touch $@

# An S3 server for tests has one of its own, too: it comes with AWS's whole SDK.
s3: .venv-s3/.done

.venv-s3/.done:
	$(PYTHON) -m venv .venv-s3
	.venv-s3/bin/python -m pip --disable-pip-version-check install --quiet 'moto[s3]==5.2.*' 'flask>=3' 'flask-cors>=6'
	@touch $@

# What checks and shows our WACZ files has environments of its own too: AGPL, and with dependencies that are not ours.
wacz: .venv-wacz/.done

.venv-wacz/.done:
	$(PYTHON) -m venv .venv-wacz
	.venv-wacz/bin/python -m pip --disable-pip-version-check install --quiet 'wacz==0.6.*' 'cdxj-indexer==1.5.*' 'setuptools<81'
	@touch $@

replaywebpage: .replaywebpage/.done

.replaywebpage/.done:
	mkdir -p .replaywebpage
	cd .replaywebpage && npm pack --silent replaywebpage@2.5.3 && tar xzf replaywebpage-*.tgz
	@touch $@

# Engines that benchmarks/extraction compares with have an environment of their own: news-please wants older versions of
# two packages. Then:  .venv-bench/bin/python -m benchmarks.extraction CORPUS
.venv-bench/.done:
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip --disable-pip-version-check install --quiet --upgrade 'pip>=24'
	grep -v -E '^(cssselect|python-dateutil)==' constraints.txt > .venv-bench/constraints.txt
	.venv-bench/bin/python -m pip install --quiet --constraint .venv-bench/constraints.txt --editable '.[bench]'
	@touch $@

rivals: .venv-bench/.done

# Another Python: sets up, crawls the newsroom, verifies.  make smoke PYTHON=python3.13 VENV=.venv-3.13
smoke: $(VENV)/.user
	$(BIN)/python -m tests.newsroom.demo --collection $(VENV)/newsroom
	$(BIN)/wirecopy verify --collection $(VENV)/newsroom

soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak $(ARGS)

# Property tests with examples that are others each time, and ten times as many: 'make test' has the same ones each time.
search: $(VENV)/.dev
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile search $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.crawl $(ARGS)

docs: $(VENV)/.dev
	$(BIN)/python -m docs.generate

clean:
	rm -rf .venv* .replaywebpage build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.user: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wirecopy needs Python 3.11 or newer: make PYTHON=/path/to/python3")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	$(PIP) --editable '.[dev]'
	@touch $@

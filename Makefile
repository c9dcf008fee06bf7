# `make` sets everything up, checks, builds and shows the latest engagements; `make test` runs the tests, `make hostile`
# the slow ones: fuzz, bombs and kills; `make mutate-check` plants faults in a sample of the record and counts those found.
# Nothing has to be there beforehand but Python 3.11 or later and make.

export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON ?= python3
BIN := .venv/bin
WHEEL_BIN := build/wheel-env/bin

.PHONY: all validate build check wheel look test hostile mutate mutate-check lint pack site clean

all: validate build wheel look

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

validate: .venv/ready
	$(BIN)/ije validate .

build: .venv/ready
	$(BIN)/python scripts/build.py

check: .venv/ready
	$(BIN)/python scripts/build.py --check

wheel: build
	rm -rf dist
	$(BIN)/python -m build --quiet --outdir dist .
	@ls -l dist | awk 'NR > 1 {print $$9, $$5 " bytes"}'

look: wheel
	rm -rf build/wheel-env
	$(PYTHON) -m venv build/wheel-env
	$(WHEEL_BIN)/python -m pip install --quiet dist/*.whl
	cd build && wheel-env/bin/python ../scripts/latest.py

test: .venv/ready
	$(BIN)/python -m pytest -m 'not hostile'

hostile: .venv/ready
	$(BIN)/python -m pytest -m hostile

# Thousands of single faults, and how many of them are refused: minutes, and then the tables of docs/quality.md.
mutate: .venv/ready
	$(BIN)/python scripts/mutate.py

mutate-check: .venv/ready
	$(BIN)/python scripts/mutate.py --check

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What a release offers for download; `scripts/release.py X.Y.Z` makes the release ready, this among it.
pack: .venv/ready
	rm -rf dist
	$(BIN)/python scripts/pack.py dist

# What is shown at the address of the site: the page on the dataset, and the files it leads to where it says they are.
site: .venv/ready
	rm -rf site
	mkdir -p site
	cp -r data docs schemas datapackage.json site/
	echo '<!doctype html><meta http-equiv="refresh" content="0; url=docs/"><a href="docs/">docs/</a>' > site/index.html

clean:
	rm -rf .venv build dist site

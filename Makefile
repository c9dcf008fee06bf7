# `make` sets everything up, checks, builds and shows the latest engagements; `make test` runs the tests, `make hostile`
# the slow ones: fuzz, bombs and kills; `make spark-test` the rules on Spark; `make mutate-check` plants faults in a sample of the record and counts those found;
# `make site` builds the explorer, `make site-test` tries it in a browser.
# Nothing has to be there beforehand but Python 3.11 or later and make.

export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON ?= python3
BIN := .venv/bin
WHEEL_BIN := build/wheel-env/bin

.PHONY: all validate build check wheel look test hostile spark-test site site-test mutate mutate-check reliability bench bench-check lint pack clean

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
	$(BIN)/python -m pytest -m 'not hostile and not site and not spark' --numprocesses auto --dist worksteal

hostile: .venv/ready
	$(BIN)/python -m pytest -m hostile

# The rules on Spark, which needs Java (on Debian: apt-get install openjdk-17-jre-headless), in an environment of its own.
build/spark-env/ready: pyproject.toml
	$(PYTHON) -m venv build/spark-env
	build/spark-env/bin/python -m pip install --quiet --editable '.[spark,cli]' duckdb 'pytest>=8.3'
	touch $@

spark-test: build/spark-env/ready
	build/spark-env/bin/python -m pytest -m spark tests/test_engines.py

# The explorer, and beside it what describes the dataset to machines, where that says it is.
site: .venv/ready
	$(BIN)/python scripts/site.py
	cp -r data docs schemas datapackage.json site/

# Judges of pages that come from npm; the browser is the one the system has (CHROMIUM names another).
build/site-tools/ready: tests/site/package.json tests/site/package-lock.json
	mkdir -p build/site-tools
	cp $^ build/site-tools
	cd build/site-tools && npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@

site-test: .venv/ready build/site-tools/ready
	$(BIN)/python -m pytest -m site

# Thousands of single faults, and how many of them are refused: minutes, and then the tables of docs/quality.md.
mutate: .venv/ready
	$(BIN)/python scripts/mutate.py

mutate-check: .venv/ready
	$(BIN)/python scripts/mutate.py --check

# How far two blind coders agree, from data/codings.csv: the tables of docs/quality.md.
reliability: .venv/ready
	$(BIN)/python scripts/reliability.py

# Ratios to what else there is, side by side, an hour of it: docs/performance.md. `make bench-check` counts instructions of
# the hot paths (which needs valgrind) and compares them with benchmarks/baseline.json.
bench: .venv/ready
	for part in loading checking asking growing shapes scale; do $(BIN)/python benchmarks/$$part.py || exit 1; done
	$(BIN)/python benchmarks/report.py

bench-check: .venv/ready
	$(BIN)/python benchmarks/guard.py

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What a release offers for download; `scripts/release.py X.Y.Z` makes the release ready, this among it.
pack: .venv/ready
	rm -rf dist
	$(BIN)/python scripts/pack.py dist

clean:
	rm -rf .venv build dist site

# `make demo`: everything on the real figures, into ./demo. `make test`: every check and test. Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo test lint types tests drawing clean lock benchmark

install: .venv/.installed

# Rebuilt when the lock file or the project file changes; everything is pinned by hash.
.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Cần Python 3.11 trở lên / Python 3.11 or later is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install
	$(BIN)/chitieu demo demo

test: install lint types tests

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

tests: install
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

# The drawing of the modules in docs/architecture.md, from the code.
drawing: install
	cd tests && ../$(BIN)/python -m drawing.modules

# Needs `uv`; run after changing dependencies in pyproject.toml.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file requirements.lock
	uv pip compile pyproject.toml --group bench --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --constraint requirements.lock --output-file requirements-bench.lock

# Restating beside DuckDB, Polars and pandas; data and results of every run in BENCHMARK, about 3 GB and 15 minutes.
BENCHMARK ?= /var/tmp/chitieu-benchmark
benchmark: .venv-bench/.installed
	.venv-bench/bin/python -m benchmarks.restate.run $(BENCHMARK) --write

.venv-bench/.installed: requirements-bench.lock pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv .venv-bench demo dist *.egg-info .mypy_cache .ruff_cache .hypothesis

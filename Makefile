# Two commands set everything up: `make demo` to see it work, `make test` to prove it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo check test bench mutants lock clean

demo: .venv/.demo            ## inspect the invented broadcasts and say where the report is
	$(BIN)/fairstream inspect examples/broadcasts/*/ --out demo

setup: .venv/.dev            ## everything a developer needs

check: .venv/.dev            ## style, types, import contracts, sizes, rules
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/sizes.py src tests
	$(BIN)/fairstream rules lint

test: .venv/.dev check       ## check, then the whole test suite
	$(BIN)/python -m pytest -n auto -rs

bench: .venv/.dev            ## every headline number, each against a named baseline
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

mutants: .venv/.mutants      ## change checks/ and law/ in small ways; count the changes no test notices
	$(BIN)/python tools/mutants.py

lock: .venv/.dev             ## pin again, with hashes and without addresses
	$(BIN)/python tools/lock.py

.venv/.demo: requirements/base.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ .venv/.demo

.venv/.mutants: requirements/mutation.txt .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutation.txt
	touch $@

clean:
	rm -rf .venv demo mutants build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Two commands set everything up: `make demo` to see it work, `make test` to prove it.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
FRONTEND := $(shell find frontend hatch_build.py -name node_modules -prune -o -type f -print)
CHARTS := src/fairstream/charts/dist/manifest.json
# The charts are built with Node: the machine's own, else one from the package index.
NODE := command -v npm >/dev/null || $(PIP) --require-hashes -r requirements/node.txt

.NOTPARALLEL:
.PHONY: setup demo check test bench mutants spark lock clean

demo: .venv/.demo $(CHARTS)  ## inspect invented broadcasts, seal one with its recording, report on an invented window
	$(BIN)/fairstream inspect examples/broadcasts/*/ --out demo
	rm -rf demo/recorded
	$(BIN)/python examples/make_recording.py examples/broadcasts/night-market-tea demo/recorded/received
	$(BIN)/fairstream inspect demo/recorded/received --no-read-screen --out demo/recorded/inspected
	$(BIN)/fairstream evidence seal demo/recorded/inspected --originals demo/recorded/received --out demo/recorded/package
	$(BIN)/fairstream opinion invent --items 20000 --from 2022-06-01 --to 2022-06-20 --seed 618 --out demo/opinion/june.parquet
	$(BIN)/fairstream opinion invent --items 50000 --from 2022-10-20 --to 2022-11-13 --seed 11 --out demo/opinion/posts.parquet
	$(BIN)/fairstream opinion annotate demo/opinion/june.parquet --out demo/opinion/june-annotated.parquet
	$(BIN)/fairstream opinion annotate demo/opinion/posts.parquet --out demo/opinion/annotated.parquet
	$(BIN)/fairstream opinion report demo/opinion/annotated.parquet --compare demo/opinion/june-annotated.parquet --out demo/opinion/report

setup: .venv/.dev $(CHARTS)  ## everything a developer needs

check: .venv/.dev $(CHARTS)  ## style, types, import contracts, sizes, rules
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/sizes.py src tests
	$(BIN)/fairstream rules lint

test: .venv/.dev check       ## check, then the whole test suite
	$(BIN)/python -m pytest -n auto --dist loadgroup -rs

bench: .venv/.dev $(CHARTS)  ## every headline number, each against a named baseline
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

mutants: .venv/.mutants      ## change checks/ and law/ in small ways; count the changes no test notices
	$(BIN)/python tools/mutants.py

spark: .venv/.spark          ## the optional extra: annotation on Apache Spark (Java 17 or later is needed too)

lock: .venv/.dev             ## pin again, with hashes and without addresses
	$(BIN)/python tools/lock.py

.venv/.demo: requirements/base.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements/base.txt
	$(NODE)
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements/dev.txt
	$(NODE)
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@ .venv/.demo

.venv/.spark: requirements/spark.txt .venv/.dev
	$(PIP) --require-hashes -r requirements/spark.txt
	touch $@

.venv/.mutants: requirements/mutation.txt .venv/.dev
	$(PIP) --require-hashes -r requirements/mutation.txt
	touch $@

$(CHARTS): $(FRONTEND)
	$(BIN)/python hatch_build.py

clean:
	rm -rf .venv demo mutants build dist frontend/node_modules src/fairstream/charts/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

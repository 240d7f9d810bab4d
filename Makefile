# valueops: `make run` builds the demo company's warehouse, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
# uv lives in a small environment of its own where the machine has none, so that nothing global is touched.
UV := $(shell command -v uv || echo .tools/uv/bin/uv)
INSTALLED := $(VENV)/.installed-from-lock
DEMO := .valueops/inputs
HOME_DIR := .valueops/home

export DO_NOT_TRACK := 1
export RUNTIME__DLTHUB_TELEMETRY := false

.PHONY: help run test soak truth docs bench bench-short forecast-bench readers dev audit lint format lock install clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(INSTALLED) ## write the demo company and refresh its warehouse and reports
	@test -f $(DEMO)/truth.json || $(BIN)/valueops demo --out $(DEMO)
	$(BIN)/valueops refresh --inputs $(DEMO) --home $(HOME_DIR)

test: $(INSTALLED) ## run every test
	$(BIN)/pytest

soak: $(INSTALLED) ## a month of deliveries with a kill, a full disk and a restatement (half an hour)
	$(BIN)/pytest -n 0 tests/soak/soak_deliveries.py

truth: $(INSTALLED) ## find what is planted in 20 demo companies (half an hour; writes benchmarks/TRUTH.md)
	VALUEOPS_TRUTH_SEEDS=20 VALUEOPS_TRUTH_TABLE=benchmarks/TRUTH.md $(BIN)/pytest tests/truth

docs: run ## fill in what the pages' example queries say of the demo company
	$(BIN)/python -m docs.outputs .valueops/home

bench: $(INSTALLED) ## measure every claim of speed (half an hour; writes benchmarks/RESULTS.md)
	$(BIN)/python -m benchmarks

bench-short: $(INSTALLED) ## the same on small inputs: does it run, do both sides agree?
	$(BIN)/python -m benchmarks --short

forecast-bench: $(INSTALLED) ## measure the forecasts on real series (writes benchmarks/FORECASTS.md)
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.forecasts

readers: $(INSTALLED) ## let 20 readers look while refreshes publish (writes benchmarks/READERS.md)
	$(BIN)/python -m benchmarks.readers

dev: $(INSTALLED) ## open Dagster on 127.0.0.1:3000 with the demo company
	@test -f $(DEMO)/truth.json || $(BIN)/valueops demo --out $(DEMO)
	$(BIN)/valueops dev --inputs $(DEMO) --home $(HOME_DIR)

audit: $(INSTALLED) ## ask OSV for known vulnerabilities of the locked packages
	$(BIN)/python .ci/audit.py requirements.lock --timeout 10

lint: $(INSTALLED) ## ruff, basedpyright and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/sqlfluff lint dbt_project --disable-progress-bar --processes 2

format: $(INSTALLED) ## let ruff and sqlfluff rewrite what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_project --disable-progress-bar

lock: .tools/uv-ready ## resolve requirements.lock again from pyproject.toml
	$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
		--extra dev -o requirements.lock pyproject.toml

install: $(INSTALLED) ## create .venv from the lock

.tools/uv-ready:
	@mkdir -p .tools
	@command -v uv >/dev/null || test -x .tools/uv/bin/uv || \
		{ echo "installing uv $(UV_VERSION) into .tools/"; \
		  $(PYTHON) -m venv .tools/uv && .tools/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@touch $@

$(INSTALLED): requirements.lock pyproject.toml | .tools/uv-ready
	@echo "installing the locked packages into $(VENV) (once)"
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

clean: ## remove what the other targets made (.venv, demo company, warehouse)
	rm -rf $(VENV) .tools .valueops dbt_project/target dbt_project/logs
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

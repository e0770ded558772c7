# Needs make, a shell, and Python 3.11 or newer with venv. Everything else is fetched into .venv.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check check-long bench catalogues browser lock clean

VENV := .venv
BIN := $(VENV)/bin
# A new lock, project file or build hook is a new key, and so a new installation; the same key costs nothing.
KEY := $(shell cat requirements/*.txt package-lock.json pyproject.toml hatch_build.py | cksum | tr ' ' '-')
BASE := $(VENV)/.base-$(KEY)
DEV := $(VENV)/.dev-$(KEY)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --require-hashes
CATALOGUES := $(shell find hotline -path '*/LC_MESSAGES/django.po' 2>/dev/null)

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

setup: $(BASE) catalogues ## install what running needs into .venv

setup-dev: $(DEV) catalogues ## install what testing and checking need, too

demo: setup ## start the fictional city and print its address and logins (Ctrl-C stops it)
	@exec $(BIN)/hotline demo

test: setup-dev browser ## run all tests, side by side
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist=loadfile

check: setup-dev ## lint, format, types, floors, templates, migrations, drawn docs
	@.ci/check $(BIN)

check-long: setup-dev browser ## more examples for every property, 200,000 random lives, then the measurements
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest
	@mkdir -p bench/results
	$(BIN)/python -m bench.lives > bench/results/lives.json
	$(MAKE) bench

bench: setup-dev ## measure appeals and acts per second beside bare PostgreSQL; the result is kept in bench/results
	@mkdir -p bench/results
	$(BIN)/python -m bench.walk | tee bench/results/walk.json

catalogues: $(VENV)/.catalogues

$(VENV)/.catalogues: $(CATALOGUES) | $(VENV)/bin/python
	@$(BIN)/python hatch_build.py catalogues && touch $@

browser: ## install Debian's Chromium for the tests of pages, where that is possible
	@.ci/browser

lock: ## resolve the dependencies anew into requirements/ (needs uv) and package-lock.json
	@.ci/lock

clean: ## remove the installation and all caches; the data folder stays
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis hotline/ui/static/vendor

$(VENV)/bin/python:
	@.ci/python -m venv $(VENV)

$(BASE): | $(VENV)/bin/python
	@echo '[1/3] packages'
	@$(PIP) -r requirements/base.txt -r requirements/build.txt
	@.ci/install $(BIN)
	@rm -f $(VENV)/.base-* && touch $@

$(DEV): | $(VENV)/bin/python
	@echo '[1/3] packages'
	@$(PIP) -r requirements/dev.txt
	@.ci/install $(BIN)
	@rm -f $(VENV)/.base-* $(VENV)/.dev-* && touch $(BASE) $@

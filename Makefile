# Everything a person or a CI job does with this checkout. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TWO_AT_ONCE := --numprocesses 2 --dist loadfile

.PHONY: help install install-dev install-train run test lint bench assets pictures lock clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/installed ## Make .venv with the locked dependencies

install-dev: $(VENV)/installed-dev ## The same, with the tools for tests and linting

install-train: $(VENV)/installed-train ## What training models needs besides: PyTorch and Transformers

$(VENV)/installed: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…"; exit 1; }
	@command -v git >/dev/null || { echo "git is needed: apt-get install git"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --config-settings editable_mode=compat --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# PyTorch by itself first, so that a build that is there already, for one kind of processor, is taken as it is.
$(VENV)/installed-train: $(VENV)/installed requirements/train.txt
	$(BIN)/pip install --quiet --disable-pip-version-check $$(grep '^torch==' requirements/train.txt)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/train.txt
	touch $@

node_modules/installed: package.json package-lock.json
	npm ci --silent
	touch $@

run: install ## Start the workbench and print a sign-in link
	$(BIN)/rust-ai-ide serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

test: install-dev ## Install what the tests need, then run them; those of the apps on PostgreSQL, too
	tests/with-services sh -ec '$(BIN)/python -m pytest $(TWO_AT_ONCE); \
	  if [ -n "$$TEST_DATABASE_URL" ]; then DATABASE_URL=$$TEST_DATABASE_URL $(BIN)/python -m pytest $(TWO_AT_ONCE) tests/apps; fi'

lint: install-dev node_modules/installed ## Check style, types, import contracts, and that the built assets are fresh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	RUST_AI_IDE_HOME=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	npx tsc --noEmit
	node frontend/build.mjs --check

bench: install-dev ## Measure the figures of the README
	$(BIN)/python -m benchmarks

assets: node_modules/installed ## Build static/dist from frontend/
	node frontend/build.mjs

pictures: install-dev ## Make the README's pictures
	tests/with-services $(BIN)/python -m docs.pictures

lock: ## Lock the newest versions that the .in files allow
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --universal --python-version 3.11 --generate-hashes --upgrade requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --universal --python-version 3.11 --generate-hashes --upgrade requirements/dev.in -o requirements/dev.txt

clean: ## Remove what the other targets made here (never the data directory)
	rm -rf $(VENV) node_modules build *.egg-info

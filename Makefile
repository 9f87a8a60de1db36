# The same commands people and CI run. PYTHON: any Python from 3.11 on that has venv.
PYTHON ?= python3
BIN := .venv/bin

# No word on newer versions of pip, nor on running as root: nobody need act on either here.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: demo check test clean

demo: .venv/installed  ## crawl a small copy of the site, on this machine
	@$(BIN)/gdfupin demo

check: .venv/checked  ## the fast tests, lint and types: two minutes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not slow" --maxfail=5

test: .venv/tested  ## everything CI checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --maxfail=20

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

# Installed again only when pyproject.toml changed.
.venv/installed: pyproject.toml | .venv/pip
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/checked: pyproject.toml | .venv/pip
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@ .venv/installed

.venv/tested: pyproject.toml | .venv/pip
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@ .venv/installed .venv/checked

# The pip of a fresh Python 3.11 fails on some extras' names.
.venv/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=24'
	@touch $@

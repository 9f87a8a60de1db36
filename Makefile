# The same commands people and CI run. PYTHON: any Python from 3.11 on that has venv.
PYTHON ?= python3
BIN := .venv/bin

# No word on newer versions of pip, nor on running as root: nobody need act on either here.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Tests start hundreds of processes: what one has compiled the next ones load, whatever a container image sets.
export PYTHONDONTWRITEBYTECODE :=

# Ruff takes a second and comes first. Types and imports are checked while tests wait; what they print comes last.
define lint-beside
$(BIN)/ruff check .
$(BIN)/ruff format --check .
@echo '$(strip $(1)) & $(BIN)/mypy && $(BIN)/lint-imports'; \
{ $(BIN)/mypy && $(BIN)/lint-imports; } > .venv/lint.log 2>&1 & lint=$$!; \
failed=0; $(1) || failed=$$?; \
wait $$lint || { failed=$$?; cat .venv/lint.log; }; exit $$failed
endef

# Installs these packages. uv takes a fifth of pip's time; where it has no wheel or cannot reach the index, pip does it.
define install
@{ test -x $(BIN)/uv && $(BIN)/uv pip install --quiet --python $(BIN)/python $(1); } || \
{ $(BIN)/python -m pip install --quiet --upgrade 'pip>=24' && $(BIN)/python -m pip install --quiet --no-compile $(1); } || \
{ echo "The packages cannot be installed: is there a network, and an index that pip reaches (PIP_INDEX_URL)? Then run make again." >&2; exit 1; }
endef

.PHONY: demo check test docs lock licences clean

demo: .venv/installed  ## crawl a small copy of the site, on this machine
	@$(BIN)/gdfupin demo

check: .venv/checked  ## the fast tests, lint and types: two minutes
	$(call lint-beside,$(BIN)/pytest -m "not slow" --maxfail=5)

test: .venv/tested  ## everything CI checks
	$(call lint-beside,$(BIN)/pytest --maxfail=20)

docs: .venv/documented  ## the documentation as a site, in both languages: build/docs/index.html
	@$(BIN)/python -m sphinx -q -W --keep-going -c docs/site -d build/doctrees . build/docs

lock: .venv/installed  ## the versions and hashes of everything that an installation needs
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --quiet \
		--upgrade --custom-compile-command 'make lock' --output-file requirements.lock

licences: .venv/installed  ## the licences of everything that an installation needs
	$(call install,pip-licenses)
	@$(BIN)/pip-licenses --with-urls --order license --packages \
		$$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' requirements.lock)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

# Installed again only when pyproject.toml changed.
.venv/installed: pyproject.toml | .venv/uv
	$(call install,--editable .)
	@touch $@

.venv/checked: pyproject.toml | .venv/uv
	$(call install,--editable '.[dev]')
	@touch $@ .venv/installed

.venv/tested: pyproject.toml | .venv/uv
	$(call install,--editable '.[test]')
	@touch $@ .venv/installed .venv/checked

.venv/documented: pyproject.toml | .venv/uv
	$(call install,--editable '.[docs]')
	@touch $@ .venv/installed

.venv/uv:
	$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet uv 2> .venv/uv.log || true
	@touch $@

# The commands of the README. Each installs what it needs, from lock files with hashes, into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements
# Extras stay in the locks: pip looks for the hashes of gql[requests] under that name.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url --generate-hashes --no-strip-extras --upgrade
export DAGSTER_HOME ?= $(CURDIR)/dagster_home
# Tests start many processes: each would compile the project anew where bytecode is not kept.
unexport PYTHONDONTWRITEBYTECODE

# uv is quick; where only pip knows the package index (a mirror in its configuration), pip installs the same lock.
define install
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r $(1) \
	|| $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef

# The same in an environment of its own, of this name: what slows or disturbs the others.
define install_apart
	$(PYTHON) -m venv --clear $(VENV)/$(1)
	$(BIN)/uv pip install --quiet --python $(VENV)/$(1)/bin/python --compile-bytecode --require-hashes -r $(2) \
	|| $(VENV)/$(1)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(2)
endef

.PHONY: run test test-fast test-whole test-rough test-long test-deployment test-sample fuzz mutants deployment coverage browser lint format ui docs reconciliation disclosure synthetic bench scale audit sbom lock clean

run: $(VENV)/.runtime ## install, and make everything from the delivered files to an edition
	$(BIN)/lea run

ui: $(VENV)/.runtime ## the Dagster UI on the same instance, and the editions
	$(BIN)/lea ui

test: $(VENV)/.test ## what a change can break, in five minutes: every module, every declaration, one whole run
	$(BIN)/python -m pytest

test-whole: $(VENV)/.test ## what comes of whole runs, in ten: broken ones, the gate, every published number and file, pages and the UI in a browser
	$(BIN)/python -m pytest -m whole

test-fast: $(VENV)/.test ## while you work, in under a minute: of 'make test' the tables of cases that read no whole year and make no edition
	$(BIN)/python -m pytest -m "not slow"

coverage: $(VENV)/.test ## of 'make test' all but the whole run, and which lines and branches of the Python code they do not reach
	$(BIN)/python -m pytest tests/unit tests/contracts tests/scenarios --cov --cov-report=term

# Apart from the others: a seed a process, whichever is free, and as the last -m counts, only these.
test-rough: $(VENV)/.test ## twenty rough data folders, and four odd cells in each question, each through a whole run
	$(BIN)/python -m pytest -m rough --dist load tests/rough $(ONLY)

test-long: $(VENV)/.test ## kills, a run from nothing, buttons and actions in any order, each through whole runs; how pages, sheets and print look; ONLY='-k …' runs some
	$(BIN)/python -m pytest -m long --dist load tests/pipeline tests/ui $(ONLY)

test-deployment: $(VENV)/.test $(VENV)/.ducklake ## the services of a server (deployment/), on Debian's PostgreSQL, each killed on the way to an edition; DuckLake
	$(BIN)/python -m pytest -m deployment tests/deployment

test-sample: $(VENV)/.test ## of those two, what CI runs
	$(BIN)/python -m pytest -m sample --dist load tests/rough tests/pipeline

fuzz: $(VENV)/.test ## twenty thousand mutated files through each reader; the counts go to docs/reliability.md
	LEA_NOTE=1 $(BIN)/python -m pytest -m fuzz --dist load tests/fuzz

mutants: $(VENV)/.mutation ## small faults put into SQL and Python on purpose: which does no test notice?
	LEA_NOTE=1 $(BIN)/python -m pytest -m mutants -n 1 tests/mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

# In an environment of its own, with its extensions: no run loads one from elsewhere.
define load_extensions
import duckdb, duckdb_extension_ducklake, duckdb_extension_postgres_scanner, pathlib
connection = duckdb.connect(config={"extension_directory": "$(VENV)/ducklake/extensions"})
for package in (duckdb_extension_postgres_scanner, duckdb_extension_ducklake):
    (file,) = pathlib.Path(package.__file__).parent.rglob("*.duckdb_extension")
    connection.execute(f"install '{file}'")
endef
export load_extensions

# Compiled once: the services cannot write to the code.
deployment: $(VENV)/.deployment ## install what a server needs besides: deployment/README.md
	$(BIN)/python -m compileall -q assets orchestration

browser: ## Debian's Chromium, for tests/ui
	@command -v chromium || command -v chromium-browser || command -v google-chrome \
	|| { command -v apt-get && apt-get update --quiet && apt-get install --yes --no-install-recommends chromium fonts-liberation; } \
	|| { echo "No Chromium could be installed: 'apt-get install chromium' as root, or have one on PATH. Without it tests/ui is skipped." >&2; exit 1; }

lint: $(VENV)/.lint ## formatting, lint and types, of Python and of SQL, and the words of docs/words.yaml
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models
	$(BIN)/python -m tests.words

format: $(VENV)/.lint ## put the formatting right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models

docs: $(VENV)/.runtime ## dbt's documentation of the warehouse, as one page: data/warehouse/docs/static_index.html
	test -f data/warehouse/lea_vve.duckdb || $(BIN)/lea run
	mkdir -p data/warehouse/docs && cp data/warehouse/lea_vve.duckdb data/warehouse/docs/
	LEA_LAKE=$(CURDIR)/data/lake LEA_WAREHOUSE=$(CURDIR)/data/warehouse/docs/lea_vve.duckdb \
	$(BIN)/dbt --quiet docs generate --static --project-dir dbt_project --profiles-dir dbt_project \
	  --target-path $(CURDIR)/data/warehouse/docs --log-path $(CURDIR)/data/warehouse/docs

reconciliation: $(VENV)/.runtime ## write docs/reconciliation.md anew from the newest edition
	$(BIN)/python -m assets.reconciliation.reconcile > docs/reconciliation.md

disclosure: $(VENV)/.runtime ## write docs/disclosure.md anew from the warehouse
	$(BIN)/python -m assets.disclosure.summary > docs/disclosure.md

synthetic: $(VENV)/.synthetic ## make the bundled synthetic deliveries again, byte for byte
	$(BIN)/python -m synthetic

bench: $(VENV)/.test ## the ratios of docs/performance.md
	$(BIN)/python -m benchmarks

scale: $(VENV)/.test ## the table of docs/scale.md: the bundle 1, 25 and 100 times; half an hour and 30 GB of disk
	$(BIN)/python -m benchmarks.scale

audit: $(VENV)/release/bin/pip-audit ## what is publicly known against the locked dependencies; needs a network
	$(VENV)/release/bin/pip-audit --disable-pip --require-hashes --requirement $(LOCKS)/runtime.lock

sbom: $(VENV)/release/bin/pip-audit ## sbom.json: the locked dependencies with versions and licences (CycloneDX)
	$(call install_apart,sbom,$(LOCKS)/runtime.lock)
	$(VENV)/release/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file sbom.json $(VENV)/sbom/bin/python

lock: $(VENV)/.install ## resolve the lock files anew from pyproject.toml
	$(LOCK) -o $(LOCKS)/install.lock --group install
	$(LOCK) -o $(LOCKS)/runtime.lock pyproject.toml
	$(LOCK) -o $(LOCKS)/ducklake.lock --group ducklake
	for group in release mutation; do \
	  $(LOCK) -o $(LOCKS)/$$group.lock --group $$group --constraint $(LOCKS)/runtime.lock || exit 1; \
	done
	$(LOCK) -o $(LOCKS)/deployment.lock --extra deployment --constraint $(LOCKS)/runtime.lock pyproject.toml
	for group in test lint synthetic; do \
	  $(LOCK) -o $(LOCKS)/$$group.lock --group $$group --constraint $(LOCKS)/runtime.lock pyproject.toml || exit 1; \
	done

clean: ## remove what the next run makes again; editions and the history of runs stay
	rm -rf $(VENV) data/lake data/warehouse

$(VENV)/.install: $(LOCKS)/install.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV)/.runtime: $(LOCKS)/runtime.lock pyproject.toml $(VENV)/.install
	$(call install,$<)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.ducklake: $(LOCKS)/ducklake.lock $(VENV)/.install
	$(call install_apart,ducklake,$<)
	$(VENV)/ducklake/bin/python -c "$$load_extensions"
	touch $@

# With them in .venv, dbt imports a grammar of web addresses: a second in each process.
$(VENV)/release/bin/pip-audit: $(LOCKS)/release.lock $(VENV)/.install
	$(call install_apart,release,$<)
	touch $@

# Each of the others: what its lock says, on top of what it needs.
WITH_LOCK := deployment synthetic test lint mutation
$(WITH_LOCK:%=$(VENV)/.%): $(VENV)/.%: $(LOCKS)/%.lock
	$(call install,$<)
	touch $@

$(VENV)/.deployment $(VENV)/.synthetic: $(VENV)/.runtime
# The tests make the synthetic deliveries again, so they need the solver too.
$(VENV)/.test: $(VENV)/.synthetic
$(VENV)/.lint $(VENV)/.mutation: $(VENV)/.test

# make help lists what there is.
PYTHON_IN_VENV := .venv/bin/python
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup local test check lint unit e2e bench lock clean

help:     ## list the commands
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)
	@echo
	@echo "make local takes: ONCE=1 PEOPLE=2000 SEED=1 TENANT=file.json BUNDLES=folder HOST=func"
	@echo "                  TENANT=live looks at a real tenant and writes nothing to it: docs/first-contact.md"
	@echo "                  GRAPH_PORT=8088 SERVICEBUS_PORT=5672 AZURITE_PORT=10000 HOST_PORT=7071"

setup:    ## set up .venv and node_modules; start nothing
	@sh local/setup.sh

local: setup    ## start everything on this machine and run the main job
	@$(PYTHON_IN_VENV) -m local

MYPY := .venv/bin/mypy
# Sets are in the same order in every run, so that generated schedules are the same, too.
PYTEST := PYTHONHASHSEED=0 $(PYTHON_IN_VENV) -m pytest
PORTS := tests/contract
PROCESSES := tests/host tests/simulators tests/unit/cli tests/unit/local_stack
E2E := $(PYTEST) -m e2e

# Commands side by side, for those that wait a lot; what the others say is shown after the first.
beside = told=$$(mktemp -d); $(2) > $$told/2 2>&1 & second=$$!; $(or $(3),true) > $$told/3 2>&1 & third=$$!; \
	$(1); failed=$$?; wait $$second || failed=1; wait $$third || failed=1; \
	cat $$told/2 $$told/3; rm -r $$told; exit $$failed

test: lint unit    ## set up everything, check and test everything
	@$(call beside,$(E2E),$(MYPY))

check: lint    ## format, lint, types, import contracts
	@$(MYPY)

lint: setup
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/lint-imports

unit: setup    ## every test that needs no running stack
	@$(call beside,$(PYTEST) -m "not e2e" $(addprefix --ignore=,$(PORTS) $(PROCESSES)),\
		$(PYTEST) -m "not e2e" $(PORTS),$(PYTEST) -m "not e2e" $(PROCESSES))

e2e: setup    ## the tests that start the whole stack
	@$(E2E)

bench: setup    ## measure, as ratios against a baseline of the same run
	@$(PYTHON_IN_VENV) -m benchmarks

lock: setup    ## write the lock files anew, with hashes and without addresses
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.13 pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.13 pyproject.toml --extra cli --group dev -o requirements-dev.txt
	@npm install --silent --package-lock-only --omit-lockfile-registry-resolved

clean:    ## remove what setup and the local stack made
	rm -rf .venv node_modules .local .mypy_cache .ruff_cache .pytest_cache .hypothesis

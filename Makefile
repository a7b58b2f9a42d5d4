# The attendance workbook. `make` lists what can be made.
# GNU make 3.81 (macOS) or newer; on Windows run it from Git Bash or WSL.

PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

INSTALLED := $(VENV)/.installed
BROWSER := $(VENV)/.browser
ENGINES := $(VENV)/.engines
CHROMIUM ?= chromium
# Debian's own package; anywhere else a person says where the browser is.
INSTALL_CHROMIUM = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-liberation >/dev/null; } \
	    || { echo "make browser-test needs Chromium, which cannot be installed from here. On Debian and Ubuntu: sudo apt-get install chromium." \
	    "Elsewhere name the program: make browser-test CHROMIUM=/path/to/chromium" >&2; exit 1; }
EXPORTS := outputs/demo_exports
MADE := $(EXPORTS)/.made
# What the invented school's exports are made from.
DEMO_SOURCES := $(shell find attendance_lib/demo attendance_lib/rules -type f -not -name '*.pyc') $(wildcard params/demo.yml)

# Compiled code is kept, whatever the shell asks: a report starts several processes, each of which would otherwise compile
# JupyterLab's and pandas' modules again, which takes longer than the report.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo pack test test-notebooks test-suite browser-test calibrate attack casebook-trial year same-bytes tally-speed lab lint lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(INSTALLED) ## create .venv with the locked packages (again only when they change)

# pip first, since that of Python 3.11 sets every tag of this machine against every file of the index: it takes twice as long.
# Not compiled ahead: most of what comes with JupyterLab is never imported here, and compiling it takes as long as unpacking it.
$(INSTALLED): requirements-pip.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and $(PYTHON) is %d.%d. Name another: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-pip.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(MADE) ## write the invented school's exports to outputs/demo_exports

$(MADE): $(INSTALLED) $(DEMO_SOURCES)
	$(BIN)/attendance demo $(EXPORTS)
	@touch $@

pack: demo ## make the fortnightly pastoral pack of the invented school
	$(BIN)/attendance run fortnightly --replace

test: demo ## check the style, run the notebooks and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 test-notebooks test-suite

# Beside the suite, since nbval mostly waits for its kernels; what it found is shown whole when it is done. One thread for
# sums, as in a report's kernel: two would only wait for each other.
test-notebooks: demo ## run the notebooks alone, as nbval compares them
	@mkdir -p build
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -p tests.notebooks_open_what_was_read --nbval-lax notebooks >build/notebooks.txt 2>&1; found=$$?; cat build/notebooks.txt; exit $$found

test-suite: demo ## run every other test alone
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

browser-test: $(BROWSER) ## open every paper in Chromium: accessible (axe-core), and asking nothing of the network
	@command -v "$(CHROMIUM)" >/dev/null || $(INSTALL_CHROMIUM)
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -p no:randomly -q browser_tests

$(BROWSER): $(INSTALLED) requirements-browser.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements-browser.lock
	@touch $@

calibrate: setup ## try the impact estimate and the outlook on invented schools and write docs/*_calibration.md (an hour; goes on where it stopped)
	$(BIN)/python -m benchmarks.calibrate_impact
	$(BIN)/python -m benchmarks.calibrate_pooled
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.calibrate_outlook

attack: setup ## attack the governors' reports of 200 invented schools and write docs/disclosure_attack.md (hours; goes on where it stopped)
	$(BIN)/python -m benchmarks.attack_disclosure

casebook-trial: setup ## do 10,000 things to workbooks in random order, break rules, and write docs/casebook_trial.md (half an hour)
	$(BIN)/python -m benchmarks.casebook_machine

year: setup ## live fourteen months at three small schools with every paper and write docs/a_year.md (half an hour; goes on where it stopped)
	$(BIN)/python -m benchmarks.live_a_year

same-bytes: setup ## make every paper under every kernel, SIMD level, C library and thread count that runs here: are the bytes the same?
	$(BIN)/python -m benchmarks.same_bytes

tally-speed: $(ENGINES) ## time the tally beside pandas, polars and duckdb, one thread each (two minutes)
	$(BIN)/python -m benchmarks.tally_speed

$(ENGINES): $(INSTALLED) requirements-benchmark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements-benchmark.lock
	@touch $@

lab: demo ## open the notebooks in JupyterLab, with a page that says what each is for
	$(BIN)/jupyter lab --ServerApp.root_dir=notebooks --LabApp.default_url=/lab/tree/index.ipynb

lint: setup ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lock: ## pin every package again (UPGRADE=--upgrade takes newer versions)
	$(PYTHON) -m venv build/lock
	build/lock/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check uv
	build/lock/$(notdir $(BIN))/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --fork-strategy fewest \
	    --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements.lock --quiet $(UPGRADE)
	build/lock/$(notdir $(BIN))/uv pip compile --group browser --constraint requirements.lock --universal --python-version 3.11 \
	    --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements-browser.lock --quiet $(UPGRADE)
	build/lock/$(notdir $(BIN))/uv pip compile --group benchmark --constraint requirements.lock --universal --python-version 3.11 \
	    --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements-benchmark.lock --quiet $(UPGRADE)
	echo pip | build/lock/$(notdir $(BIN))/uv pip compile - --universal --python-version 3.11 \
	    --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements-pip.lock --quiet $(UPGRADE)

clean: ## remove what can be made again; packs in outputs/ stay
	rm -rf $(VENV) $(EXPORTS) outputs/.exports_read build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find attendance_lib tests notebooks -name __pycache__ -prune -exec rm -rf {} +

# make demo    sets up, trains a small model on the sample corpus and uses it
# make check   the quick tests under Keras 3, two to three minutes; make check ROOM=models: all of one room
# make docs    the documentation as a site, in build/site
# make notebooks              makes and runs the notebooks; NOTEBOOKS="1 3": those two
# make compatibility SCRIPTS=checkouts   runs published bert4keras scripts, for docs/compatibility.md
# make test    lint, the whole suite under Keras 3, and the tests that depend on Keras under legacy Keras
# Another Python: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed
PYTEST = $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal
ROOM ?=
NOTEBOOKS ?=
SCRIPTS ?= checkouts

# Each process would compile TensorFlow's modules anew, eight seconds, where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo check docs notebooks compatibility test test-keras-3 test-legacy lint clean

demo: $(INSTALLED)
	$(BIN)/gplinker demo --output build/demo --overwrite

check: $(INSTALLED)
	TF_USE_LEGACY_KERAS=0 $(PYTEST) $(if $(ROOM),tests/$(ROOM) gplinker_tf/$(ROOM),-m "not slow")

test: lint test-keras-3 test-legacy

test-keras-3: $(INSTALLED)
	TF_USE_LEGACY_KERAS=0 $(PYTEST)

test-legacy: $(INSTALLED)
	TF_USE_LEGACY_KERAS=1 $(PYTEST)

docs: $(INSTALLED)
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -c docs/site . build/site
	@echo "build/site/index.html"

notebooks: $(INSTALLED)
	$(BIN)/python tests/docs/make_notebooks.py $(NOTEBOOKS)

compatibility: $(INSTALLED)
	$(BIN)/python -m benchmarks.compatibility --scripts "$(SCRIPTS)"

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(INSTALLED): requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --editable ".[dev]"
	$(BIN)/python -m pip install --quiet --no-deps bert4keras==0.11.5
	touch $@

clean:
	rm -rf build docs/reference *.egg-info .mypy_cache .pytest_cache .ruff_cache

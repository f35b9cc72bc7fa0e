# make demo   sets up, trains a small model on the sample corpus and uses it
# make test   sets up, runs the whole suite under Keras 3 and under legacy Keras
# Another Python: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed
PARALLEL = --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: demo test test-keras-3 test-legacy lint clean

demo: $(INSTALLED)
	$(BIN)/gplinker demo --output build/demo --overwrite

test: lint test-keras-3 test-legacy

test-keras-3: $(INSTALLED)
	TF_USE_LEGACY_KERAS=0 $(BIN)/python -m pytest $(PARALLEL)

test-legacy: $(INSTALLED)
	TF_USE_LEGACY_KERAS=1 $(BIN)/python -m pytest $(PARALLEL)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(INSTALLED): requirements.txt requirements-dev.txt setup.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable . --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps bert4keras==0.11.5
	touch $@

clean:
	rm -rf build *.egg-info .mypy_cache .pytest_cache .ruff_cache

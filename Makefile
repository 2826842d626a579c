# Two commands: `make report` and `make test`. Everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PARTS ?= auto
SAMPLE ?= 15
MODULES ?=

# `make fuzz NUMBER=1000 SEED=7 KINDS="table bib"`; what fails is kept in .fuzz.
NUMBER ?= 100000
SEED ?= 0
KINDS ?=

# Left out on the oldest versions; CONTRIBUTING.md says why.
OLD := .venv-oldest
NOT_OLD := architecture browser contributing docs figure_gallery figure_images message_rule mutants notebooks package startup study_data

.PHONY: report test oldest mutants fuzz lint docs messages notebooks clean

report: $(VENV)/.installed
	$(BIN)/agency report -o report

test: $(VENV)/.installed-test lint
	$(BIN)/python -m pytest -n $(PARTS) --dist loadfile

fuzz: $(VENV)/.installed-test
	AGENCY_WORLD=50 $(BIN)/python -m pytest -n 0 tests/test_world.py
	AGENCY_EXAMPLES=20 $(BIN)/python -m pytest -n $(PARTS) -m hypothesis tests
	AGENCY_EXAMPLES=20 $(BIN)/python -m pytest -n $(PARTS) tests/test_parts.py
	$(BIN)/python tools/fuzz.py --number $(NUMBER) --seed $(SEED) $(KINDS)

oldest: $(OLD)/.installed-test
	$(OLD)/bin/python -m pytest tests -n $(PARTS) --dist loadfile -m "not hypothesis or oldest" $(NOT_OLD:%=--ignore=tests/test_%.py)

mutants: $(VENV)/.installed-test
	$(BIN)/python tools/mutants.py --sample $(SAMPLE) $(MODULES)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed-test
	$(BIN)/python tools/build_docs.py
	$(BIN)/python tools/build_gallery.py

messages: $(VENV)/.installed-test
	$(BIN)/python tools/messages.py

notebooks: $(VENV)/.installed-test
	$(BIN)/python tools/build_notebooks.py

clean:
	rm -rf $(VENV) $(OLD) report build dist

$(VENV)/bin/python $(OLD)/bin/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "make: $(PYTHON) is missing: install Python 3.11 or newer (Debian: apt install python3 python3-venv)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is older than 3.11: set PYTHON=python3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: the venv module is missing (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(@D:/bin=)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test,lint]'
	@touch $@ $(VENV)/.installed

$(OLD)/.installed-test: $(OLD)/bin/python pyproject.toml tools/lowest.py
	$(OLD)/bin/python tools/lowest.py > $(OLD)/lowest.txt
	$(OLD)/bin/pip install --quiet --disable-pip-version-check -e '.[test]' -c $(OLD)/lowest.txt
	@touch $@

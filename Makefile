# Facet. `make` alone prints this help.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 1
PIP_INSTALL = .venv/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r

export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL := help
.PHONY: help run test check audit bench chaos fuzz bench-platform train train-detector release release-detector ablation evaluate openapi format lock install install-dev clean

help:  ## Show what there is to do
	@printf 'Facet: age, gender and the expression shown, for every face in a photo.\n\n'
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26
	@printf '\n  make run PORT=9000 HOST=0.0.0.0 WORKERS=2   choose the port, the address and the number of workers\n'

run: install .env var/static/.stamp  ## Run everything on this machine: web server, worker, database
	@FACET_STOP_WITH_PARENT=1 exec .venv/bin/python manage.py up --host "$(HOST)" --port "$(PORT)" --workers "$(WORKERS)"

test: install-dev  ## Run the tests (see tests/conftest.py for what markers need)
	@.venv/bin/python -m pytest $(ARGS)

check: install-dev  ## Lint, types, import rules, bandit, locks, migrations, deployment settings
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	cd clients/python && ../../.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/bandit --quiet --configfile pyproject.toml --recursive platform accounts analysis suggestions models_store clients
	.venv/bin/python requirements/audit.py --offline
	FACET_SECRET_KEY=check-only-$$(printf 'x%.0s' $$(seq 60)) .venv/bin/python manage.py makemigrations --check --dry-run
	FACET_SECRET_KEY=$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))') FACET_HTTPS=1 \
	  FACET_BEHIND_PROXY=1 FACET_ALLOWED_HOSTS=photos.example.org .venv/bin/python manage.py check --deploy --fail-level WARNING

audit: install-dev  ## Ask PyPI for advisories about what is locked; ARGS=--offline looks at the locks alone
	@.venv/bin/python requirements/audit.py $(ARGS)

train: install-dev  ## Train the weights from the shared data (hours; resumes where it stopped)
	.venv/bin/python -m models_store.training.train --resume $(ARGS)

release: install-dev  ## Make a release of the trained weights: export, calibrate, measure, write manifest and card
	for step in export calibrate quality release "evaluate --accept" card; do \
	  .venv/bin/python -m models_store.training.$$step || exit 1; done

train-detector: install-dev  ## Train the face detector from the shared data (an hour; resumes where it stopped)
	.venv/bin/python -m models_store.training.detection.train --resume
	.venv/bin/python -m models_store.training.detection.points.train

release-detector: install-dev  ## Make a release of the trained detector: export, choose, measure, write manifest and card
	for step in detection.export detection.choose detection.parity release "detection.measure.evaluate --accept" \
	  detection.measure.card "detected --accept" card; do .venv/bin/python -m models_store.training.$$step || exit 1; done

ablation: install-dev  ## Compare ways of telling the expression head age and gender; write docs/conditioning.md
	.venv/bin/python -m models_store.training.ablation.run && .venv/bin/python -m models_store.training.ablation.report

evaluate: install-dev  ## Measure the committed weights, print the tables, compare with the records
	status=0; for what in evaluate detection.measure.evaluate; do \
	  .venv/bin/python -m models_store.training.$$what $(ARGS) || status=1; done; exit $$status

bench: install-dev  ## Measure speed, memory and start beside other systems: one table, and var/bench.json
	@.venv/bin/python -m benchmarks $(ARGS)

bench-platform: install-dev  ## Measure the whole platform on servers of its own: one table, and var/bench-platform.json
	@.venv/bin/python -m benchmarks.platform $(ARGS)

chaos: install-dev  ## Kill, stop and fill all that can be, 20 times at each point; ARGS="--rounds 2 services" for less
	@.venv/bin/python -m tests.services.chaos.run $(ARGS)

fuzz: install-dev  ## Send 10,000 spoiled photos and 5,000 odd requests to the API (half an hour)
	.venv/bin/python -m tests.safety.fuzz_uploads --count 10000
	.venv/bin/python -m tests.safety.fuzz_api --examples 400 --report var/fuzz-api.json

openapi: install-dev  ## Write docs/openapi.yaml anew after a change of the API
	DJANGO_SETTINGS_MODULE=facet.settings_test .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

format: install-dev  ## Put the code in shape
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .

lock: install-dev  ## Make the hashed requirements from pyproject.toml again
	.venv/bin/uv pip compile pyproject.toml requirements/build.in -c requirements/constraints.in --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-header --no-annotate --quiet --extra dev -o requirements/dev.txt
	.venv/bin/uv pip compile pyproject.toml requirements/build.in -c requirements/dev.txt --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-header --no-annotate --quiet -o requirements/serve.txt
	.venv/bin/uv pip compile pyproject.toml requirements/build.in -c requirements/dev.txt --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-header --no-annotate --quiet --extra scale -o requirements/scale.txt

install: .venv/.serve  ## Install what serving needs
install-dev: .venv/.dev  ## Install what tests and training need as well

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Facet needs Python 3.11. Install it and name it: make run PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv && touch $@

.venv/.serve: requirements/serve.txt | .venv/.python
	@echo "Installing what serving needs"
	@$(PIP_INSTALL) requirements/serve.txt
	@.venv/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.serve
	@echo "Installing what tests and training need (TensorFlow is large: a minute or two)"
	@$(PIP_INSTALL) requirements/dev.txt
	@touch $@

.env:
	@.venv/bin/python -m facet.secrets_file .env

var/static/.stamp: $(shell find static templates -type f 2>/dev/null) requirements/serve.txt | .env
	@.venv/bin/python manage.py collectstatic --noinput --clear --ignore '*redoc*' --ignore '*es-bundle*' --verbosity 0 && touch $@

clean:  ## Remove the environment and caches; var/ and .env stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info

# Needs Python 3.11 or newer and make; everything else is installed into .venv.

BIN := .venv/bin
ARGS ?=

# The first Python that is new enough; PYTHON=/path/to/python3 overrides it.
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; break; }; done)

# What `check` asks of the settings: production, and nothing from the developer's own .env.
PRODUCTION := env -u DATABASE_URL -u DATABASE_URL_FILE -u SECRET_KEY_FILE -u VAR_DIR \
	NO_DATABASE=1 DEBUG=0 PLAIN_HTTP=0 ALLOWED_HOSTS=mainstay.example \
	SECRET_KEY=not-a-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF

.DEFAULT_GOAL := help
.PHONY: help demo test check install run bench screenshots fmt lock

help: ## list these commands
	@echo "Mainstay: make COMMAND"
	@sed -n 's/^\([a-z]*\):[^#]*## /  \1\t/p' Makefile | expand -t 15

demo: .venv/runtime.stamp ## install, load the demo workspace and run it (PORT= HOST= SIZE=)
	@exec $(BIN)/python -m config.launcher

run: .venv/runtime.stamp ## the same with DEBUG, and the web server reloads changed code
	@DEBUG=1 exec $(BIN)/python -m config.launcher

test: .venv/dev.stamp ## every test, on a PostgreSQL of its own or on DATABASE_URL (ARGS=)
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov $(ARGS)

check: .venv/dev.stamp ## style, layers, templates, settings, migrations; needs no database
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	$(BIN)/djlint templates --lint --quiet
	find apps config tests -name '*.py' -exec $(BIN)/django-upgrade --check --target-version 5.2 {} +
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	NO_DATABASE=1 $(BIN)/python -m pytest -q tests/architecture

install: .venv/dev.stamp ## the set-up alone: .venv with all dependencies

bench: .venv/dev.stamp ## measure the pages on 100,000 accounts; writes var/bench.json (ARGS=)
	$(BIN)/python -m config.launcher manage bench $(ARGS)

screenshots: .venv/dev.stamp ## take the pictures of the README from the demo workspace
	$(BIN)/python -m config.launcher manage screenshots $(ARGS)

fmt: .venv/dev.stamp ## format the code and the templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(ARGS)

lock: .venv/dev.stamp ## write the lock files anew from pyproject.toml (ARGS=--upgrade)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

.venv/%.stamp: requirements.lock requirements-dev.lock requirements-uv.txt
	@"$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { echo "Mainstay needs Python 3.11 or newer:" \
		"install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
	@echo "Installing the locked dependencies into .venv ..."
	@"$(PYTHON)" config/install.py $(if $(findstring dev,$*),requirements-dev.lock,requirements.lock)
	@touch $@ $(if $(findstring dev,$*),.venv/runtime.stamp)

# Panro. 'make help' lists what can be done.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test bench messages lock format clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Prepare everything the program needs: Python and browser packages, texts
	@scripts/setup.sh

demo: setup ## Start the whole system on this machine, with a rehearsed year; Ctrl-C stops it
	@exec .venv/bin/panro demo

test: setup ## Run every check and test (prepares the browser for the tests as well)
	@scripts/browser.sh
	@exec .venv/bin/python scripts/check.py

bench: setup ## Measure; see docs/benchmarks.md
	@exec .venv/bin/python benchmarks/run.py

messages: setup ## Collect the texts of pages into the catalogues, to be translated
	@exec .venv/bin/python scripts/messages.py update

lock: setup ## Lock the versions of requirements/*.in anew, with hashes
	@for set in runtime dev; do .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.13 requirements/$$set.in -o requirements/$$set.txt; done

format: setup ## Put the code into the project's form
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

clean: ## Remove what was prepared or generated; the database in var/ stays
	@scripts/clean.sh

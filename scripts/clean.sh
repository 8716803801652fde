#!/usr/bin/env bash
# Remove what can be made again. Data in var/ stays; a running embedded database is left alone.
source "$(dirname "$0")/home.sh"

rm -rf node_modules build dist htmlcov .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis \
    src/panro/ui/static/vendor src/*.egg-info .coverage .coverage.*
find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
find src -path '*/LC_MESSAGES/*.mo' -delete
rm -rf .venv
echo "Clean. 'make setup' prepares everything again; the data in var/ is untouched."

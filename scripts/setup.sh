#!/usr/bin/env bash
# Prepare everything the program needs. Does nothing, quickly, where nothing changed.
source "$(dirname "$0")/home.sh"

mkdir -p build
exec 9>build/setup.lock
flock 9 # one set-up at a time

PYTHON_SERIES=$(cut -d. -f1,2 .python-version)

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
stop() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# done_before NAME INPUT...: has step NAME been done here with exactly these inputs?
fingerprint() { { echo "$PWD"; cat "$@"; } | sha256sum | cut -d' ' -f1; }
done_before() { [[ -f "$1" && "$(cat "$1")" == "$(fingerprint "${@:2}")" ]]; }
mark_done() { fingerprint "${@:2}" >"$1"; }

is_wanted_python() {
    [[ -x "$1" ]] && [[ "$("$1" -c 'import sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" == "$PYTHON_SERIES" ]]
}

locked_line() { # the lines of one package in the lock file, hashes included
    awk -v name="$1" '/^[a-z0-9]/ { wanted = index($0, name "==") == 1 } wanted' requirements/dev.txt
}

find_python() {
    local candidate uv
    for candidate in $(type -aP "python$PYTHON_SERIES" python3 || true) \
        "$HOME"/.pyenv/versions/"$PYTHON_SERIES"*/bin/python3 build/python/*/bin/python3; do
        if is_wanted_python "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    uv=$(command -v uv || true)
    if [[ -z "$uv" ]] && python3 -m venv build/uv >/dev/null 2>&1; then
        locked_line uv >build/uv.txt
        build/uv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r build/uv.txt >&2 &&
            uv=build/uv/bin/uv
    fi
    [[ -n "$uv" ]] || return 1
    say "Python $PYTHON_SERIES is missing; fetching it into build/python" >&2
    UV_PYTHON_INSTALL_DIR="$PWD/build/python" "$uv" python install --quiet --no-bin "$PYTHON_SERIES" >&2 || return 1
    UV_PYTHON_INSTALL_DIR="$PWD/build/python" "$uv" python find --managed-python "$PYTHON_SERIES"
}

if ! { is_wanted_python .venv/bin/python && [[ "$(cat .venv/.place 2>/dev/null)" == "$PWD" ]]; }; then
    python=$(find_python) || stop "Python $PYTHON_SERIES was not found and could not be fetched.
Install it so that 'python$PYTHON_SERIES' is on the PATH (for example with 'uv python install $PYTHON_SERIES'
or pyenv), then run the same command again."
    if ! is_wanted_python .venv/bin/python || [[ -f .venv/.place ]]; then
        say "Virtual environment with $("$python" --version)"
        "$python" -m venv --clear .venv
    fi
    echo "$PWD" >.venv/.place
fi

if ! done_before .venv/.packages requirements/dev.txt .venv/pyvenv.cfg; then
    say "Python packages (locked, checked by hash)"
    locked_line uv >build/uv.txt
    [[ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" == "$(sed -n 's/^uv==\([^ ]*\).*/\1/p' build/uv.txt)" ]] ||
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r build/uv.txt
    rm -f .venv/.packages .venv/.panro
    .venv/bin/uv pip sync --python .venv/bin/python --require-hashes requirements/dev.txt
    mark_done .venv/.packages requirements/dev.txt .venv/pyvenv.cfg
fi

if ! done_before .venv/.panro pyproject.toml requirements/runtime.in || [[ ! -x .venv/bin/panro ]]; then
    say "The command .venv/bin/panro"
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
    mark_done .venv/.panro pyproject.toml requirements/runtime.in
fi

if ! done_before node_modules/.packages package-lock.json; then
    command -v npm >/dev/null || stop "npm was not found. Install Node.js 20 or newer (Debian: apt-get install nodejs npm)."
    say "Browser packages (locked)"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    mark_done node_modules/.packages package-lock.json
fi

if ! done_before src/panro/ui/static/vendor/.copied package-lock.json scripts/copy_assets.py; then
    say "Browser files"
    .venv/bin/python scripts/copy_assets.py
    mark_done src/panro/ui/static/vendor/.copied package-lock.json scripts/copy_assets.py
fi

.venv/bin/python scripts/messages.py compile

if ! done_before dist/.verifier scripts/build_verify_pyz.py src/panro/verifier/*.py || [[ ! -f src/panro/ui/static/vendor/verify.pyz ]]; then
    .venv/bin/python scripts/build_verify_pyz.py dist/verify.pyz >/dev/null # for auditors, and to download from the site
    cp dist/verify.pyz src/panro/ui/static/vendor/verify.pyz
    mark_done dist/.verifier scripts/build_verify_pyz.py src/panro/verifier/*.py
fi

# Sourced by the other scripts: go to the project, and give programs a home if the account has none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ -z "${HOME:-}" || ! -d "$HOME" || ! -w "$HOME" ]]; then
    export HOME="$PWD/build/home"
    mkdir -p "$HOME"
fi
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH

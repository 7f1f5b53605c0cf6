#!/bin/sh
# Sets up .venv (Python 3.13, the locked packages) and node_modules (Azurite). Starts nothing; a second run is quick.
set -eu
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS=true

fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }

is_313() { [ -n "$1" ] && "$1" -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; }

find_python() {
    for candidate in "${PYTHON:-}" .venv/bin/python python3.13 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python \
        "$HOME"/.local/share/uv/python/cpython-3.13*/bin/python3.13 \
        /usr/local/bin/python3.13 /opt/homebrew/bin/python3.13 python3 python; do
        if is_313 "$candidate"; then echo "$candidate"; return; fi
    done
    fail "Python 3.13 was not found. Install it (for example: pyenv install 3.13) or name it: make setup PYTHON=/path/to/python3.13"
}

node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

[ "$(node_major)" -ge 18 ] || fail "Node.js 18 or newer was not found (Azurite needs it). Install it from your package manager and try again."
command -v npm >/dev/null 2>&1 || fail "npm was not found beside Node.js. Install it and try again."

python=$(find_python) || exit 1
if ! is_313 .venv/bin/python; then
    echo "setup: creating .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv || fail "could not create .venv with $python"
fi

stamp=.venv/.locked
if ! cmp -s requirements-dev.txt "$stamp"; then
    echo "setup: installing the locked Python packages"
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements-dev.txt)"
    .venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements-dev.txt \
        || fail "the Python packages could not be installed; see the message above"
    cp requirements-dev.txt "$stamp"
fi

if ! cmp -s package-lock.json node_modules/.locked; then
    echo "setup: installing Azurite"
    npm ci --silent --no-audit --no-fund || fail "Azurite could not be installed with npm; see the message above"
    cp package-lock.json node_modules/.locked
fi

#!/bin/sh
# Sets up .venv (Python 3.13, the locked packages, the command seatflow) and node_modules (Azurite).
# Starts nothing; a second run is quick.
set -eu
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS=true

say() { printf 'setup: %s\n' "$1"; }
fail() { say "$1" >&2; exit 1; }

is_313() { [ -n "$1" ] && "$1" -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; }
has_pip() { "$1" -c 'import sys, pip; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

find_python() {
    for candidate in "${PYTHON:-}" .venv/bin/python python3.13 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python \
        "$HOME"/.local/share/uv/python/cpython-3.13*/bin/python3.13 \
        /usr/local/bin/python3.13 /opt/homebrew/bin/python3.13 python3 python; do
        # A version manager's shim stands in for the real interpreter: name the real one.
        if is_313 "$candidate"; then "$candidate" -c 'import sys; print(sys.executable)'; return; fi
    done
    fail "Python 3.13 was not found. Install it (for example: pyenv install 3.13) or name it: make setup PYTHON=/path/to/python3.13"
}

# uv comes from the pip of any Python from 3.11 on, checked against the lock's hashes; Python 3.13 may have no pip of its own.
find_uv() {
    if [ -x .venv/bin/uv ]; then echo .venv/bin/uv; return; fi
    for candidate in "$1" python3 python python3.14 python3.12 python3.11 /usr/bin/python3; do
        if has_pip "$candidate"; then
            awk '/^uv==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements-dev.txt >"$work/uv.txt"
            "$candidate" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
                --target "$work/uv" -r "$work/uv.txt" >&2 || fail "uv could not be installed with pip; see the message above"
            echo "$work/uv/bin/uv"; return
        fi
    done
    command -v uv || fail "No Python from 3.11 on with pip was found (pip installs uv, which installs the rest). Install pip and try again."
}

install_python_packages() {
    python=$(find_python) || exit 1
    uv=$(find_uv "$python") || exit 1
    if ! is_313 .venv/bin/python; then
        say "creating .venv with $("$python" --version)"
        rm -rf .venv
        "$uv" venv --quiet --no-project --python "$python" .venv || fail "could not create .venv with $python; see the message above"
    fi
    say "installing the locked Python packages"
    "$uv" pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements-dev.txt \
        || fail "the Python packages could not be installed; see the message above"
    cp requirements-dev.txt .venv/.locked
    rm -f .venv/.project
}

# The command runs from this checkout. Its build backend is one of the locked packages, so nothing is downloaded.
install_command() {
    say "installing the command seatflow"
    .venv/bin/uv pip install --quiet --offline --no-deps --no-build-isolation --python .venv/bin/python --editable . \
        || fail "the command seatflow could not be installed; see the message above"
    cp pyproject.toml .venv/.project
}

install_azurite() {
    say "installing Azurite"
    npm ci --loglevel=error --no-audit --no-fund --no-progress >/dev/null \
        || fail "Azurite could not be installed with npm; see the message above"
    cp package-lock.json node_modules/.locked
}

python_is_ready() { is_313 .venv/bin/python && cmp -s requirements-dev.txt .venv/.locked; }
command_is_ready() { [ -x .venv/bin/seatflow ] && cmp -s pyproject.toml .venv/.project; }
azurite_is_ready() { cmp -s package-lock.json node_modules/.locked; }

# Two commands started at once in a fresh checkout must not install over each other. A symbolic link to the owner's
# process id is made in one step, so a lock without an owner cannot be.
take_turns() {
    until ln -s $$ "$lock" 2>/dev/null; do
        if kill -0 "$(readlink "$lock")" 2>/dev/null; then sleep 1; else rm -f "$lock"; fi
    done
    work=$(mktemp -d)
    trap 'rm -rf "$work" "$lock"' EXIT
    trap 'exit 130' INT TERM HUP
}

[ "$(node_major)" -ge 18 ] || fail "Node.js 18 or newer was not found (Azurite needs it). Install it from your package manager and try again."
command -v npm >/dev/null 2>&1 || fail "npm was not found beside Node.js. Install it and try again."

if python_is_ready && command_is_ready && azurite_is_ready; then exit 0; fi

mkdir -p .local
lock=.local/setup.lock
take_turns
python_is_ready || install_python_packages
command_is_ready || install_command
azurite_is_ready || install_azurite

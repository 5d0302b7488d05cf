# shellcheck shell=bash
# The virtual environment with the pinned packages.

VENV=$ROOT/.venv

python_ok() { "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

# Set PYTHON to the real file of the first Python from 3.10 to 3.13.
python_find() {
  local name
  PYTHON=''
  for name in ${CS_PYTHON:-python3 python3.13 python3.12 python3.11 python3.10}; do
    if has "$name" && python_ok "$name"; then
      PYTHON=$("$name" -c 'import os, sys; print(os.path.realpath(sys.executable))')
      return 0
    fi
  done
  return 1
}

# It can make environments and compile extensions.
python_complete() {
  [ -n "${PYTHON:-}" ] && "$PYTHON" -c 'import ensurepip, venv, os, sysconfig, sys
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' 2>/dev/null
}

python_version() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null || echo none; }

python_refused() {
  die "The suite needs Python 3.10 to 3.13, and this machine has $(python_version "${CS_PYTHON:-python3}"): install one of them, or name it in CS_PYTHON."
}

setup_python() {
  step "Python packages"
  python_complete ||
    die "Python $(python_version "$PYTHON") ($PYTHON) cannot make an environment or compile: its venv module or its Python.h is missing."
  local stamp
  stamp="$PYTHON $(python_version "$PYTHON") $ODOO_DIR $(sha256sum <"$ROOT/requirements.txt")"
  if [ "$(cat "$VENV/.complete" 2>/dev/null)" != "$stamp" ]; then
    python_install
    echo "$stamp" >"$VENV/.complete"
  fi
  export PATH="$VENV/bin:$PATH" PYTHON=$VENV/bin/python
  export PIP_CACHE_DIR=$CACHE/pip PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
  step_done "Python $(python_version "$PYTHON")"
}

python_install() {
  local site
  free_space "$ROOT" 1500
  rm -f "$VENV/.complete"
  # An interrupted set-up goes on where it was; another Python starts anew.
  if [ "$(python_version "$VENV/bin/python")" != "$(python_version "$PYTHON")" ]; then
    note "making .venv"
    logged "$LOGS/venv.log" "making the Python environment" "$PYTHON" -m venv --clear "$VENV"
  fi
  site=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  echo "$ODOO_DIR" >"$site/odoo-source.pth"
  note "installing the packages of requirements.txt"
  logged "$LOGS/pip.log" "installing Python packages" \
    env PIP_CACHE_DIR="$CACHE/pip" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 \
    "$VENV/bin/python" -m pip install --progress-bar off --no-deps -r "$ROOT/requirements.txt"
  logged "$LOGS/import.log" "importing Odoo in the new environment" \
    "$VENV/bin/python" -c 'import importlib.util, odoo.http
assert importlib.util.find_spec("odoo.addons.helpdesk_mgmt"), "helpdesk_mgmt is not found"'
}

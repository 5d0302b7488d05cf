# shellcheck shell=bash
# System packages: only what is missing, through apt-get as root or with sudo.

setup_system() {
  step "System packages"
  local missing
  python_find || true
  missing=$(system_missing "$1" | sort -u | tr '\n' ' ')
  if [ -n "${missing// /}" ]; then
    note "missing: $missing"
    system_install "$missing"
  fi
  python_find || python_refused
  step_done
}

has() { command -v "$1" >/dev/null 2>&1; }

# The packages that $1 (run or test) needs and the machine does not have.
system_missing() {
  if ! has python3; then
    printf '%s\n' python3 python3-venv python3-dev
  elif [[ $PYTHON == /usr/bin/* ]]; then
    python_complete || printf '%s\n' python3-venv python3-dev
  fi
  has gcc || printf '%s\n' gcc libc6-dev
  has pg_config && [ -f "$(pg_config --includedir)/libpq-fe.h" ] || echo libpq-dev
  ldconfig -p 2>/dev/null | grep -q libmagic.so.1 || [ -n "$(ls /usr/lib/*/libmagic.so.1 2>/dev/null)" ] || echo libmagic1
  if [ -n "$USER_PGHOST" ]; then
    has psql && has createdb || echo postgresql-client
  else
    postgres_binaries >/dev/null || echo postgresql
  fi
  if [ -z "${ODOO_HOME:-}" ] && [ ! -f "$(odoo_cached)/.complete" ]; then
    [ -n "$(odoo_keyring)" ] || echo debian-archive-keyring
    [ -f /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  fi
  [ "$1" = test ] || return 0
  has google-chrome || has chromium || has chromium-browser ||
    if grep -q '^ID=ubuntu' /etc/os-release; then echo chromium-browser; else echo chromium; fi
  dpkg -s fonts-noto-cjk >/dev/null 2>&1 || fc-list :lang=zh-cn 2>/dev/null | grep -q . || echo fonts-noto-cjk
  has msgfmt || echo gettext
}

system_install() {
  local packages=$1 as_root=()
  has apt-get ||
    die "These programs are missing and this machine has no apt-get to install them: $packages"
  if [ "$(id -u)" -ne 0 ]; then
    has sudo && sudo -n true 2>/dev/null || { has sudo && [ -t 0 ] && sudo -v; } ||
      die "These packages are missing and only root may install them (no root here, and no sudo): $packages"
    as_root=(sudo)
  fi
  # shellcheck disable=SC2086  # a list of names
  logged "$LOGS/apt.log" "installing system packages" system_apt "${as_root[@]}" -- $packages
  hash -r
}

# One log for both: a list that could not be read explains a package not found.
system_apt() {
  local as_root=()
  while [ "$1" != -- ]; do as_root+=("$1") && shift; done
  shift
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o Acquire::Retries=2 -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update || true
  [ $# -eq 0 ] || "${apt[@]}" install --no-install-recommends "$@"
}

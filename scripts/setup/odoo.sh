# shellcheck shell=bash
# Odoo 19: the user's own (ODOO_HOME), else Debian's package unpacked into the cache.

ODOO_SERIES=19.0
ODOO_FROM_SID="odoo-19 fonts-montserrat"
# Odoo's package links to these; bookworm has Font Awesome 4.7 with the paths it expects.
ODOO_FROM_BOOKWORM="fonts-font-awesome fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b
  libjs-jquery libjs-jquery-form libjs-underscore"

odoo_cached() { echo "$CACHE/odoo-$ODOO_SERIES"; }

# Set ODOO_DIR, the folder that holds the Python package odoo.
setup_odoo() {
  step "Odoo $ODOO_SERIES"
  if [ -n "${ODOO_HOME:-}" ]; then
    odoo_own
    step_done "yours, in $ODOO_DIR"
    return
  fi
  ODOO_DIR=$(odoo_cached)/usr/lib/python3/dist-packages
  if [ ! -f "$(odoo_cached)/.complete" ]; then
    exec 8>"$CACHE/lock"
    flock 8
    if [ ! -f "$(odoo_cached)/.complete" ]; then
      odoo_download
      odoo_unpack
    fi
    exec 8>&-
  fi
  step_done "in $ODOO_DIR"
}

odoo_own() {
  local folder release
  for folder in "$ODOO_HOME" "$ODOO_HOME/usr/lib/python3/dist-packages"; do
    [ ! -f "$folder/odoo/release.py" ] || release=$folder/odoo/release.py
  done
  [ -n "${release:-}" ] ||
    die "ODOO_HOME is $ODOO_HOME, and no Odoo is there (no file odoo/release.py)."
  ODOO_DIR=$(cd "$(dirname "$release")/.." && pwd -P)
  release=$(sed -nE "s/^version_info *= *\(([0-9]+), *([0-9]+).*/\1.\2/p" "$release")
  [ "$release" = "$ODOO_SERIES" ] ||
    die "ODOO_HOME holds Odoo ${release:-of an unknown version}, and the suite needs Odoo $ODOO_SERIES."
  # A source tree of the user's stays as it is: no compiled files in it.
  export PYTHONPYCACHEPREFIX=$VAR/pycache
}

odoo_keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    [ ! -f "$file" ] || { echo "$file" && return; }
  done
}

# The Debian mirror this machine itself uses.
odoo_mirror() {
  if [ -n "${CS_DEBIAN_MIRROR:-}" ]; then
    echo "$CS_DEBIAN_MIRROR"
    return
  fi
  # shellcheck disable=SC2016  # apt's own fields
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n 's/^Debian|Debian|//p' | head -n 1
}

odoo_download() {
  local apt=$CACHE/apt mirror keyring
  free_space "$CACHE" 3000
  has apt-get || die "Odoo $ODOO_SERIES is taken from Debian's archive and this machine has no apt-get: set ODOO_HOME to an Odoo $ODOO_SERIES of your own."
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  mirror=$(odoo_mirror)
  if [ -z "$mirror" ] && grep -q '^ID=debian' /etc/os-release; then
    system_install ''
    mirror=$(odoo_mirror)
  fi
  [ -n "$mirror" ] ||
    die "Odoo $ODOO_SERIES is taken from Debian's archive and this machine names no Debian mirror: set CS_DEBIAN_MIRROR to one's address, or ODOO_HOME to an Odoo $ODOO_SERIES of your own."
  keyring=$(odoo_keyring)
  [ -n "$keyring" ] || die "The keys of Debian's archive are missing: install the package debian-archive-keyring."
  printf "deb [signed-by=$keyring] $mirror %s main\n" sid bookworm >"$apt/sources.list"
  # A mirror that lags behind its validity date still proves itself by signature.
  local options=(-q -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt" -o "Dir::Cache::archives=$apt/archives"
    -o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=2
    -o Acquire::Check-Valid-Until=false -o APT::Update::Error-Mode=any)
  note "reading Debian's lists"
  logged "$LOGS/odoo-lists.log" "reading the lists of Debian's archive" apt-get "${options[@]}" update
  note "downloading (130 MB)"
  local names=() name
  for name in $ODOO_FROM_SID; do names+=("$name/sid"); done
  for name in $ODOO_FROM_BOOKWORM; do names+=("$name/bookworm"); done
  logged "$LOGS/odoo-download.log" "downloading Odoo $ODOO_SERIES" \
    env -C "$apt" apt-get "${options[@]}" download "${names[@]}"
}

odoo_unpack() {
  local new deb series file
  new=$(odoo_cached).part
  note "unpacking (1.2 GB)"
  rm -rf "$new"
  mkdir -p "$new"
  for deb in "$CACHE"/apt/*.deb; do
    logged "$LOGS/odoo-unpack.log" "unpacking $(basename "$deb")" dpkg-deb -x "$deb" "$new"
  done
  file=$new/usr/lib/python3/dist-packages/odoo
  series=$(sed -nE "s/^version_info *= *\(([0-9]+), *([0-9]+).*/\1.\2/p" "$file/release.py")
  [ "$series" = "$ODOO_SERIES" ] ||
    die "Debian's package odoo-19 holds Odoo $series, and the suite needs Odoo $ODOO_SERIES: set ODOO_HOME to one of your own."
  # Debian leaves this non-free file out (video calls' blur); without it every page logs an error.
  file=$file/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
  mkdir -p "$(dirname "$file")"
  [ -f "$file" ] || : >"$file"
  printf '%s\n' "$CACHE"/apt/odoo-19_*.deb | sed 's|.*/||' >"$new/.complete"
  rm -rf "$(odoo_cached)"
  mv "$new" "$(odoo_cached)"
  rm -rf "$CACHE/apt"
}

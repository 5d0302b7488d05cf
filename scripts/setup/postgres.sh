# shellcheck shell=bash
# PostgreSQL: the user's own server (PGHOST), else a cluster of the project's in var/.

PG_ROOT=$VAR/postgres
PG_OLDEST=13
USER_PGHOST=${PGHOST:-}
[ "$USER_PGHOST" != "$PG_ROOT" ] || USER_PGHOST=''
# What we know of databases and their attachments, apart for each server: two may hold
# a database of the same name.
SERVER_ID=${USER_PGHOST:+-$(printf '%s:%s' "$USER_PGHOST" "${PGPORT:-}" | sha256sum | cut -c1-8)}
STATE=$VAR/state$SERVER_ID
DATA=$VAR/data$SERVER_ID
mkdir -p "$STATE"
# The development cluster trades safety in a power cut for speed; nothing else uses it.
PG_SETTINGS=(listen_addresses= fsync=off synchronous_commit=off full_page_writes=off
  shared_buffers=256MB max_wal_size=2GB wal_level=minimal max_wal_senders=0
  max_connections=120 timezone=UTC)

# The folder of the newest server programs, or of major version $1.
postgres_binaries() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rn) "$(pg_config --bindir 2>/dev/null)"; do
    if [ -x "$folder/initdb" ] && { [ -z "${1:-}" ] || [ "$(postgres_major "$folder")" = "$1" ]; }; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

postgres_major() { "$1/postgres" --version | sed -nE 's/^[^0-9]*([0-9]+).*/\1/p'; }

setup_postgres() {
  step "PostgreSQL"
  if [ -n "$USER_PGHOST" ]; then
    postgres_own_server
  else
    postgres_cluster
    export PGHOST=$PG_ROOT PGPORT=5432 PGUSER=odoo
    unset PGPASSWORD PGSERVICE
  fi
  # Odoo would take these over the configuration and the names given to it.
  unset PGDATABASE ODOO_RC ODOO_DEV
  step_done "version $(psql -XAtd postgres -c 'show server_version' | cut -d' ' -f1)"
}

postgres_own_server() {
  local version
  export PGUSER=${PGUSER:-$(id -un)}
  [ "$PGUSER" != postgres ] ||
    die "Odoo refuses to work as the database user postgres: name another in PGUSER."
  version=$(psql -wXAtd postgres -c 'show server_version_num' 2>"$LOGS/psql.log") ||
    die "No PostgreSQL lets $PGUSER in at PGHOST=$PGHOST: $(head -n 1 "$LOGS/psql.log")"
  [ "$version" -ge $((PG_OLDEST * 10000)) ] ||
    die "PostgreSQL at PGHOST=$PGHOST is version $((version / 10000)), and Odoo needs $PG_OLDEST or newer."
  [ "$(psql -XAtd postgres -c 'select rolcreatedb or rolsuper from pg_roles where rolname = current_user')" = t ] ||
    die "The database user $PGUSER may not create databases: ALTER ROLE \"$PGUSER\" CREATEDB."
}

# How to start the server: as ourselves, or as an unprivileged user when we are root.
postgres_identity() {
  PG_AS=()
  [ "$(id -u)" -eq 0 ] || return 0
  local drop=(setpriv --reuid=postgres --regid=postgres --init-groups)
  local pass=(--inh-caps=+dac_read_search --ambient-caps=+dac_read_search)
  id postgres >/dev/null 2>&1 ||
    die "PostgreSQL does not run as root and this machine has no user postgres: install the package postgresql."
  chown postgres "$PG_ROOT"
  if "${drop[@]}" env -C "$PG_ROOT" true 2>/dev/null; then
    PG_AS=("${drop[@]}")
  elif "${drop[@]}" "${pass[@]}" env -C "$PG_ROOT" true 2>/dev/null; then
    # A checkout below a private folder (/root): let this one process pass through.
    PG_AS=("${drop[@]}" "${pass[@]}")
  else
    die "User postgres cannot reach $PG_ROOT, and the server does not run as root: move the checkout to a folder others may enter, or set PGHOST."
  fi
}

as_postgres() { (cd "$PG_ROOT" && "${PG_AS[@]}" "$@"); }

postgres_running() { [ -f "$PG_ROOT/data/postmaster.pid" ] && as_postgres "$PG_BIN/pg_ctl" -D "$PG_ROOT/data" status >/dev/null 2>&1; }

postgres_cluster() {
  local major setting options
  [ "${#PG_ROOT}" -le 85 ] ||
    die "The path of this checkout is too long for PostgreSQL's socket ($PG_ROOT): move it to a shorter one, or set PGHOST."
  mkdir -p "$PG_ROOT"
  chmod 700 "$PG_ROOT"
  postgres_identity
  if [ -f "$PG_ROOT/data/PG_VERSION" ]; then
    major=$(cat "$PG_ROOT/data/PG_VERSION")
    PG_BIN=$(postgres_binaries "$major") ||
      die "The project's databases were made by PostgreSQL $major, which is no longer installed: install it again, or type make reset."
  else
    PG_BIN=$(postgres_binaries) || die "PostgreSQL's server programs are missing: install the package postgresql."
    major=$(postgres_major "$PG_BIN")
    [ "$major" -ge "$PG_OLDEST" ] ||
      die "This machine's PostgreSQL is version $major, and Odoo needs $PG_OLDEST or newer: install a newer one, or set PGHOST."
    free_space "$PG_ROOT" 1500
    note "making a cluster in var/postgres"
    as_postgres rm -rf "$PG_ROOT/new"
    logged "$LOGS/initdb.log" "making the PostgreSQL cluster" as_postgres "$PG_BIN/initdb" \
      -D "$PG_ROOT/new" -U odoo -A trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
    as_postgres mv "$PG_ROOT/new" "$PG_ROOT/data"
  fi
  export PATH="$PG_BIN:$PATH"
  postgres_running && return
  options="-k '$PG_ROOT'"
  for setting in "${PG_SETTINGS[@]}"; do options+=" -c '$setting'"; done
  logged "$LOGS/postgres-start.log" "starting PostgreSQL" as_postgres "$PG_BIN/pg_ctl" \
    -D "$PG_ROOT/data" -l "$PG_ROOT/server.log" -o "$options" -w -t 60 start
}

postgres_stop() {
  [ -f "$PG_ROOT/data/postmaster.pid" ] || return 0
  postgres_identity
  PG_BIN=$(postgres_binaries "$(cat "$PG_ROOT/data/PG_VERSION")") ||
    die "PostgreSQL's programs are missing: install the package postgresql."
  if postgres_running; then
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_ROOT/data" -m fast -w stop >/dev/null
    echo "PostgreSQL stopped"
  fi
}

db_exists() { [ -n "$(psql -XAtd postgres -c "select 1 from pg_database where datname = '$1'")" ]; }

# db_drop NAME: the database and its files
db_drop() {
  rm -f "$STATE/$1"
  dropdb --if-exists --force "$1" 2>/dev/null || dropdb --if-exists "$1"
  rm -rf "$DATA/filestore/${1:?}"
}

# db_copy FROM TO: a fresh copy; attachments are never changed in place, so they are linked
db_copy() {
  db_drop "$2"
  createdb -T "$1" "$2"
  [ ! -d "$DATA/filestore/$1" ] || cp -al "$DATA/filestore/$1" "$DATA/filestore/$2"
}

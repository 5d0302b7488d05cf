# shellcheck shell=bash
# make test, make lint: each gate runs, also after one that failed; the end tells.

RESULTS=() FAILED=0

# gate NAME COMMAND...: run it, remember how it went and how long it took
gate() {
  local name=$1 since=$SECONDS status=0
  shift
  printf '\n== %s\n' "$name"
  ("$@" 9>&-) || status=$?
  if [ "$status" -eq 0 ]; then
    RESULTS+=("$(printf 'ok      %4d s  %s' $((SECONDS - since)) "$name")")
  else
    FAILED=$((FAILED + 1))
    RESULTS+=("$(printf 'FAILED  %4d s  %s' $((SECONDS - since)) "$name")")
  fi
}

prove_end() {
  printf '\n'
  printf '%s\n' "${RESULTS[@]}"
  [ "$FAILED" -eq 0 ] || die "$FAILED of ${#RESULTS[@]} gates failed, in $((SECONDS - STARTED)) s."
  printf 'All %d gates passed in %d s.\n' "${#RESULTS[@]}" $((SECONDS - STARTED))
}

# A PostgreSQL that only the proof needed does not stay behind.
prove_leave() {
  [ -z "${PG_BIN:-}" ] || running "$SERVER_PID" "$DEV_CONF" || postgres_stop
}

prove_prepare() {
  local was_up=''
  postgres_up_before && was_up=yes
  prepare "$1" test
  [ -n "$was_up" ] || trap prove_leave EXIT
}

postgres_up_before() { [ -S "$PG_ROOT/.s.PGSQL.5432" ] && [ -f "$PG_ROOT/data/postmaster.pid" ]; }

# plain_pytest: without Odoo's plugin, which wants a database
plain_pytest() { "$PYTHON" -m pytest -p no:odoo -q --basetemp="$VAR/pytest" "$@"; }

odoo_pytest() {
  rm -f "$LOGS/test.log"
  "$PYTHON" -m pytest -q --basetemp="$VAR/pytest" --odoo-config="$TEST_CONF" --odoo-http --odoo-log-level=warn \
    --odoo-extra=logfile="$LOGS/test.log" --durations=5 "$@"
}

gates_static() { gate "static gates" scripts/lint; }

gates_database() {
  test_copy gates
  gate "Odoo's own lint on our addons" scripts/lint_odoo "$TEST_DB"
  gate "translations are complete" scripts/i18n check "$TEST_DB"
  gate "access rows" scripts/check_access "$TEST_DB"
  gate "installation and upgrade logs" scripts/check_log "$LOGS/test-install.log" "$LOGS/test-update.log"
  test_copy upstream
  gate "helpdesk_mgmt's own tests" scripts/upstream_tests "$TEST_DB"
}

prove_lint() {
  prove_prepare 6
  gates_static
  setup_template
  setup_upgrade
  gates_database
  prove_end
}

prove_test() {
  if [ -n "$1" ]; then
    prove_one "$1"
    return
  fi
  prove_prepare 6
  gates_static
  gate "pure tests" plain_pytest tests/pure
  printf '\n'
  setup_template
  setup_upgrade
  gates_database
  gate "installation with demo data" proof_demo
  test_copy test
  gate "Odoo and browser tests" odoo_pytest --ignore=tests/pure --ignore=tests/bench addons tests
  touch "$LOGS/test.log"
  gate "test log" scripts/check_log "$LOGS/test.log"
  prove_end
}

prove_one() {
  if [[ $1 == tests/pure* ]]; then
    prepare_python 3 test
    plain_pytest "$1"
    return
  fi
  prove_prepare 5
  setup_template
  test_copy test
  odoo_pytest "$1"
}

# The log goes into a fresh copy of the template.
prove_replay() {
  setup_template
  test_copy replay
  exec scripts/replay --database "$TEST_DB" ${1:+"$1"}
}

prove_bench() {
  setup_template
  export BENCH_BASE=$BASE_TEMPLATE BENCH_SUITE=$TEMPLATE
  test_conf "$(test_prefix)_bench"
  exec "$PYTHON" -m tests.bench ${1:+"$1"}
}

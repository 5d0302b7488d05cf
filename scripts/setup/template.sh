# shellcheck shell=bash
# Test databases: two cached templates, and copies of them.

TEST_CONF=$VAR/test.conf
export CS_ODOO_CONF=$TEST_CONF

# On a server that others share, our names carry the checkout's own mark.
test_prefix() {
  if [ -n "$USER_PGHOST" ]; then
    printf 'cs_%s' "$(printf %s "$ROOT" | sha256sum | cut -c1-6)"
  else
    printf cs
  fi
}

test_conf() {
  conf "$TEST_CONF" "$1" "http_port=$(free_port)" "logfile=" max_cron_threads=0 smtp_port=9 \
    "screenshots=$VAR/screenshots" "screencasts="
}

# What the addons are, as far as an installation goes: their tests do not count.
addons_hash() {
  (cd "$ROOT" && find addons -type f ! -path '*/__pycache__/*' ! -path '*/tests/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
}

base_hash() {
  printf '%s %s %s' "$ODOO_DIR" "$(cat "$(odoo_cached)/.complete" 2>/dev/null)" "$1" |
    cat - "$ROOT/requirements.txt" | sha256sum | cut -c1-12
}

# Drop the templates of the name $1 other than $2.
template_sweep() {
  local old
  for old in $(psql -XAtd postgres -c "select datname from pg_database where datname like '$1\\_%' and datname <> '$2'"); do
    db_drop "$old"
  done
}

template_ready() { [ -f "$STATE/$1" ] && db_exists "$1"; }

# Set BASE_TEMPLATE (all that our addons need) and TEMPLATE (with our addons), each
# made once per state.
setup_template() {
  step "Template database"
  local needs prefix
  needs=$("$PYTHON" "$ROOT/scripts/setup/modules.py" base),test_lint
  prefix=$(test_prefix)
  BASE_TEMPLATE=${prefix}_base_$(base_hash "$needs")
  TEMPLATE=${prefix}_suite_$(base_hash "$needs $BASE_TEMPLATE" | cut -c1-6)_$(addons_hash)
  if ! template_ready "$TEMPLATE"; then
    if ! template_ready "$BASE_TEMPLATE"; then
      template_sweep "${prefix}_base" "$BASE_TEMPLATE"
      note "installing what our addons need: $needs"
      db_drop "$BASE_TEMPLATE"
      test_conf "$BASE_TEMPLATE"
      logged "$LOGS/test-base.log" "making the base template" "$PYTHON" -m odoo -c "$TEST_CONF" \
        --no-http --stop-after-init --load-language=zh_CN -i "$needs"
      : >"$STATE/$BASE_TEMPLATE"
    fi
    template_sweep "${prefix}_suite" "$TEMPLATE"
    note "installing our addons: $(addons_ours)"
    db_copy "$BASE_TEMPLATE" "$TEMPLATE"
    test_conf "$TEMPLATE"
    logged "$LOGS/test-install.log" "installing our addons" "$PYTHON" -m odoo -c "$TEST_CONF" \
      --no-http --stop-after-init -i "$(addons_ours)"
    : >"$STATE/$TEMPLATE"
  fi
  step_done "$TEMPLATE"
}

# The addons upgrade in place as well; once per state, in the template itself.
setup_upgrade() {
  step "Upgrade of our addons in place"
  if [ "$(cat "$STATE/$TEMPLATE")" != upgraded ]; then
    test_conf "$TEMPLATE"
    logged "$LOGS/test-update.log" "upgrading our addons" "$PYTHON" -m odoo -c "$TEST_CONF" \
      --no-http --stop-after-init -u "$(addons_ours)"
    echo upgraded >"$STATE/$TEMPLATE"
  fi
  step_done
}

# The demo data install too; once per state, in a database that is dropped again.
proof_demo() {
  local database
  database=$(test_prefix)_proof
  if [ ! -f "$STATE/$TEMPLATE.demo" ]; then
    db_drop "$database"
    test_conf "$database"
    demo_install "$TEST_CONF" proof
    db_drop "$database"
    rm -f "$STATE"/*.demo
    : >"$STATE/$TEMPLATE.demo"
  fi
  scripts/check_log "$LOGS/proof-install.log"
}

# test_copy NAME: set TEST_DB to a fresh copy, and the configuration to it
test_copy() {
  TEST_DB=$(test_prefix)_$1
  db_copy "$TEMPLATE" "$TEST_DB"
  test_conf "$TEST_DB"
}

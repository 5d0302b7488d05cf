# shellcheck shell=bash
# The database that make run serves: demo data, Chinese, CNY.

addons_ours() { "$PYTHON" "$ROOT/scripts/setup/modules.py" ours; }

setup_demo() {
  step "Database $CS_DB"
  dev_conf
  if [ "$(cat "$STATE/$CS_DB" 2>/dev/null)" = ready ] && db_exists "$CS_DB"; then
    step_done "already there"
    return
  fi
  if db_exists "$CS_DB" && [ -n "$USER_PGHOST" ] && [ ! -f "$STATE/$CS_DB" ]; then
    die "Database $CS_DB exists at PGHOST=$PGHOST and was not made here: name another, as in: make run CS_DB=cs_demo2"
  fi
  server_halt
  db_drop "$CS_DB"
  echo making >"$STATE/$CS_DB"
  demo_install "$DEV_CONF" demo
  echo ready >"$STATE/$CS_DB"
  step_done
}

# demo_install CONF NAME: into the database of the configuration; NAME begins the logs
demo_install() {
  local options=(-c "$1" --logfile= --no-http --stop-after-init --with-demo --load-language=zh_CN)
  note "Odoo's base with demo data, in Chinese"
  logged "$LOGS/$2-base.log" "making the database" "$PYTHON" -m odoo "${options[@]}" -i base
  logged "$LOGS/$2-company.log" "setting up the demo company" demo_script "$1" company.py
  note "the service desk: $(addons_ours)"
  logged "$LOGS/$2-install.log" "installing our addons" \
    "$PYTHON" -m odoo "${options[@]}" -i "$(addons_ours)"
  logged "$LOGS/$2-users.log" "setting up the demo users" demo_script "$1" users.py
}

demo_script() { "$PYTHON" -m odoo shell -c "$1" --logfile= --no-http <"$ROOT/scripts/setup/$2"; }

demo_needed() {
  [ "$(cat "$STATE/$CS_DB" 2>/dev/null)" = ready ] || die "There is no database $CS_DB yet: make run makes it."
  dev_conf
}

demo_shell() { exec "$PYTHON" -m odoo shell -c "$DEV_CONF" --logfile= --log-level=warn --no-http; }

# Upgrade what is installed of ours, install what is new; the server goes on afterwards.
demo_update() {
  local was_running=''
  step "Update of $CS_DB"
  demo_needed
  ! running "$SERVER_PID" "$DEV_CONF" || was_running=yes
  server_halt
  logged "$LOGS/demo-update.log" "upgrading our addons" "$PYTHON" -m odoo -c "$DEV_CONF" --logfile= \
    --no-http --stop-after-init --with-demo -i "$(addons_ours)" -u "$(addons_ours)"
  step_done
  if [ -n "$was_running" ]; then
    # shellcheck disable=SC2034  # one step more than announced
    STEPS=6
    setup_server
  fi
}

server_halt() { stop_process "$SERVER_PID" "$DEV_CONF" "      server"; }

reset_all() {
  server_stop
  if [ -n "$USER_PGHOST" ]; then
    local name
    for name in "$STATE"/*; do
      [ ! -f "$name" ] || db_drop "$(basename "$name" .demo)"
    done
  fi
  postgres_stop
  rm -rf "$VAR"
  echo "Databases, attachments and logs are gone; make run starts anew."
}

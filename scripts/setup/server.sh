# shellcheck shell=bash
# The served database: configuration, mail catcher, start, stop, address.

DEV_CONF=$VAR/odoo.conf
SERVER_PID=$VAR/odoo.pid
MAIL_PID=$VAR/mail.pid

free_port() {
  "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# conf FILE DATABASE KEY=VALUE...: from the production file, changed for this machine
conf() {
  local file=$1 database=$2
  shift 2
  "$PYTHON" "$ROOT/scripts/setup/conf.py" "$ROOT/odoo.conf" "$file" \
    "addons_path=$ROOT/addons" "data_dir=$DATA" "db_name=$database" "dbfilter=^$database\$" \
    "db_host=$PGHOST" "db_port=${PGPORT:-5432}" "db_user=$PGUSER" http_interface=127.0.0.1 \
    workers=0 max_cron_threads=1 proxy_mode=False "$@"
}

# Nothing leaves the machine: mail goes to the catcher, web requests to a closed port.
nothing_leaves() {
  export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
  export no_proxy=localhost,127.0.0.1
  unset HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY all_proxy
}

# running PIDFILE WORD: the process is alive and is ours
running() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] &&
    { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF -- "$2"
}

port_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Asked before the long steps too: ours is the only server that may be on the port.
port_wanted() {
  running "$SERVER_PID" "$DEV_CONF" || ! port_taken "$CS_PORT" ||
    die "Port $CS_PORT is taken by another program: stop it, or choose another port, as in: make run CS_PORT=8070"
}

# Start the mail catcher and write the development configuration.
dev_conf() {
  if ! running "$MAIL_PID" "$VAR/mail"; then
    free_port >"$VAR/mail.port"
    mkdir -p "$VAR/mail"
    setsid "$PYTHON" -m aiosmtpd -n -l "127.0.0.1:$(cat "$VAR/mail.port")" \
      -c aiosmtpd.handlers.Mailbox "$VAR/mail/inbox" \
      </dev/null >"$LOGS/mail.log" 2>&1 9>&- &
    echo $! >"$MAIL_PID"
  fi
  conf "$DEV_CONF" "$CS_DB" "http_port=$CS_PORT" "pidfile=$SERVER_PID" "logfile=$LOGS/odoo.log" \
    smtp_server=127.0.0.1 "smtp_port=$(cat "$VAR/mail.port")"
}

setup_server() {
  step "Server"
  if running "$SERVER_PID" "$DEV_CONF"; then
    step_done "already running"
    return
  fi
  port_wanted
  setsid "$PYTHON" -m odoo -c "$DEV_CONF" </dev/null >"$LOGS/server.out" 2>&1 9>&- &
  local pid=$! since=$SECONDS
  until "$PYTHON" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$CS_PORT/web/login', timeout=20)" 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null ||
      die "The server stopped while it started: $(tail -n 1 "$LOGS/odoo.log"; tail -n 1 "$LOGS/server.out"). See var/log/odoo.log."
    [ $((SECONDS - since)) -lt 180 ] || die "The server does not answer after 180 s: see var/log/odoo.log."
    sleep 0.5
  done
  step_done "answers"
}

show_address() {
  printf '\nThe desk is served at  http://localhost:%s\n\n' "$CS_PORT"
  local line='%-16s %-16s %s\n'
  # shellcheck disable=SC2059  # one layout for all lines
  {
    printf "$line" login password role
    printf "$line" admin admin "all of Odoo"
    psql -XAt -F $'\t' -d "$CS_DB" -f "$ROOT/scripts/setup/logins.sql" |
      while IFS=$'\t' read -r login name role; do
        printf "$line" "$login" "$login" "$role ($name)"
      done
  }
  printf '\nLog: var/log/odoo.log   outgoing mail: var/mail   stop: make stop   (%s s)\n' "$((SECONDS - STARTED))"
}

# stop_process PIDFILE WORD NAME
stop_process() {
  local pid tick
  if running "$1" "$2"; then
    pid=$(cat "$1")
    kill "$pid"
    for tick in $(seq 150); do
      if ! running "$1" "$2"; then break; fi
      [ "$tick" -lt 150 ] || kill -9 "$pid"
      sleep 0.1
    done
    echo "$3 stopped"
  fi
  rm -f "$1"
}

server_stop() {
  stop_process "$SERVER_PID" "$DEV_CONF" "Server"
  stop_process "$MAIL_PID" "$VAR/mail" "Mail catcher"
}

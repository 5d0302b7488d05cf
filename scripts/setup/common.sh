# shellcheck shell=bash
# What every part uses: places, steps with time, one clear sentence on failure.

HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
VAR=$ROOT/var
LOGS=$VAR/log
CACHE=${CS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cs-aftersales}
CS_DB=${CS_DB:-cs_demo}
CS_PORT=${CS_PORT:-8069}
mkdir -p "$LOGS" "$VAR/state" "$VAR/xdg" || exit 1

# Programs we start keep their own small files in var/, not in the home folder.
export XDG_CACHE_HOME=$VAR/xdg/cache XDG_CONFIG_HOME=$VAR/xdg/config
export XDG_DATA_HOME=$VAR/xdg/data PSQL_HISTORY=$VAR/xdg/psql_history
export PYTHON_HISTORY=$VAR/xdg/python_history LC_ALL=C.UTF-8
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV

die() {
  printf '\nError: %s\n' "$*" >&2
  exit 1
}

mkdir -p "$CACHE" 2>/dev/null ||
  die "The cache folder $CACHE cannot be made: set CS_CACHE to a folder you may write."
CACHE=$(cd "$CACHE" && pwd -P)
export CS_CACHE=$CACHE

# steps N: the next N calls of `step` are numbered
# shellcheck disable=SC2034  # STARTED: the parts tell the whole time
steps() { STEPS=$1 STEP=0 STARTED=$SECONDS; }

step() {
  STEP=$((STEP + 1)) STEP_STARTED=$SECONDS
  printf '[%d/%d] %s\n' "$STEP" "$STEPS" "$1"
}

note() { printf '      %s\n' "$*"; }

step_done() { note "${1:-ready} ($((SECONDS - STEP_STARTED)) s)"; }

# One set-up at a time in a checkout; file descriptor 9 is closed in what we leave running.
lock_setup() {
  exec 9>"$VAR/state/lock"
  if ! flock -n 9; then
    note "another command is setting up in this checkout: waiting for it"
    flock 9
  fi
}

# free_space FOLDER MEGABYTES: at least so much must be free there
free_space() {
  local free
  free=$(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge "$2" ] ||
    die "No disk space: $1 has $free MB free and the set-up needs $2 MB there."
}

NO_NETWORK='could not resolve|temporary failure|network is unreachable|no route to host'
NO_NETWORK+='|name or service not known|failed to establish a new connection|NewConnectionError'
NO_NETWORK+='|could not connect|connection (refused|timed out|reset)'

# explain LOG WHAT: end with the one sentence that fits what the log says
explain() {
  local log=$1 what=$2
  if grep -qiE 'no space left|enough free space|disk quota' "$log"; then
    die "No disk space left while: $what. Free some and run the command again."
  fi
  # Only what downloads can fail so; Odoo's own log may speak of refused connections.
  if [[ $log =~ /(apt|pip|odoo-lists|odoo-download|debootstrap)\.log$ ]] && grep -qiE "$NO_NETWORK" "$log"; then
    die "No network while: $what. Connect this machine and run the command again; what is done is kept."
  fi
  printf '\n' >&2
  tail -n 15 "$log" >&2
  die "Failed: $what. The whole output is in $log."
}

# The last line of a log that tells how far apt, pip or Odoo has come.
progress_line() {
  tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' |
    grep -oE '(Loading module|Module) [a-z0-9_]+ \([0-9]+/[0-9]+\)|^(Collecting|Downloading|Building|Installing) .*|^(Get|Unpacking|Setting up)[ :].*' |
    tail -n 1 | cut -c1-70
}

# Say every ten seconds where the command is, until the caller kills us.
progress() {
  local since=$SECONDS said=''
  while sleep 10 >/dev/null && kill -0 $$ 2>/dev/null; do
    said=$(progress_line "$1" || true)
    note "… $((SECONDS - since)) s  $said"
  done
}

# logged LOG WHAT COMMAND...: run with its output in LOG and progress on the screen
logged() {
  local log=$1 what=$2 ticker status=0
  shift 2
  : >"$log" 2>/dev/null || die "No disk space or no right to write $log."
  progress "$log" 9>&- &
  ticker=$!
  "$@" >>"$log" 2>&1 </dev/null 9>&- || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  [ "$status" -eq 0 ] || explain "$log" "$what"
}

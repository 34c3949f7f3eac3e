#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 10 to delete.
set -e

# 1  delete service:host/watch
sh -c 'home() { readlink "/proc/$1/ns/user" "/proc/$1/ns/pid"; }
left() {
  grep -lszFx "NETLAB_FOLDER=$1" /proc/[0-9]*/environ | tr -cd '\''0-9\n'\'' | while read -r pid; do
    [ "$(home "$pid")" != "$(home "$$")" ] || echo "$pid"
  done
}
for signal in TERM KILL; do
  kill -s "$signal" $(left "$1") 2>/dev/null
  for _ in $(seq 60); do [ -n "$(left "$1")" ] || exit 0; sleep 0.05; done
done
echo "what the service has left running does not end, not even by KILL" >&2
exit 1' netlab-release /run/netlab/golden/services/host/watch
sh -c 'rm -rf -- "$1"
rmdir -p --ignore-fail-on-non-empty -- "${1%/*}" 2>/dev/null
:' netlab-clean /run/netlab/golden/services/host/watch

# 2  delete service:red/web
sh -c '[ "$(cut -d '\'' '\'' -f 22 "/proc/$1/stat" 2>/dev/null)" = "$2" ] || exit 0
live() { ps -o stat=,pid= -s "$1" | sed -n '\''s/^[^ZX][^ ]* *//p'\''; }
for signal in TERM KILL; do
  kill -s "$signal" $(live "$1") 2>/dev/null
  for _ in $(seq 60); do [ -n "$(live "$1")" ] || exit 0; sleep 0.05; done
done
echo "the processes of session $1 do not end, not even by KILL" >&2
exit 1' netlab-stop 4711 99
sh -c 'rm -rf -- "$1"
rmdir -p --ignore-fail-on-non-empty -- "${1%/*}" 2>/dev/null
:' netlab-clean /run/netlab/golden/services/red/web

# 3  delete namespace:blue
ip netns delete blue

# 4  delete namespace:red
ip netns delete red

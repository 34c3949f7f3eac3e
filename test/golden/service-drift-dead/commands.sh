#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update service:red/web
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
exit 1' netlab-release /run/netlab/golden/services/red/web
sh -c 'mkdir -p "$1" || exit
[ ! -s "$1/log" ] || mv -f "$1/log" "$1/log.1"
exec >>"$1/log" 2>&1 </dev/null 3>&-
shift
setsid "$@" &' netlab-start /run/netlab/golden/services/red/web ip netns exec red env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 NETLAB_FOLDER=/run/netlab/golden/services/red/web sh -c 'restart=$4
cd "$6" || exit
shift 6
now() { read -r now _ </proc/uptime; now=${now%.*}; }
trap '\''restart=stopped; kill "$child" 2>/dev/null'\'' TERM
trap '\''kill "$keeper" 2>/dev/null'\'' EXIT
keeper= delay=1
[ "$4" = dhcp-client ] || { sh -c '\''trap "kill \$!; exit" TERM
while kill -0 "$1" 2>/dev/null; do
  [ "$(wc -c <"$2")" -lt 1000000 ] || { tail -c 1000000 "$2" >"$2.1" && echo "netlab: what came before is in log.1" >"$2"; }
  sleep 5 & wait "$!"
done'\'' netlab-log "$$" "$NETLAB_FOLDER/log" & keeper=$!; }
while [ "$restart" != stopped ]; do
  now; begun=$now
  "$@" & child=$!
  while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
  case $restart:$code in on-failure:0 | never:* | stopped:*) exit "$code" ;; esac
  now; [ $((now - begun)) -lt 10 ] || delay=1
  echo "netlab: it has ended ($code), and is started again in $delay s"
  echo $((now + delay + 1)) >"$NETLAB_FOLDER/failing"
  sleep "$delay" & child=$!
  wait "$child"
  [ "$delay" -ge 60 ] || delay=$((delay < 32 ? delay * 2 : 60))
done' netlab-service golden red web always tcp:80 / nginx -g 'daemon off;'

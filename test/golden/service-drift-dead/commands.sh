#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update service:red/web
sh -c 'mkdir -p "$1" || exit
[ ! -s "$1/log" ] || mv -f "$1/log" "$1/log.1"
exec >"$1/log" 2>&1 </dev/null 3>&-
shift
setsid "$@" &' netlab-start /run/netlab/golden/services/red/web ip netns exec red env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 NETLAB_FOLDER=/run/netlab/golden/services/red/web sh -c 'restart=$4
cd "$6" || exit
shift 6
trap '\''restart=stopped; kill "$child" 2>/dev/null'\'' TERM
while [ "$restart" != stopped ]; do
  "$@" & child=$!
  while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
  case $restart:$code in on-failure:0 | never:* | stopped:*) exit "$code" ;; esac
  echo "netlab: it has ended ($code), and is started again in a second"
  sleep 1
done' netlab-service golden red web always tcp:80 / nginx -g 'daemon off;'

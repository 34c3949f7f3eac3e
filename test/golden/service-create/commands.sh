#!/bin/sh
# netlab 0.0.0: lab golden, 12 steps. Run it as root.
# Plan: 12 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:blue
ip netns add blue

# 2  create namespace:red
ip netns add red

# 3  create veth:blue/eth0~red/eth0
ip link add name eth0 netns blue address 02:ec:4b:af:d8:ea group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 10  create interface:blue/eth0
ip -n blue link set dev eth0 up alias netlab:golden

# 11  create interface:blue/lo
ip -n blue link set dev lo up alias netlab:golden

# 12  create address:blue/eth0/10.0.0.2/24
ip -n blue address replace 10.0.0.2/24 broadcast + dev eth0

# 13  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 14  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 15  create address:red/eth0/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev eth0

# 16  create route:red/254/0.0.0.0/0
ip -n red route replace 0.0.0.0/0 table 254 proto 110 via 10.0.0.2 dev eth0

# 17  create service:host/watch
sh -c 'mkdir -p "$1" || exit
[ ! -s "$1/log" ] || mv -f "$1/log" "$1/log.1"
exec >>"$1/log" 2>&1 </dev/null 3>&-
shift
setsid "$@" &' netlab-start /run/netlab/golden/services/host/watch env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 NETLAB_FOLDER=/run/netlab/golden/services/host/watch 'A=x y' sh -c 'restart=$4
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
done' netlab-service golden host watch on-failure - /tmp sh -c 'date; it'\''s; sleep 9'

# 18  create service:red/web
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

#!/bin/sh
# netlab 0.0.0: lab golden, 5 steps. Run it as root.
# Plan: 5 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create bridge:host/br0
ip link add name br0 address 02:00:5e:00:53:0a group 47961374 type bridge stp_state 0

# 2  create interface:host/br0
ip link set dev br0 up alias netlab:golden

# 3  create sysctl:host/net.ipv6.conf.br0.accept_ra
sysctl net.ipv6.conf.br0.accept_ra=2

# 4  create takeover:host/ens3
ip link set dev ens3 master br0
ip neighbour replace 198.51.100.1 lladdr 02:00:5e:00:53:01 dev br0 nud stale
ip neighbour replace 2001:db8:53::7 lladdr 02:00:5e:00:53:07 dev br0 nud permanent
ip address add 198.51.100.10/24 broadcast 198.51.100.255 dev br0 scope 0
ip address add 198.51.100.20/24 dev br0 scope 0 label br0:1
ip address add 2001:db8:53::10/64 dev br0 nodad
ip route delete 0.0.0.0/0 via 198.51.100.1 dev ens3 table 254 proto 4 scope 0
ip route append 0.0.0.0/0 via 198.51.100.1 dev br0 table 254 proto 4 scope 0
ip neighbour delete 2001:db8:53::7 dev ens3
ip address delete 2001:db8:53::10/64 dev ens3
ip address delete 198.51.100.20/24 dev ens3
ip address delete 198.51.100.10/24 dev ens3

# 5  create service:host/dhcp-br0
sh -c 'mkdir -p "$1" || exit
[ ! -s "$1/log" ] || mv -f "$1/log" "$1/log.1"
exec >>"$1/log" 2>&1 </dev/null 3>&-
shift
setsid "$@" &' netlab-start /run/netlab/golden/services/host/dhcp-br0 env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 NETLAB_FOLDER=/run/netlab/golden/services/host/dhcp-br0 sh -c 'restart=$4
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
done' netlab-service golden host dhcp-br0 always - / sh -c '# DHCP client
rm -f "$NETLAB_FOLDER"/hook.own*
cat >"$NETLAB_FOLDER/hook" <<'\''END'\''
#!/bin/sh
own=$0.own log=${0%/*}/log
[ "$(wc -c <"$log")" -lt 1000000 ] || : >"$log"
hook() {
  case $1 in
    bound | renew) set_lease "$ip/$mask" "$lease" "$dns" ${staticroutes:-${router:+0.0.0.0/0 ${router%% *}}} ;;
    BOUND | RENEW | REBIND | REBOOT)
      routes=$(pairs $new_rfc3442_classless_static_routes)$new_classless_static_routes
      [ -n "$routes" ] || routes=${new_routers:+0.0.0.0/0 ${new_routers%% *}}
      set_lease "$new_ip_address/$new_subnet_mask" "$new_dhcp_lease_time" "$new_domain_name_servers" $routes ;;
    PREINIT) ip link set dev "$interface" up ;;
    deconfig | EXPIRE | FAIL | RELEASE | STOP) drop_lease ;;
  esac
}
pairs() {
  while [ $# -gt 4 ]; do
    bits=$1 to=; shift
    for end in 8 16 24 32; do
      if [ "$bits" -gt $((end - 8)) ]; then to=$to.$1; shift; else to=$to.0; fi
    done
    printf '\''%s '\'' "${to#.}/$bits" "$1.$2.$3.$4"; shift 4
  done
}
drop_lease() {
  set_routes
  [ ! -s "$own" ] || ip -4 address delete "$(cat "$own")" dev "$interface"
  rm -f "$own"
}
set_lease() {
  [ "$(cat "$own" 2>/dev/null)" = "$1" ] || drop_lease
  ip -4 address replace "$1" broadcast + dev "$interface" valid_lft "$2" preferred_lft "$2" || exit
  echo "$1" >"$own"
  address=$1 dns=$3; shift 3
  set_routes "$@"
  echo "netlab: $interface has $address until it is renewed, routes ${*:-none}, name servers ${dns:-none}"
  file=/etc/netns/$NAMESPACE/resolv.conf
  [ -n "$dns" ] && [ "$file" -ef /etc/resolv.conf ] || return 0
  text=$(sed '\''/^# learnt by DHCP$/,$d'\'' "$file")
  { echo "$text"; echo '\''# learnt by DHCP'\''; printf '\''nameserver %s\n'\'' $dns; } >"$file"
}
set_routes() {
  gateway= metric=1000 first=$(ip -4 route show default dev "$interface" | head -n 1)
  case $first in '\'''\'') ;; *'\'' metric '\''*) metric=${first##* metric }; metric=${metric%% *} ;; *) metric=0 ;; esac
  : >"$own.new"
  touch "$own.routes"
  while [ $# -gt 1 ]; do
    words="$1 via $2 dev $interface"
    case $1:$2 in *:0.0.0.0) words="$1 dev $interface scope link" ;; 0.0.0.0/0:*) gateway=$2 ;; esac
    line=$(sed '\''s/^/>/'\'' "$own.routes" | grep -F ">$words metric " | cut -c 2-)
    if [ -z "$(ip -4 route show exact $words)" ]; then
      line="$words metric $metric"
      ip -4 route append $line protocol 16 || line=
    fi
    [ -z "$line" ] || echo "$line" >>"$own.new"
    shift 2
  done
  grep -vxF -f "$own.new" "$own.routes" | while read -r line; do ip -4 route delete $line protocol 16; done
  mv "$own.new" "$own.routes"
  [ -n "$gateway" ] || return 0
  for protocol in 3 16; do
    ip -4 route show default dev "$interface" metric $metric protocol $protocol | grep -vF "via $gateway " | sed -E '\''s/ (dead|linkdown)//g'\'' |
      while read -r line; do ip -4 route delete $line dev "$interface" metric $metric protocol $protocol; done
  done
}
hook "${1:-$reason}"
END
chmod 755 "$NETLAB_FOLDER/hook"
export NAMESPACE="$3"
run() {
  exec unshare -m sh -c '\''mount --bind "$NETLAB_FOLDER" "$NETLAB_FOLDER" && mount -o remount,bind,exec "$NETLAB_FOLDER"; exec "$@"'\'' netlab-dhcp "$@"
}
if command -v udhcpc >/dev/null; then
  run udhcpc -f $([ -n "$4" ] || echo -R) -t 3 -T 1 -A 1 -O staticroutes -i "$1" -x "hostname:$2" -s "$NETLAB_FOLDER/hook"
fi
if command -v dhclient >/dev/null; then
  cat >"$NETLAB_FOLDER/conf" <<END
option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
also request rfc3442-classless-static-routes;
send host-name "$2"; initial-interval 1; backoff-cutoff 3; retry 3;
END
  run dhclient -d -4 -cf "$NETLAB_FOLDER/conf" -sf "$NETLAB_FOLDER/hook" -lf "$NETLAB_FOLDER/leases" -pf "$NETLAB_FOLDER/pid" -e NAMESPACE="$3" "$1"
fi
if command -v dhcpcd >/dev/null; then
  run dhcpcd -B -4 $([ -z "$4" ] || echo -p) -o classless_static_routes -h "$2" -c "$NETLAB_FOLDER/hook" "$1"
fi
echo "no DHCP client is installed: udhcpc, dhclient or dhcpcd" >&2
exit 127' dhcp-client br0 host host keep

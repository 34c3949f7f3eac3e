// The client side of DHCP: whichever client the system has, with a hook that sets what it learns.
import type { Service } from "./lab.js";

/**
 * udhcpc(8) calls it with `bound` and the like as an argument, dhclient(8) and dhcpcd(8) with `reason` in the environment. The
 * address has the lifetime of its lease: nobody takes it for a declared one. The hook removes what it has set, and nothing
 * else: connections go on over what was there before. Classless static routes (option 121) come instead of a router: RFC 3442.
 * Routes are appended, behind what leads elsewhere. Only of the gateway of a former lease, which the machine's own client has
 * set on the interface, the lease's takes the place: same metric, made by a client (proto dhcp) or its script (proto boot).
 */
const HOOK = `#!/bin/sh
own=$0.own log=\${0%/*}/log
[ "$(wc -c <"$log")" -lt 1000000 ] || : >"$log"
hook() {
  case $1 in
    bound | renew) set_lease "$ip/$mask" "$lease" "$dns" \${staticroutes:-\${router:+0.0.0.0/0 \${router%% *}}} ;;
    BOUND | RENEW | REBIND | REBOOT)
      routes=$(pairs $new_rfc3442_classless_static_routes)$new_classless_static_routes
      [ -n "$routes" ] || routes=\${new_routers:+0.0.0.0/0 \${new_routers%% *}}
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
    printf '%s ' "\${to#.}/$bits" "$1.$2.$3.$4"; shift 4
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
  echo "netlab: $interface has $address until it is renewed, routes \${*:-none}, name servers \${dns:-none}"
  file=/etc/netns/$NAMESPACE/resolv.conf
  [ -n "$dns" ] && [ "$file" -ef /etc/resolv.conf ] || return 0
  text=$(sed '/^# learnt by DHCP$/,$d' "$file")
  { echo "$text"; echo '# learnt by DHCP'; printf 'nameserver %s\\n' $dns; } >"$file"
}
set_routes() {
  gateway= metric=1000 first=$(ip -4 route show default dev "$interface" | head -n 1)
  case $first in '') ;; *' metric '*) metric=\${first##* metric }; metric=\${metric%% *} ;; *) metric=0 ;; esac
  : >"$own.new"
  touch "$own.routes"
  while [ $# -gt 1 ]; do
    words="$1 via $2 dev $interface"
    case $1:$2 in *:0.0.0.0) words="$1 dev $interface scope link" ;; 0.0.0.0/0:*) gateway=$2 ;; esac
    line=$(sed 's/^/>/' "$own.routes" | grep -F ">$words metric " | cut -c 2-)
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
    ip -4 route show default dev "$interface" metric $metric protocol $protocol | grep -vF "via $gateway " | sed -E 's/ (dead|linkdown)//g' |
      while read -r line; do ip -4 route delete $line dev "$interface" metric $metric protocol $protocol; done
  done
}
hook "\${1:-$reason}"`;

/**
 * INTERFACE HOSTNAME NAMESPACE KEEP. With KEEP the lease is not given up in the end: it is the machine's own, which goes on
 * using it. Distributions mount /run noexec, and clients execve(2) their hook: theirs is a view of the folder where that works.
 */
const CLIENT = `# DHCP client
rm -f "$NETLAB_FOLDER"/hook.own*
cat >"$NETLAB_FOLDER/hook" <<'END'
${HOOK}
END
chmod 755 "$NETLAB_FOLDER/hook"
export NAMESPACE="$3"
run() {
  exec unshare -m sh -c 'mount --bind "$NETLAB_FOLDER" "$NETLAB_FOLDER" && mount -o remount,bind,exec "$NETLAB_FOLDER"; exec "$@"' netlab-dhcp "$@"
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
exit 127`;

/** What asks for the address of an interface. */
export const dhcpClient = (
  { name, device, place, keep }: { name: string; device: string; place: string; keep: boolean },
  origin: string,
): Service => ({
  ...{ name, origin, restart: "always", directory: "/", env: {} },
  command: ["sh", "-c", CLIENT, "dhcp-client", device, hostName(place), place, keep ? "keep" : ""],
});

/** RFC 952: what of a namespace's name can be a host's. */
export const hostName = (place: string): string => place.replaceAll(/[^A-Za-z0-9-]/g, "-");

// The client side of DHCP: whichever client the system has, with a hook that sets what it learns.
import type { Service } from "./lab.js";

/**
 * INTERFACE HOSTNAME NAMESPACE KEEP. udhcpc(8) calls the hook with `bound` and the like as an argument, dhclient(8) and
 * dhcpcd(8) with `reason` in the environment. The address has the lifetime of its lease: nobody takes it for a declared one.
 * The hook removes what it has set, and nothing else: connections go on over what was there before. With KEEP the lease is
 * not given up in the end: it is the machine's own, which goes on using it.
 */
const CLIENT = `# DHCP client
rm -f "$NETLAB_FOLDER/hook.own"
cat >"$NETLAB_FOLDER/hook" <<'END'
#!/bin/sh
own=$0.own log=\${0%/*}/log
[ "$(wc -c <"$log")" -lt 1000000 ] || : >"$log"
hook() {
  case $1 in
    bound | renew) set_address "$ip/$mask" "\${router%% *}" "$lease" "$dns" ;;
    BOUND | RENEW | REBIND | REBOOT)
      set_address "$new_ip_address/$new_subnet_mask" "\${new_routers%% *}" "$new_dhcp_lease_time" "$new_domain_name_servers" ;;
    PREINIT) ip link set dev "$interface" up ;;
    deconfig | EXPIRE | FAIL | RELEASE | STOP) drop_address ;;
  esac
}
drop_address() {
  [ ! -s "$own" ] || ip -4 address delete "$(cat "$own")" dev "$interface"
  rm -f "$own"
}
set_address() {
  [ "$(cat "$own" 2>/dev/null)" = "$1" ] || drop_address
  ip -4 address replace "$1" broadcast + dev "$interface" valid_lft "$3" preferred_lft "$3" || exit
  echo "$1" >"$own"
  [ -z "$2" ] || ip -4 route replace default via "$2" dev "$interface" protocol 16
  echo "netlab: $interface has $1 until it is renewed, gateway \${2:-none}, name servers \${4:-none}"
  file=/etc/netns/$NAMESPACE/resolv.conf
  [ -n "$4" ] && [ "$file" -ef /etc/resolv.conf ] || return 0
  text=$(sed '/^# learnt by DHCP$/,$d' "$file")
  { echo "$text"; echo '# learnt by DHCP'; printf 'nameserver %s\\n' $4; } >"$file"
}
hook "\${1:-$reason}"
END
chmod 755 "$NETLAB_FOLDER/hook"
export NAMESPACE="$3"
if command -v udhcpc >/dev/null; then exec udhcpc -f $([ -n "$4" ] || echo -R) -t 3 -T 1 -A 1 -i "$1" -x "hostname:$2" -s "$NETLAB_FOLDER/hook"; fi
if command -v dhclient >/dev/null; then
  echo "send host-name \\"$2\\"; initial-interval 1; backoff-cutoff 3; retry 3;" >"$NETLAB_FOLDER/conf"
  exec dhclient -d -4 -cf "$NETLAB_FOLDER/conf" -sf "$NETLAB_FOLDER/hook" -lf "$NETLAB_FOLDER/leases" -pf "$NETLAB_FOLDER/pid" -e NAMESPACE="$3" "$1"
fi
if command -v dhcpcd >/dev/null; then exec dhcpcd -B -4 $([ -z "$4" ] || echo -p) -h "$2" -c "$NETLAB_FOLDER/hook" "$1"; fi
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

// The systemd unit that applies a lab at boot and destroys it at shutdown: systemd.unit(5), systemd.service(5).

/** First line of a unit that netlab may replace and remove. */
export const UNIT_MARK = "# Made by `netlab enable`; `netlab disable` removes it.";

export const unitName = (lab: string): string => `netlab@${lab}.service`;

/** What brings interfaces, firewalls and Open vSwitch up: the lab comes after those of them that the machine has. */
const BEFORE = [
  ...["network-online.target", "NetworkManager.service", "systemd-networkd.service", "networking.service"],
  ...["openvswitch-switch.service", "openvswitch.service", "ovs-vswitchd.service"],
  ...["nftables.service", "ufw.service", "firewalld.service", "docker.service", "libvirtd.service"],
];

export interface Unit {
  lab: string;
  /** Absolute path of the topology file. */
  file: string;
  /** The words that start netlab, the first an absolute path. */
  netlab: string[];
}

/** Children that netlab leaves (a DHCP client, say) belong to the unit: it is stopped by `destroy`, then they end. */
export function unitText({ lab, file, netlab }: Unit): string {
  const line = (...words: string[]) => [...netlab, ...words].map(quoted).join(" ");
  return `${UNIT_MARK}
[Unit]
Description=netlab lab ${lab}
After=${BEFORE.join(" ")}
Wants=network-online.target
RequiresMountsFor=${quoted(file)}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${line("apply", "--yes", "--no-sandbox", file)}
ExecStop=${line("destroy", "--yes", "--no-sandbox", "--lab", lab)}
TimeoutStopSec=5min

[Install]
WantedBy=multi-user.target
`;
}

/** One word of a line: "QUOTING" and "SPECIFIERS" in systemd.syntax(7) and systemd.unit(5), `$` in systemd.service(5). */
function quoted(word: string): string {
  const escaped = word.replace(/["\\]/g, "\\$&").replace(/[\0-\x1f\x7f]/g, (one) => `\\x${hex(one)}`);
  return `"${escaped.replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}

const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, "0");

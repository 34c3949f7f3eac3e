// Services that would take over the lab's devices on the host.
import type { DoctorFacts } from "../../host/doctor/facts.js";
import { type Finding, topic } from "./finding.js";
import type { Needs } from "./needs.js";

const { ok, note } = topic("services");

/** A lab that is not known may have any device. */
const SOME = ["DEVICE"];

export function serviceFindings({ services }: DoctorFacts, needs?: Needs): Finding[] {
  const devices = needs ? needs.devices : SOME;
  // Inside namespaces they see nothing.
  if (needs && (needs.sandbox || devices.length === 0)) return [ok("devices", "the lab has none on the host")];
  const { running, udev } = services;
  const found = [
    ...(running.includes("NetworkManager") ? networkManager(services.unmanaged, devices) : []),
    ...(running.some((name) => name.startsWith("systemd-network")) ? networkd(services.networks, devices) : []),
    ...(running.includes("dhcpcd") ? [dhcpcd(devices)] : []),
    ...(running.includes("connmand") ? [connman(devices)] : []),
    ...udev.map((file) =>
      note("udev", `${file} renames network devices, or starts something for them`, `look at it: less ${file}`),
    ),
  ];
  return found.length > 0 ? found : [ok("devices", "nothing that runs here takes over new devices")];
}

function networkManager(unmanaged: string[], devices: string[]): Finding[] {
  const globs = unmanaged
    .flatMap((list) => list.split(/[;,]/))
    .map((one) => one.trim().replace(/^interface-name:=?/, ""));
  const taken = devices.filter((device) => !globs.some((glob) => matches(glob, device)));
  if (taken.length === 0) return [ok("NetworkManager", "runs, and leaves the lab's devices alone")];
  const list = taken.map((device) => `interface-name:${device}`).join(";");
  const file = "/etc/NetworkManager/conf.d/90-netlab.conf";
  const cure = `printf '[keyfile]\\nunmanaged-devices+=${list}\\n' | sudo tee ${file} && sudo systemctl reload NetworkManager`;
  return [note("NetworkManager", `runs, and may take over ${taken.join(", ")}`, cure)];
}

function networkd(networks: { file: string; names: string[] }[], devices: string[]): Finding[] {
  const taking = networks.filter(({ names }) => names.some((glob) => devices.some((device) => matches(glob, device))));
  if (taking.length === 0) return [ok("systemd-networkd", "runs, and has no configuration for such devices")];
  const cure = `printf '[Match]\\nName=${devices.join(" ")}\\n[Link]\\nUnmanaged=yes\\n' | sudo tee /etc/systemd/network/10-netlab.network && sudo networkctl reload`;
  return taking.map(({ file }) => note("systemd-networkd", `${file} is for such devices too`, cure));
}

const dhcpcd = (devices: string[]): Finding =>
  note(
    "dhcpcd",
    "runs, and asks for addresses on every new device",
    `echo 'denyinterfaces ${devices.join(" ")}' | sudo tee -a /etc/dhcpcd.conf && sudo systemctl restart dhcpcd`,
  );

const connman = (devices: string[]): Finding =>
  note(
    "connman",
    "runs, and may take over new devices",
    `add to NetworkInterfaceBlacklist in /etc/connman/main.conf: ${devices.join(",")}`,
  );

/** fnmatch(3), as far as names of devices use it: `*`, `?`, and a leading `!` for none of them. */
function matches(glob: string, device: string): boolean {
  if (glob.startsWith("!")) return false;
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`).test(device);
}

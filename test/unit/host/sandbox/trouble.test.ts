// What forbids a sandbox is named with the command that allows it: what was found, in the order in which it fits the words.
import { expect, test } from "vitest";
import { requireTun, type Signs, sandboxTrouble } from "../../../../src/host/sandbox/trouble.js";

const MAX = "user.max_user_namespaces";
const CLONE = "kernel.unprivileged_userns_clone";
const APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";
const OPEN = { [MAX]: "15000", "user.max_net_namespaces": "15000", [CLONE]: "1", [APPARMOR]: "0" };
const FULL = "unshare: unshare failed: No space left on device";
const REFUSED = "unshare: unshare failed: Operation not permitted";
const NO_MAP = "unshare: write failed /proc/self/uid_map: Operation not permitted";

function signs(
  settings: Record<string, string>,
  { user = true, seccomp = "0", kinds = "user net mnt pid" } = {},
): Signs {
  const files: Record<string, string> = {
    "/proc/self/status": `NoNewPrivs:\t0\nSeccomp:\t${seccomp}\nSeccomp_filters:\t1\n`,
  };
  for (const [key, value] of Object.entries({ ...OPEN, ...settings }))
    files[`/proc/sys/${key.replaceAll(".", "/")}`] = `${value}\n`;
  const namespaces = kinds.split(" ").map((kind) => `/proc/self/ns/${kind}`);
  return { user, read: (file) => files[file], exists: (file) => namespaces.includes(file) };
}

const told = (words: string, found: Signs) => {
  const { message, hint } = sandboxTrouble(words, found);
  return `${message}\n${hint}`;
};

test.each<[about: string, words: string, found: Signs, text: string]>([
  [
    "no user namespaces allowed",
    FULL,
    signs({ [MAX]: "0" }),
    `no sandbox can be made without root here: ${MAX} is 0
sudo sysctl -w ${MAX}=15000`,
  ],
  [
    "Debian's switch",
    REFUSED,
    signs({ [CLONE]: "0" }),
    `no sandbox can be made without root here: ${CLONE} is 0
sudo sysctl -w ${CLONE}=1`,
  ],
  [
    "Ubuntu's AppArmor",
    NO_MAP,
    signs({ [APPARMOR]: "1" }),
    `no sandbox can be made without root here: AppArmor forbids it (${APPARMOR} is 1)
sudo sysctl -w ${APPARMOR}=0`,
  ],
  [
    "AppArmor, in the holder",
    "mount: /proc: permission denied.",
    signs({ [APPARMOR]: "1" }),
    `no sandbox can be made without root here: AppArmor forbids it (${APPARMOR} is 1)
sudo sysctl -w ${APPARMOR}=0`,
  ],
  [
    "several, of which one fits",
    FULL,
    signs({ [MAX]: "0", [CLONE]: "0", [APPARMOR]: "1" }),
    `no sandbox can be made without root here: ${MAX} is 0
sudo sysctl -w ${MAX}=15000 ${CLONE}=1 ${APPARMOR}=0`,
  ],
  [
    "several, of which two fit",
    REFUSED,
    signs({ [MAX]: "0", [CLONE]: "0", [APPARMOR]: "1" }),
    `no sandbox can be made without root here: ${CLONE} is 0, and AppArmor forbids it (${APPARMOR} is 1)
sudo sysctl -w ${CLONE}=1 ${APPARMOR}=0 ${MAX}=15000`,
  ],
  [
    "unknown words",
    "unshare: failed",
    signs({ [CLONE]: "0" }),
    `no sandbox can be made without root here: ${CLONE} is 0
sudo sysctl -w ${CLONE}=1`,
  ],
  [
    "limits that are reached",
    FULL,
    signs({ [MAX]: "5" }),
    `no sandbox can be made without root here: there are too many namespaces, or they are nested too deeply (${MAX} is 5, user.max_net_namespaces is 15000)
netlab list shows your sandboxes; for more of them: sudo sysctl -w user.max_net_namespaces=… and the like`,
  ],
  [
    "a kernel without",
    "unshare: unshare failed: Invalid argument",
    signs({ [APPARMOR]: "1" }, { kinds: "net mnt pid" }),
    `no sandbox can be made without root here: this kernel has no user namespaces
take a kernel with CONFIG_USER_NS, or run as root`,
  ],
  [
    "a masked /proc",
    "mount: /proc: permission denied.",
    signs({}),
    `no sandbox can be made without root here: /proc cannot be mounted in it (mount: /proc: permission denied.)
a container hides parts of /proc: start it with --security-opt systempaths=unconfined, or as --privileged`,
  ],
  [
    "a filter",
    REFUSED,
    signs({}, { seccomp: "2" }),
    `no sandbox can be made without root here: a seccomp filter is on this process, and it seems to forbid it (${REFUSED})
in a container: --security-opt seccomp=unconfined; in a unit of systemd: RestrictNamespaces=no`,
  ],
  [
    "none of these",
    REFUSED,
    signs({}),
    `no sandbox can be made without root here: ${REFUSED}
the kernel's log may say more: dmesg; or run as root`,
  ],
  [
    "not a word",
    "",
    signs({}),
    `no sandbox can be made without root here: unshare ended without a word
the kernel's log may say more: dmesg; or run as root`,
  ],
])("an ordinary user: %s", (_, words, found, text) => expect(told(words, found)).toBe(text));

test.each<[about: string, words: string, found: Signs, text: string]>([
  [
    "settings for ordinary users",
    REFUSED,
    signs({ [MAX]: "0", [CLONE]: "0", [APPARMOR]: "1" }, { user: false }),
    `no sandbox can be made here: ${REFUSED}
the kernel's log may say more: dmesg`,
  ],
  [
    "no network namespaces allowed",
    FULL,
    signs({ "user.max_net_namespaces": "0", [MAX]: "0" }, { user: false }),
    `no sandbox can be made here: user.max_net_namespaces is 0
sysctl -w user.max_net_namespaces=15000`,
  ],
  [
    "limits that are reached",
    FULL,
    signs({ [MAX]: "0" }, { user: false }),
    `no sandbox can be made here: there are too many namespaces, or they are nested too deeply (user.max_net_namespaces is 15000)
netlab list shows your sandboxes; for more of them: sysctl -w user.max_net_namespaces=… and the like`,
  ],
  [
    "a kernel without",
    "unshare: unshare failed: Invalid argument",
    signs({}, { user: false, kinds: "mnt pid" }),
    `no sandbox can be made here: this kernel has no net namespaces
take a kernel with CONFIG_NET_NS`,
  ],
  [
    "a filter",
    REFUSED,
    signs({}, { user: false, seccomp: "2" }),
    `no sandbox can be made here: a seccomp filter is on this process, and it seems to forbid it (${REFUSED})
in a container: --security-opt seccomp=unconfined; in a unit of systemd: RestrictNamespaces=no`,
  ],
])("root: %s", (_, words, found, text) => expect(told(words, found)).toBe(text));

test("a device that is not there is a matter of its module, and sudo is not said to root", () => {
  const hint = (user: boolean) => {
    try {
      requireTun("Open vSwitch", "/dev/net/no-such-tun", user);
    } catch (error) {
      return (error as { hint?: string }).hint;
    }
    return undefined;
  };
  expect(hint(true)).toBe("sudo modprobe tun; in a container: --device /dev/net/no-such-tun");
  expect(hint(false)).toBe("modprobe tun; in a container: --device /dev/net/no-such-tun");
});

// What forbids a sandbox is named with the command that allows it.
import { expect, test } from "vitest";
import { requireTun, sandboxTrouble } from "../../../src/host/sandbox-trouble.js";

const withSetting = (file: string, value: string) => (asked: string) => (asked === file ? `${value}\n` : undefined);

test.each([
  ["/proc/sys/user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"],
  ["/proc/sys/kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"],
  [
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "1",
    "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
  ],
])("%s", (file, value, hint) => {
  const key = file.slice("/proc/sys/".length).replaceAll("/", ".");
  const trouble = sandboxTrouble("unshare: unshare failed", withSetting(file, value));
  expect(trouble.message).toContain(key);
  expect(trouble.hint).toBe(hint);
});

test("what no setting explains is told in the tool's words", () => {
  const words = "unshare: unshare failed: Operation not permitted";
  expect(sandboxTrouble(words, () => undefined).message).toContain(words);
  const masked = sandboxTrouble("mount: /proc: permission denied.", () => undefined);
  expect(masked.hint).toContain("systempaths=unconfined");
});

test("a device that is not there is a matter of its module", () => {
  expect(() => requireTun("Open vSwitch", "/dev/net/no-such-tun")).toThrow(
    expect.objectContaining({ hint: "sudo modprobe tun" }),
  );
});

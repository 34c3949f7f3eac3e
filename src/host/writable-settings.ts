// Whether anybody may change the kernel's settings here.
import { accessSync, constants } from "node:fs";
import { MachineError } from "./machine.js";

/** @throws MachineError where the settings of the kernel cannot be changed by anybody: a container's view of them */
export function requireWritableSettings(path = "/proc/sys/net/ipv4/ip_forward"): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EROFS") return; // Not root, which is said elsewhere.
    throw new MachineError("/proc/sys is read-only here, and the lab changes settings under it", {
      hint: "run netlab on the host, or in a container with --privileged",
      cause,
    });
  }
}
